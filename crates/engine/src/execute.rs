//! Runs one op of a verified program.
//!
//! An op's share is cut by shape only, so the bits never depend on the number of workers; reductions
//! have a partial and a combine phase, with a barrier between phases when there is more than one worker.

use std::ops::Range;

use ferrograd_kernels::gemm::{self, Epilogue, Gemm};
use ferrograd_kernels::optimizer::{self, Adam as AdamStep};
use ferrograd_kernels::random::{self, Stream};
use ferrograd_kernels::reduce::{self, Reduction};
use ferrograd_kernels::{activation, copy, index, loss, softmax};

use crate::chain;
use crate::field::Operand;
use crate::memory::Segments;
use crate::op::{DenseBackward, Guard, Map, Matmul, Op, Reduce};
use crate::status::Fault;

/// What a worker owns: the kernels themselves have no statics and do not allocate.
pub struct Worker {
    pack: Vec<f32>,
    registers: Vec<[f32; chain::BLOCK]>,
}

impl Default for Worker {
    fn default() -> Self {
        Self { pack: vec![0.0; gemm::PACK_WORDS], registers: chain::registers() }
    }
}

/// Phases of an op; every worker finishes one before any starts the next.
pub fn phases(op: &Op) -> usize {
    match op {
        Op::Reduce(_) | Op::DenseBackward(_) => 2,
        _ => 1,
    }
}

/// Which worker of how many.
#[derive(Clone, Copy)]
pub struct Share {
    pub worker: usize,
    pub workers: usize,
}

impl Share {
    /// The part of `total` that falls to this worker, in multiples of `unit`.
    fn of(self, total: usize, unit: usize) -> Range<usize> {
        let chunks = total.div_ceil(unit);
        let start = chunks * self.worker / self.workers * unit;
        let end = chunks * (self.worker + 1) / self.workers * unit;
        start.min(total)..end.min(total)
    }

    /// Everything for the first worker, nothing for the others.
    fn first(self, total: usize) -> Range<usize> {
        if self.worker == 0 { 0..total } else { 0..0 }
    }
}

/// Elements that are cut together: a multiple of every lane count.
const ELEMENTS: usize = 64;

