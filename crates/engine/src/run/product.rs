//! Matrix products and their gradients.

use ferrograd_kernels::activation::{self, Activation};
use ferrograd_kernels::gemm::{self, Epilogue, Gemm};
use ferrograd_kernels::reduce::{self, Reduction};

use super::Run;
use crate::field::{Dim, Operand};
use crate::memory::Segments;
use crate::op::{Matmul, MatmulBackward};
use crate::share::Span;

/// One product is cut by rows, several by products.
pub fn matmul(op: &Matmul, run: &mut Run) {
    let (share, segments) = (run.share, &run.segments);
    let (m, n, k) = (op.m().get(), op.n().get(), op.k().get());
    let single = op.batch() == Dim(1);
    let rows = if single { share.of(m, 4) } else { Span::first(m) };
    let items = if single { Span::first(1) } else { share.of(op.batch().get(), 1) };
    let shape = Gemm { m, n, k, trans_a: op.trans_a(), trans_b: op.trans_b() };
    let epilogue = Epilogue {
        bias: op.has_bias().then(|| segments.view(op.bias(), Span::first(n))),
        activation: op.activation(),
        params: [op.p0(), op.p1()],
    };
    for item in items.start..items.end {
        let at = |own, size| Span::first(size).after(if own == Dim(1) { 0 } else { item * size });
        let a = segments.view(op.a(), at(op.batch_a(), m * k));
        let b = segments.view(op.b(), at(op.batch_b(), k * n));
        let c = segments.view_mut(op.c(), rows.after(item * m).of_rows(n));
        gemm::gemm(&shape, rows.start..rows.end, a, b, &epilogue, c, run.scratch);
    }
}

/// First dz and its sums over blocks of rows, then what is made of them.
pub fn matmul_backward(op: &MatmulBackward, run: &mut Run) {
    let (m, n, k) = (op.m().get(), op.n().get(), op.k().get());
    let blocks = reduce::blocks(m);
    if run.phase == 0 {
        let own = run.share.of(blocks, 1);
        (own.start..own.end).for_each(|block| outer_gradient(op, block, &run.segments));
        return;
    }
    if op.want_bias() {
        let columns = run.share.first(n);
        let partials = run.segments.view(op.partials(), columns.of_rows(blocks));
        let dbias = run.segments.view_mut(op.dbias(), columns);
        reduce::join_blocks(Reduction::Sum, m, columns.len(), partials, dbias);
    }
    let dz = if op.has_activation() { op.dz() } else { op.dy() };
    if op.want_a() {
        let (size, from) = ([m, k, n], [dz, op.b(), op.da()]);
        operand_gradient(size, op.trans_a(), op.trans_b(), op.trans_a(), from, run);
    }
    if op.want_b() {
        let (size, from) = ([k, n, m], [dz, op.a(), op.db()]);
        operand_gradient(size, op.trans_b(), op.trans_a(), !op.trans_b(), from, run);
    }
}

/// The gradient of A, dz·Bᵀ, or of B, Aᵀ·dz, from dz and the other of the two: (rows, columns) and the terms of
/// their sums, `stored` as (columns, rows); then the factors change places. `second`: dz is the second one.
#[inline(never)]
fn operand_gradient(
    [rows, columns, terms]: [usize; 3],
    stored: bool,
    other_stored: bool,
    second: bool,
    [dz, other, gradient]: [Operand; 3],
    run: &mut Run,
) {
    let (m, n) = if stored { (columns, rows) } else { (rows, columns) };
    let (a, trans_a, b, trans_b) = match (second, other_stored == stored) {
        (false, trans) => (dz, stored, other, trans),
        (true, trans) => (other, trans, dz, stored),
    };
    let shape = Gemm { m, n, k: terms, trans_a, trans_b };
    let plain = Epilogue { bias: None, activation: Activation::NONE, params: [0.0; 2] };
    let part = run.share.of(m, 4);
    let a = run.segments.view(a, Span::first(m * terms));
    let b = run.segments.view(b, Span::first(terms * n));
    let c = run.segments.view_mut(gradient, part.of_rows(n));
    gemm::gemm(&shape, part.start..part.end, a, b, &plain, c, run.scratch);
}

/// dz of a block of rows and its sum over them.
fn outer_gradient(op: &MatmulBackward, block: usize, segments: &Segments) {
    let (m, n) = (op.m().get(), op.n().get());
    let rows = Span::new(block * reduce::BLOCK, m.min((block + 1) * reduce::BLOCK));
    let at = rows.of_rows(n);
    let dy = segments.view(op.dy(), at);
    let own = if op.want_bias() { Span::new(block, block + 1) } else { Span::first(0) };
    let partial = segments.view_mut(op.partials(), own.of_rows(n));
    if op.has_activation() {
        let (y, dz) = (segments.view(op.y(), at), segments.view_mut(op.dz(), at));
        activation::backward_with_bias(op.activation(), [op.p0(), op.p1()], n, y, dy, dz, partial);
    } else if op.want_bias() {
        reduce::sum_blocks(rows.len(), n, 0..1, dy, partial);
    }
}
