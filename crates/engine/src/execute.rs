//! Runs one op of a verified program.
//!
//! An op's share is cut by shape only, so the bits never depend on the number of workers; reductions
//! have a partial and a combine phase, with a barrier between phases when there is more than one worker.

mod product;
pub mod update;

use alloc::vec::Vec;

use ferrograd_kernels::gemm;
use ferrograd_kernels::random::{self, Stream};
use ferrograd_kernels::reduce;
use ferrograd_kernels::{copy, index, loss, softmax};

use crate::chain;
use crate::field::{Dim, Operand};
use crate::memory::Segments;
use crate::op::{Op, Reduce, ScatterAdd, StridedCopy};
use crate::share::{Share, Span};
use crate::status::Fault;

/// What a worker owns: the kernels themselves have no statics and do not allocate.
#[derive(Default)]
pub struct Worker {
    pack: Vec<f32>,
    registers: Vec<f32>,
}

impl Worker {
    /// Has room for what an op needs; None when memory is out.
    pub fn prepare(&mut self, op: &Op) -> Option<()> {
        match op {
            Op::Matmul(op) => self.prepare_product([op.m, op.n, op.k]),
            Op::MatmulBackward(op) => self.prepare_product([op.m, op.n, op.k]),
            Op::Map(_) => grow(&mut self.registers, chain::MAX_REGISTERS * chain::BLOCK),
            _ => Some(()),
        }
    }

    fn prepare_product(&mut self, sizes: [Dim; 3]) -> Option<()> {
        grow(&mut self.pack, gemm::pack_words(sizes.map(Dim::get)))
    }
}

#[inline(never)]
fn grow(buffer: &mut Vec<f32>, len: usize) -> Option<()> {
    if buffer.len() < len {
        buffer.try_reserve_exact(len - buffer.len()).ok()?;
        buffer.resize(len, 0.0);
    }
    Some(())
}

/// Phases of an op; every worker finishes one before any starts the next.
pub fn phases(op: &Op) -> usize {
    match op {
        Op::Reduce(op) if op.partials() == Dim(0) => 1,
        Op::Reduce(_) | Op::MatmulBackward(_) => 2,
        _ => 1,
    }
}

/// Can the op stop a run, because of what it finds in the data?
pub fn can_fail(op: &Op) -> bool {
    matches!(
        op,
        Op::Guard(_)
            | Op::PrepareUpdate(_)
            | Op::CrossEntropyLabels(_)
            | Op::CrossEntropyLabelsBackward(_)
            | Op::Gather(_)
            | Op::ScatterAdd(_)
            | Op::OneHot(_)
    )
}

