//! Means and variances, and the sums that their gradients are made of.

use ferrograd_kernels::moments;

use super::Run;
use crate::op::{Moments, MomentsBackward};

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
