//! Matrix products and their gradients.

use ferrograd_kernels::activation::{self, Activation};
use ferrograd_kernels::gemm::{self, Epilogue, Gemm};
use ferrograd_kernels::reduce::{self, Reduction};

use super::Worker;
use crate::field::{Dim, Operand};
use crate::memory::Segments;
use crate::op::{Matmul, MatmulBackward};
use crate::share::{Share, Span};

/// One product is cut by rows, several by products.
pub fn matmul(op: &Matmul, share: Share, segments: &Segments, worker: &mut Worker) {
    let (m, n, k) = (op.m.get(), op.n.get(), op.k.get());
    let single = op.batch == Dim(1);
    let rows = if single { share.of(m, 4) } else { Span::first(m) };
    let items = if single { Span::first(1) } else { share.of(op.batch.get(), 1) };
    let shape = Gemm { m, n, k, trans_a: op.trans_a, trans_b: op.trans_b };
    let epilogue = Epilogue {
        bias: op.has_bias.then(|| segments.view(op.bias, Span::first(n))),
        activation: op.activation,
        params: [op.p0, op.p1],
    };
    for item in items.start..items.end {
        let at = |own, size| Span::first(size).after(if own == Dim(1) { 0 } else { item * size });
        let a = segments.view(op.a, at(op.batch_a, m * k));
        let b = segments.view(op.b, at(op.batch_b, k * n));
        let c = segments.view_mut(op.c, rows.after(item * m).of_rows(n));
        gemm::gemm(&shape, rows.start..rows.end, a, b, &epilogue, c, &mut worker.pack);
    }
}

/// This worker's rows of C = f(A·B + bias).
fn product(
    shape: &Gemm,
    [a, b, c]: [Operand; 3],
    epilogue: &Epilogue,
    share: Share,
    segments: &Segments,
    worker: &mut Worker,
) {
    let rows = share.of(shape.m, 4);
    let a = segments.view(a, Span::first(shape.m * shape.k));
    let b = segments.view(b, Span::first(shape.k * shape.n));
    let c = segments.view_mut(c, rows.of_rows(shape.n));
    gemm::gemm(shape, rows.start..rows.end, a, b, epilogue, c, &mut worker.pack);
}

/// First dz and its sums over blocks of rows, then what is made of them.
pub fn matmul_backward(
    op: &MatmulBackward,
    phase: usize,
    share: Share,
    segments: &Segments,
    worker: &mut Worker,
) {
    let (m, n, k, blocks) = (op.m.get(), op.n.get(), op.k.get(), op.m.blocks().get());
    if phase == 0 {
        let own = share.of(blocks, 1);
        (own.start..own.end).for_each(|block| outer_gradient(op, block, segments));
        return;
    }
    if op.want_bias {
        let columns = share.first(n);
        let partials = segments.view(op.partials, columns.of_rows(blocks));
        let dbias = segments.view_mut(op.dbias, columns);
        reduce::join_blocks(Reduction::Sum, m, columns.len(), partials, dbias);
    }
    let dz = if op.has_activation { op.dz } else { op.dy };
    let plain = Epilogue { bias: None, activation: Activation::NONE, params: [0.0; 2] };
    let mut run = |m, n, k, trans_a, trans_b, operands| {
        let shape = Gemm { m, n, k, trans_a, trans_b };
        product(&shape, operands, &plain, share, segments, worker);
    };
    if op.want_a && op.trans_a {
        run(k, m, n, op.trans_b, true, [op.b, dz, op.da]);
    } else if op.want_a {
        run(m, k, n, false, !op.trans_b, [dz, op.b, op.da]);
    }
    if op.want_b && op.trans_b {
        run(n, k, m, true, op.trans_a, [dz, op.a, op.db]);
    } else if op.want_b {
        run(k, n, m, !op.trans_a, false, [op.a, dz, op.db]);
    }
}

/// dz of a block of rows and its sum over them.
fn outer_gradient(op: &MatmulBackward, block: usize, segments: &Segments) {
    let (m, n) = (op.m.get(), op.n.get());
    let rows = Span::new(block * reduce::BLOCK, m.min((block + 1) * reduce::BLOCK));
    let at = rows.of_rows(n);
    let dy = segments.view(op.dy, at);
    let own = if op.want_bias { Span::new(block, block + 1) } else { Span::first(0) };
    let partial = segments.view_mut(op.partials, own.of_rows(n));
    if op.has_activation {
        let (y, dz) = (segments.view(op.y, at), segments.view_mut(op.dz, at));
        activation::backward_with_bias(op.activation, [op.p0, op.p1], n, y, dy, dz, partial);
    } else if op.want_bias {
        reduce::sum_blocks(rows.len(), n, 0..1, dy, partial);
    }
}
