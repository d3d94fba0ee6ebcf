//! Means and variances, the sums that their gradients are made of, and what is normalized by them.

use ferrograd_kernels::moments;

use super::Run;
use crate::op::{Moments, MomentsBackward, Normalize, NormalizeBackward, NormalizeColumns};
use crate::share::Span;

pub fn moments(op: &Moments, run: &mut Run) {
    let (n, inner, segments) = (op.n().get(), op.inner().get(), &run.segments);
    let (x, at) = (segments.view(op.x(), run.part.of_rows(n * inner)), run.part.of_rows(inner));
    let (mean, variance) = (segments.view_mut(op.mean(), at), segments.view_mut(op.variance(), at));
    moments::moments(n, inner, x, mean, variance);
}

pub fn moments_backward(op: &MomentsBackward, run: &mut Run) {
    let (n, inner, segments) = (op.n().get(), op.inner().get(), &run.segments);
    let (whole, at) = (run.part.of_rows(n * inner), run.part.of_rows(inner));
    let (x, dy) = (segments.view(op.x(), whole), segments.view(op.dy(), whole));
    let mean = segments.view(op.mean(), at);
    let (sum, product) = (segments.view_mut(op.sum(), at), segments.view_mut(op.product(), at));
    moments::moments_backward([n, inner], [x, dy, mean], sum, product);
}

pub fn normalize(op: &Normalize, run: &mut Run) {
    let (width, rows, segments) = (4 * op.fours().get(), run.part, &run.segments);
    let (whole, all) = (rows.of_rows(width), Span::first(width));
    let given = [
        segments.view(op.x(), whole),
        segments.view(op.mean(), rows),
        segments.view(op.scale(), rows),
        segments.view(op.gamma(), all),
        segments.view(op.beta(), all),
    ];
    moments::normalize(width, given, segments.view_mut(op.y(), whole));
}

pub fn normalize_backward(op: &NormalizeBackward, run: &mut Run) {
    let (width, rows, segments) = (4 * op.fours().get(), run.part, &run.segments);
    let (whole, gamma) = (rows.of_rows(width), segments.view(op.gamma(), Span::first(width)));
    let given = [segments.view(op.x(), whole), segments.view(op.dy(), whole), gamma];
    let numbers = [op.mean(), op.shift(), op.slope(), op.factor()];
    let numbers = numbers.map(|of| segments.view(of, rows));
    moments::normalize_backward(width, given, numbers, segments.view_mut(op.dx(), whole));
}

pub fn normalize_columns(op: &NormalizeColumns, run: &mut Run) {
    let (width, segments) = (8 * op.eights().get(), &run.segments);
    let (whole, all) = (run.part.of_rows(width), Span::first(width));
    let numbers = [op.mean(), op.scale(), op.beta()].map(|of| segments.view(of, all));
    let (x, y) = (segments.view(op.x(), whole), segments.view_mut(op.y(), whole));
    moments::normalize_columns(width, x, numbers, y);
}
