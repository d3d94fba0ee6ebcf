//! Rows by number, and numbers as integers and floats.

use ferrograd_kernels::index;

use super::{Run, shifted};
use crate::op::{Argmax, FloatToInt, Gather, Ignore, IntToFloat, OneHot, PutRows, ScatterAdd};
use crate::share::Span;
use crate::status::Fault;

pub fn gather(op: &Gather, run: &mut Run) -> Result<(), Fault> {
    let (rows, width) = (run.part, op.width().get());
    let at = rows.of_rows(width);
    let table: &[u32] = run.segments.view(op.table(), Span::first(op.rows().get() * width));
    let (indices, y) = (run.segments.view(op.indices(), rows), run.segments.view_mut(op.y(), at));
    index::gather(width, table, indices, y).map_err(|bad| shifted(bad, rows))
}

/// Rows may repeat, so one worker adds them all, in order.
pub fn scatter_add(op: &ScatterAdd, run: &mut Run) -> Result<(), Fault> {
    let (rows, width) = (run.share.first(op.rows().get()), op.width().get());
    let count = run.share.first(op.count().get());
    let indices = run.segments.view(op.indices(), count);
    let dy = run.segments.view(op.dy(), count.of_rows(width));
    let dtable = run.segments.view_mut(op.dtable(), rows.of_rows(width));
    Ok(index::scatter_add(width, indices, dy, dtable)?)
}

/// Rows may repeat, so one worker puts them all.
pub fn put_rows(op: &PutRows, run: &mut Run) {
    let (rows, width) = (run.share.first(op.rows().get()), op.width().get());
    let count = run.share.first(op.count().get());
    let indices = run.segments.view(op.indices(), count);
    let values: &[u32] = run.segments.view(op.values(), count.of_rows(width));
    index::put_rows(width, indices, values, run.segments.view_mut(op.table(), rows.of_rows(width)));
}

pub fn one_hot(op: &OneHot, run: &mut Run) -> Result<(), Fault> {
    let (rows, depth) = (run.part, op.depth().get());
    let at = rows.of_rows(depth);
    let (indices, y) = (run.segments.view(op.indices(), rows), run.segments.view_mut(op.y(), at));
    index::one_hot(depth, indices, y).map_err(|bad| shifted(bad, rows))
}

pub fn argmax(op: &Argmax, run: &mut Run) {
    let (rows, n) = (run.part, op.n().get());
    let at = rows.of_rows(n);
    index::argmax(n, run.segments.view(op.x(), at), run.segments.view_mut(op.y(), rows));
}

pub fn int_to_float(op: &IntToFloat, run: &mut Run) {
    let at = run.part;
    index::int_to_float(run.segments.view(op.x(), at), run.segments.view_mut(op.y(), at));
}

pub fn float_to_int(op: &FloatToInt, run: &mut Run) {
    let at = run.part;
    index::float_to_int(run.segments.view(op.x(), at), run.segments.view_mut(op.y(), at));
}

pub fn ignore(op: &Ignore, run: &mut Run) {
    let at = run.part;
    let (y, kept) = (run.segments.view_mut(op.y(), at), run.segments.view_mut(op.kept(), at));
    index::ignore(op.label() as i32, run.segments.view(op.x(), at), y, kept);
}