/// Runs this worker's share of one phase of an op.
pub fn run_op(
    op: &Op,
    phase: usize,
    share: Share,
    segments: &Segments,
    worker: &mut Worker,
) -> Result<(), Fault> {
    match op {
        Op::Matmul(op) => matmul(op, share, segments, worker),
        Op::DenseBackward(op) => dense_backward(op, phase, share, segments),
        Op::Map(op) => map(op, share, segments, worker),
        Op::Reduce(op) => reduction(op, phase, share, segments),
        Op::StridedCopy(op) => {
            let at = share.of(op.n.get(), ELEMENTS);
            let mut dims = [(1, 0); 8];
            for (dim, spec) in dims.iter_mut().zip(&op.dims) {
                *dim = (spec.size.get(), spec.stride.get());
            }
            let x: &[u32] = segments.view(op.x, 0..op.len.get());
            copy::strided_copy(&dims[..op.dims.len()], at.start, x, segments.view_mut(op.y, at));
        }
        Op::Copy(op) => {
            let at = share.of(op.n.get(), ELEMENTS);
            segments.view_mut::<u32>(op.y, at.clone()).copy_from_slice(segments.view(op.x, at));
        }
        Op::Softmax(op) => {
            let at = scale(&share.of(op.rows.get(), 1), op.n.get());
            softmax::softmax(op.n.get(), segments.view(op.x, at.clone()), segments.view_mut(op.y, at));
        }
        Op::SoftmaxBackward(op) => {
            let at = scale(&share.of(op.rows.get(), 1), op.n.get());
            let (y, dy) = (segments.view(op.y, at.clone()), segments.view(op.dy, at.clone()));
            softmax::softmax_backward(op.n.get(), y, dy, segments.view_mut(op.dx, at));
        }
        Op::CrossEntropyLabels(op) => {
            let rows = share.of(op.rows.get(), 1);
            let at = scale(&rows, op.n.get());
            let (logits, labels) = (segments.view(op.logits, at.clone()), segments.view(op.labels, rows.clone()));
            let (loss, probs) = (segments.view_mut(op.loss, rows.clone()), segments.view_mut(op.probs, at));
            loss::cross_entropy_labels(op.n.get(), logits, labels, loss, probs)
                .map_err(|bad| shifted(bad, rows.start))?;
        }
        Op::CrossEntropyLabelsBackward(op) => {
            let rows = share.of(op.rows.get(), 1);
            let at = scale(&rows, op.n.get());
            let (probs, labels) = (segments.view(op.probs, at.clone()), segments.view(op.labels, rows.clone()));
            let (dloss, dlogits) = (segments.view(op.dloss, rows.clone()), segments.view_mut(op.dlogits, at));
            loss::cross_entropy_labels_backward(op.n.get(), probs, labels, dloss, dlogits)
                .map_err(|bad| shifted(bad, rows.start))?;
        }
        Op::CrossEntropyRows(op) => {
            let rows = share.of(op.rows.get(), 1);
            let at = scale(&rows, op.n.get());
            let (logits, targets) = (segments.view(op.logits, at.clone()), segments.view(op.targets, at.clone()));
            let (loss, probs) = (segments.view_mut(op.loss, rows), segments.view_mut(op.probs, at));
            loss::cross_entropy_rows(op.n.get(), logits, targets, loss, probs);
        }
        Op::CrossEntropyRowsBackward(op) => {
            let rows = share.of(op.rows.get(), 1);
            let at = scale(&rows, op.n.get());
            let (probs, targets) = (segments.view(op.probs, at.clone()), segments.view(op.targets, at.clone()));
            let (dloss, dlogits) = (segments.view(op.dloss, rows), segments.view_mut(op.dlogits, at));
            loss::cross_entropy_rows_backward(op.n.get(), probs, targets, dloss, dlogits);
        }
        Op::Gather(op) => {
            let rows = share.of(op.count.get(), 1);
            let table = segments.view(op.table, 0..op.rows.get() * op.width.get());
            let y = segments.view_mut(op.y, scale(&rows, op.width.get()));
            let indices = segments.view(op.indices, rows.clone());
            index::gather(op.width.get(), table, indices, y).map_err(|bad| shifted(bad, rows.start))?;
        }
        Op::ScatterAdd(op) => {
            // Rows may repeat, so one worker adds them all, in order.
            if share.worker == 0 {
                let indices = segments.view(op.indices, 0..op.count.get());
                let dy = segments.view(op.dy, 0..op.count.get() * op.width.get());
                let dtable = segments.view_mut(op.dtable, 0..op.rows.get() * op.width.get());
                index::scatter_add(op.width.get(), indices, dy, dtable)?;
            }
        }
        Op::OneHot(op) => {
            let rows = share.of(op.count.get(), 1);
            let y = segments.view_mut(op.y, scale(&rows, op.depth.get()));
            let indices = segments.view(op.indices, rows.clone());
            index::one_hot(op.depth.get(), indices, y).map_err(|bad| shifted(bad, rows.start))?;
        }
        Op::Argmax(op) => {
            let rows = share.of(op.rows.get(), 1);
            let x = segments.view(op.x, scale(&rows, op.n.get()));
            index::argmax(op.n.get(), x, segments.view_mut(op.y, rows));
        }
        Op::IntToFloat(op) => {
            let at = share.of(op.n.get(), ELEMENTS);
            let x: &[i32] = segments.view(op.x, at.clone());
            for (y, &x) in segments.view_mut::<f32>(op.y, at).iter_mut().zip(x) {
                *y = x as f32;
            }
        }
        Op::FloatToInt(op) => {
            let at = share.of(op.n.get(), ELEMENTS);
            let x: &[f32] = segments.view(op.x, at.clone());
            for (y, &x) in segments.view_mut::<i32>(op.y, at).iter_mut().zip(x) {
                *y = x as i32;
            }
        }
        Op::Random(op) => {
            let at = share.of(op.n.get(), ELEMENTS);
            let stream = stream([op.seed_low, op.seed_high], op.stream, op.step, segments);
            let y = segments.view_mut(op.y, at.clone());
            random::random(op.distribution, [op.p0, op.p1], &stream, at.start, y);
        }
        Op::Dropout(op) => {
            let at = share.of(op.n.get(), ELEMENTS);
            let stream = stream([op.seed_low, op.seed_high], op.stream, op.step, segments);
            let (x, y) = (segments.view(op.x, at.clone()), segments.view_mut(op.y, at.clone()));
            random::dropout(op.rate, &stream, at.start, x, y);
        }
        Op::Guard(op) => guard(op, share, segments)?,
        Op::Sgd(op) => {
            let rate = segments.view::<f64>(op.hyper, 0..1)[0];
            for range in &op.ranges {
                let at = share.of(range.len.get(), ELEMENTS);
                optimizer::sgd(rate, segments.view_mut(range.w, at.clone()), segments.view(range.g, at));
            }
        }
        Op::Momentum(op) => {
            let hyper: &[f64] = segments.view(op.hyper, 0..2);
            for range in &op.ranges {
                let at = share.of(range.len.get(), ELEMENTS);
                let (w, v) = (segments.view_mut(range.w, at.clone()), segments.view_mut(range.v, at.clone()));
                optimizer::momentum(hyper[0], hyper[1], op.nesterov, w, v, segments.view(range.g, at));
            }
        }
        Op::Adam(op) => {
            let hyper: &[f64] = segments.view(op.hyper, 0..4);
            let done = segments.view::<u32>(op.step, 0..1)[0];
            let step = AdamStep {
                lr: hyper[0],
                beta1: hyper[1],
                beta2: hyper[2],
                epsilon: hyper[3],
                step: done.saturating_add(1),
            };
            for range in &op.ranges {
                let at = share.of(range.len.get(), ELEMENTS);
                let (w, g) = (segments.view_mut(range.w, at.clone()), segments.view(range.g, at.clone()));
                let (m, v) = (segments.view_mut(range.m, at.clone()), segments.view_mut(range.v, at));
                optimizer::adam(&step, w, m, v, g);
            }
        }
        Op::Increment(op) => {
            for word in segments.view_mut::<u32>(op.word, share.first(1)) {
                *word = word.wrapping_add(1);
            }
        }
    }
    Ok(())
}

