//! What goes along an axis: scans, sorting, elements by number.

use ferrograd_kernels::index::BadIndex;
use ferrograd_kernels::sorting::{self, Order};
use ferrograd_kernels::{along, integers};

use super::{Run, shifted};
use crate::op::{Argsort, Integers, PutAlong, ReduceIntegers, Scan, TakeAlong};
use crate::share::Span;
use crate::status::Fault;

pub fn scan(op: &Scan, run: &mut Run) {
    let (n, inner) = (op.n().get(), op.inner().get());
    let at = run.part.of_rows(n * inner);
    let read = |is, operand| run.segments.view(operand, if is { at } else { Span::first(0) });
    let (factors, terms) = (read(op.has_factors(), op.factors()), read(op.has_terms(), op.terms()));
    let way = along::Scan { n, inner, reverse: op.reverse(), start: op.start() };
    along::scan(way, factors, terms, run.segments.view_mut(op.y(), at));
}

pub fn take(op: &TakeAlong, run: &mut Run) -> Result<(), Fault> {
    let (outer, inner) = (run.part, op.inner().get());
    let (n, count) = (op.n().get(), op.count().get());
    let x = run.segments.view(op.x(), outer.of_rows(n * inner));
    let at = outer.of_rows(count * inner);
    let (indices, y) = (run.segments.view(op.indices(), at), run.segments.view_mut(op.y(), at));
    along::take([n, count, inner], x, indices, y).map_err(|bad| shifted(bad, at))
}

pub fn put(op: &PutAlong, run: &mut Run) -> Result<(), Fault> {
    let (outer, inner) = (run.part, op.inner().get());
    let (n, count) = (op.n().get(), op.count().get());
    let (whole, at) = (outer.of_rows(n * inner), outer.of_rows(count * inner));
    let segments = &run.segments;
    let (sizes, indices) = ([n, count, inner], segments.view(op.indices(), at));
    let end: Result<(), BadIndex> = if op.adds() {
        let (x, values) = (segments.view(op.x(), whole), segments.view(op.values(), at));
        along::add(sizes, x, indices, values, segments.view_mut(op.y(), whole))
    } else {
        let (x, values) = (segments.view(op.x(), whole), segments.view(op.values(), at));
        along::put(sizes, x, indices, values, segments.view_mut(op.y(), whole))
    };
    end.map_err(|bad| shifted(bad, at))
}

pub fn argsort(op: &Argsort, run: &mut Run) {
    let n = op.n().get();
    let at = run.part.of_rows(n);
    let order = Order { descending: op.descending(), integers: op.integers() };
    let (spare, y) = (run.segments.view_mut(op.spare(), at), run.segments.view_mut(op.y(), at));
    sorting::argsort(order, n, run.segments.view(op.x(), at), spare, y);
}

pub fn integers(op: &Integers, run: &mut Run) {
    let at = run.part;
    let (a, b) = (run.segments.view(op.a(), at), run.segments.view(op.b(), at));
    integers::integers(op.integer(), a, b, run.segments.view_mut(op.y(), at));
}

pub fn reduce_integers(op: &ReduceIntegers, run: &mut Run) {
    let (n, inner) = (op.n().get(), op.inner().get());
    let x = run.segments.view(op.x(), run.part.of_rows(n * inner));
    let y = run.segments.view_mut(op.y(), run.part.of_rows(inner));
    integers::reduce_integers(op.integer(), [n, inner], x, y);
}
