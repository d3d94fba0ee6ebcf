//! Reductions, and what is done to each row: softmax and cross-entropies.

use ferrograd_kernels::{loss, reduce, softmax};

use super::{Run, shifted};
use crate::op::{
    CrossEntropyLabels, CrossEntropyLabelsBackward, CrossEntropyRows, CrossEntropyRowsBackward,
    LogSoftmax, Reduce, Softmax, SoftmaxBackward,
};
use crate::share::Span;
use crate::status::Fault;

/// In one phase by outer elements; in two, the first is cut into blocks.
pub fn reduce(op: &Reduce, run: &mut Run) {
    let segments = &run.segments;
    let (n, inner, all) = (op.n().get(), op.inner().get(), op.outer().get());
    let blocks = op.reduction().partials(n);
    if blocks > 0 && run.phase == 0 {
        let own = run.share.of(all * blocks, 1);
        let x = segments.view(op.x(), Span::first(all * n * inner));
        let partials = segments.view_mut(op.partials(), own.of_rows(inner));
        return reduce::sum_blocks(n, inner, own.start..own.end, x, partials);
    }
    let outer = run.share.of(all, 1);
    let y = segments.view_mut(op.y(), outer.of_rows(inner));
    if blocks == 0 {
        let x = segments.view(op.x(), outer.of_rows(n * inner));
        reduce::reduce(op.reduction(), n, inner, x, y);
    } else {
        let partials = segments.view(op.partials(), outer.of_rows(blocks * inner));
        reduce::join_blocks(op.reduction(), n, inner, partials, y);
    }
}

pub fn softmax(op: &Softmax, run: &mut Run) {
    let n = op.n().get();
    let at = run.part.of_rows(n);
    softmax::softmax(n, run.segments.view(op.x(), at), run.segments.view_mut(op.y(), at));
}

pub fn log_softmax(op: &LogSoftmax, run: &mut Run) {
    let n = op.n().get();
    let at = run.part.of_rows(n);
    softmax::log_softmax(n, run.segments.view(op.x(), at), run.segments.view_mut(op.y(), at));
}

pub fn softmax_backward(op: &SoftmaxBackward, run: &mut Run) {
    let n = op.n().get();
    let at = run.part.of_rows(n);
    let (y, dy) = (run.segments.view(op.y(), at), run.segments.view(op.dy(), at));
    softmax::softmax_backward(n, y, dy, run.segments.view_mut(op.dx(), at));
}

pub fn cross_entropy_labels(op: &CrossEntropyLabels, run: &mut Run) -> Result<(), Fault> {
    let segments = &run.segments;
    let (rows, n) = (run.part, op.n().get());
    let at = rows.of_rows(n);
    let (logits, labels) = (segments.view(op.logits(), at), segments.view(op.labels(), rows));
    let (loss, probs) = (segments.view_mut(op.loss(), rows), segments.view_mut(op.probs(), at));
    let end = loss::cross_entropy_labels(n, logits, labels, loss, probs);
    end.map_err(|bad| shifted(bad, rows))
}

pub fn cross_entropy_labels_backward(
    op: &CrossEntropyLabelsBackward,
    run: &mut Run,
) -> Result<(), Fault> {
    let segments = &run.segments;
    let (rows, n) = (run.part, op.n().get());
    let at = rows.of_rows(n);
    let (probs, labels) = (segments.view(op.probs(), at), segments.view(op.labels(), rows));
    let (dloss, dlogits) = (segments.view(op.dloss(), rows), segments.view_mut(op.dlogits(), at));
    let end = loss::cross_entropy_labels_backward(n, probs, labels, dloss, dlogits);
    end.map_err(|bad| shifted(bad, rows))
}

pub fn cross_entropy_rows(op: &CrossEntropyRows, run: &mut Run) {
    let segments = &run.segments;
    let (rows, n) = (run.part, op.n().get());
    let at = rows.of_rows(n);
    let (logits, targets) = (segments.view(op.logits(), at), segments.view(op.targets(), at));
    let (loss, probs) = (segments.view_mut(op.loss(), rows), segments.view_mut(op.probs(), at));
    loss::cross_entropy_rows(n, logits, targets, loss, probs);
}

pub fn cross_entropy_rows_backward(op: &CrossEntropyRowsBackward, run: &mut Run) {
    let segments = &run.segments;
    let (rows, n) = (run.part, op.n().get());
    let at = rows.of_rows(n);
    let (probs, targets) = (segments.view(op.probs(), at), segments.view(op.targets(), at));
    let (dloss, dlogits) = (segments.view(op.dloss(), rows), segments.view_mut(op.dlogits(), at));
    loss::cross_entropy_rows_backward(n, probs, targets, dloss, dlogits);
}