/// Runs this worker's share of one phase of an op.
pub fn run_op(
    op: &Op,
    phase: usize,
    share: Share,
    segments: &Segments,
    worker: &mut Worker,
) -> Result<(), Fault> {
    match op {
        Op::Matmul(op) => product::matmul(op, share, segments, worker),
        Op::MatmulBackward(op) => product::matmul_backward(op, phase, share, segments, worker),
        Op::Map(op) => {
            chain::run(op, share.elements(op.n), segments, worker.registers.as_chunks_mut().0)
        }
        Op::Reduce(op) => reduction(op, phase, share, segments),
        Op::StridedCopy(op) => strided_copy(op, share, segments),
        Op::Copy(op) => {
            let at = share.elements(op.n);
            segments.view_mut::<u32>(op.y, at).copy_from_slice(segments.view(op.x, at));
        }
        Op::Softmax(op) => {
            let (_, at, n) = share.rows(op.rows, op.n);
            softmax::softmax(n, segments.view(op.x, at), segments.view_mut(op.y, at));
        }
        Op::LogSoftmax(op) => {
            let (_, at, n) = share.rows(op.rows, op.n);
            softmax::log_softmax(n, segments.view(op.x, at), segments.view_mut(op.y, at));
        }
        Op::SoftmaxBackward(op) => {
            let (_, at, n) = share.rows(op.rows, op.n);
            let (y, dy) = (segments.view(op.y, at), segments.view(op.dy, at));
            softmax::softmax_backward(n, y, dy, segments.view_mut(op.dx, at));
        }
        Op::CrossEntropyLabels(op) => {
            let (rows, at, n) = share.rows(op.rows, op.n);
            let (logits, labels) = (segments.view(op.logits, at), segments.view(op.labels, rows));
            let (loss, probs) = (segments.view_mut(op.loss, rows), segments.view_mut(op.probs, at));
            let end = loss::cross_entropy_labels(n, logits, labels, loss, probs);
            end.map_err(|bad| shifted(bad, rows))?;
        }
        Op::CrossEntropyLabelsBackward(op) => {
            let (rows, at, n) = share.rows(op.rows, op.n);
            let (probs, labels) = (segments.view(op.probs, at), segments.view(op.labels, rows));
            let (dloss, dlogits) =
                (segments.view(op.dloss, rows), segments.view_mut(op.dlogits, at));
            let end = loss::cross_entropy_labels_backward(n, probs, labels, dloss, dlogits);
            end.map_err(|bad| shifted(bad, rows))?;
        }
        Op::CrossEntropyRows(op) => {
            let (rows, at, n) = share.rows(op.rows, op.n);
            let (logits, targets) = (segments.view(op.logits, at), segments.view(op.targets, at));
            let (loss, probs) = (segments.view_mut(op.loss, rows), segments.view_mut(op.probs, at));
            loss::cross_entropy_rows(n, logits, targets, loss, probs);
        }
        Op::CrossEntropyRowsBackward(op) => {
            let (rows, at, n) = share.rows(op.rows, op.n);
            let (probs, targets) = (segments.view(op.probs, at), segments.view(op.targets, at));
            let (dloss, dlogits) =
                (segments.view(op.dloss, rows), segments.view_mut(op.dlogits, at));
            loss::cross_entropy_rows_backward(n, probs, targets, dloss, dlogits);
        }
        Op::Gather(op) => {
            let (rows, at, width) = share.rows(op.count, op.width);
            let table = segments.view(op.table, Span::first(op.rows.get() * width));
            let (indices, y) = (segments.view(op.indices, rows), segments.view_mut(op.y, at));
            index::gather(width, table, indices, y).map_err(|bad| shifted(bad, rows))?;
        }
        Op::ScatterAdd(op) => scatter_add(op, share, segments)?,
        Op::OneHot(op) => {
            let (rows, at, depth) = share.rows(op.count, op.depth);
            let (indices, y) = (segments.view(op.indices, rows), segments.view_mut(op.y, at));
            index::one_hot(depth, indices, y).map_err(|bad| shifted(bad, rows))?;
        }
        Op::Argmax(op) => {
            let (rows, at, n) = share.rows(op.rows, op.n);
            index::argmax(n, segments.view(op.x, at), segments.view_mut(op.y, rows));
        }
        Op::IntToFloat(op) => {
            let at = share.elements(op.n);
            index::int_to_float(segments.view(op.x, at), segments.view_mut(op.y, at));
        }
        Op::FloatToInt(op) => {
            let at = share.elements(op.n);
            index::float_to_int(segments.view(op.x, at), segments.view_mut(op.y, at));
        }
        Op::Ignore(op) => {
            let at = share.elements(op.n);
            let (y, kept) = (segments.view_mut(op.y, at), segments.view_mut(op.kept, at));
            index::ignore(op.label as i32, segments.view(op.x, at), y, kept);
        }
        Op::Random(op) => {
            let at = share.elements(op.n);
            let stream = stream([op.seed_low, op.seed_high], op.stream, op.step, segments);
            let y = segments.view_mut(op.y, at);
            random::random(op.distribution, [op.p0, op.p1], &stream, at.start, y);
        }
        Op::Dropout(op) => {
            let at = share.elements(op.n);
            let stream = stream([op.seed_low, op.seed_high], op.stream, op.step, segments);
            let (x, y) = (segments.view(op.x, at), segments.view_mut(op.y, at));
            random::dropout(op.rate, &stream, at.start, x, y);
        }
        Op::Guard(op) => update::guard(op, share, segments)?,
        Op::PrepareUpdate(op) => update::prepare(op, share, segments)?,
        Op::Update(op) => update::update(op, share, segments),
        Op::Increment(op) => {
            for counter in &op.counters {
                for word in segments.view_mut::<u32>(counter.word, share.first(1)) {
                    *word = word.saturating_add(1);
                }
            }
        }
    }
    Ok(())
}

/// An index error counted from the first element of the op instead of the share.
fn shifted(mut bad: index::BadIndex, share: Span) -> Fault {
    bad.element += share.start;
    bad.into()
}

fn stream(seed: [u32; 2], stream: u32, step: Operand, segments: &Segments) -> Stream {
    Stream { seed, stream, step: segments.view::<u32>(step, Span::first(1))[0] }
}

/// In one phase by outer elements; in two, the first is cut into blocks.
fn reduction(op: &Reduce, phase: usize, share: Share, segments: &Segments) {
    let (n, inner, blocks) = (op.n.get(), op.inner.get(), op.partials().get());
    let all = op.outer.get();
    if blocks > 0 && phase == 0 {
        let own = share.of(all * blocks, 1);
        let x = segments.view(op.x, Span::first(all * n * inner));
        let partials = segments.view_mut(op.partials, own.of_rows(inner));
        return reduce::sum_blocks(n, inner, own.start..own.end, x, partials);
    }
    let outer = share.of(all, 1);
    let y = segments.view_mut(op.y, outer.of_rows(inner));
    if blocks == 0 {
        let x = segments.view(op.x, outer.of_rows(n * inner));
        reduce::reduce(op.reduction, n, inner, x, y);
    } else {
        let partials = segments.view(op.partials, outer.of_rows(blocks * inner));
        reduce::join_blocks(op.reduction, n, inner, partials, y);
    }
}

fn strided_copy(op: &StridedCopy, share: Share, segments: &Segments) {
    let at = share.elements(op.n);
    let mut dims = [(1, 0); 8];
    for (dim, spec) in dims.iter_mut().zip(&op.dims) {
        *dim = (spec.size.get(), spec.stride.get());
    }
    let x: &[u32] = segments.view(op.x, Span::first(op.len.get()));
    copy::strided_copy(&dims[..op.dims.len()], at.start, x, segments.view_mut(op.y, at));
}

/// Rows may repeat, so one worker adds them all, in order.
fn scatter_add(op: &ScatterAdd, share: Share, segments: &Segments) -> Result<(), Fault> {
    let (rows, width) = (share.first(op.rows.get()), op.width.get());
    let count = share.first(op.count.get());
    let (indices, dy) =
        (segments.view(op.indices, count), segments.view(op.dy, count.of_rows(width)));
    let dtable = segments.view_mut(op.dtable, rows.of_rows(width));
    Ok(index::scatter_add(width, indices, dy, dtable)?)
}