/// Rows as elements.
fn scale(rows: &Range<usize>, n: usize) -> Range<usize> {
    rows.start * n..rows.end * n
}

/// An index error counted from the first element of the op instead of the share.
fn shifted(mut bad: loss::BadIndex, start: usize) -> Fault {
    bad.element += start;
    bad.into()
}

fn stream(seed: [u32; 2], stream: u32, step: Operand, segments: &Segments) -> Stream {
    Stream { seed, stream, step: segments.view::<u32>(step, 0..1)[0] }
}

fn matmul(op: &Matmul, share: Share, segments: &Segments, worker: &mut Worker) {
    let (m, n, k) = (op.m.get(), op.n.get(), op.k.get());
    let rows = share.of(m, 4);
    let shape = Gemm { m, n, k, trans_a: op.trans_a, trans_b: op.trans_b };
    let epilogue = Epilogue {
        bias: op.has_bias.then(|| segments.view(op.bias, 0..n)),
        activation: op.activation,
        params: [op.p0, op.p1],
    };
    let (a, b) = (segments.view(op.a, 0..m * k), segments.view(op.b, 0..k * n));
    let c = segments.view_mut(op.c, scale(&rows, n));
    gemm::gemm(&shape, rows, a, b, &epilogue, c, &mut worker.pack);
}

fn dense_backward(op: &DenseBackward, phase: usize, share: Share, segments: &Segments) {
    let (rows, n, blocks) = (op.rows.get(), op.n.get(), op.rows.blocks().get());
    if phase == 1 {
        let columns = if share.worker == 0 { n } else { 0 };
        let partials = segments.view(op.partials, 0..blocks * columns);
        let db = segments.view_mut(op.db, 0..columns);
        reduce::reduce_combine(Reduction::Sum, blocks, columns, partials, db);
        return;
    }
    for block in share.of(blocks, 1) {
        let at = scale(&(block * reduce::BLOCK..rows.min((block + 1) * reduce::BLOCK)), n);
        let (xy, dy) = (segments.view(op.xy, at.clone()), segments.view(op.dy, at.clone()));
        let partial = segments.view_mut(op.partials, block * n..(block + 1) * n);
        let dz = segments.view_mut(op.dz, at);
        activation::backward_with_bias(op.activation, [op.p0, op.p1], n, xy, dy, dz, partial);
    }
}

fn map(op: &Map, share: Share, segments: &Segments, worker: &mut Worker) {
    chain::run(op, share.of(op.n.get(), ELEMENTS), segments, &mut worker.registers);
}

fn reduction(op: &Reduce, phase: usize, share: Share, segments: &Segments) {
    let (n, inner, blocks) = (op.n.get(), op.inner.get(), op.n.blocks().get());
    let outer = share.of(op.outer.get(), 1);
    let at = scale(&outer, blocks * inner);
    if phase == 1 {
        let y = segments.view_mut(op.y, scale(&outer, inner));
        reduce::reduce_combine(op.reduction, blocks, inner, segments.view(op.partials, at), y);
        return;
    }
    let x = segments.view(op.x, 0..op.outer.get() * n * inner);
    reduce::reduce_partial(op.reduction, n, inner, outer, x, segments.view_mut(op.partials, at));
}

fn guard(op: &Guard, share: Share, segments: &Segments) -> Result<(), Fault> {
    if share.worker != 0 {
        return Ok(());
    }
    let mut squares = 0.0;
    for (operand, range) in op.ranges.iter().enumerate() {
        let x: &[f32] = segments.view(range.x, 0..range.len.get());
        let sum = reduce::sum_of_squares(x);
        // A sum of f32 squares in f64 overflows only if a value is not finite.
        if !sum.is_finite() {
            let element = reduce::first_non_finite(x).unwrap_or(0);
            return Err(Fault::NonFinite { operand, element, value: x[element] });
        }
        squares += sum;
    }
    segments.view_mut::<f32>(op.norm, 0..1)[0] = squares.sqrt() as f32;
    Ok(())
}
