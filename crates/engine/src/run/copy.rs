//! Words that are copied, whatever they mean.

use ferrograd_kernels::copy;

use super::Run;
use crate::op::{Copy, StridedCopy};
use crate::share::Span;

pub fn copy(op: &Copy, run: &mut Run) {
    let at = run.part;
    run.segments.view_mut::<u32>(op.y(), at).copy_from_slice(run.segments.view(op.x(), at));
}

pub fn strided_copy(op: &StridedCopy, run: &mut Run) {
    let at = run.part;
    let mut dims = [(1, 0); 8];
    for (dim, spec) in dims.iter_mut().zip(op.dims().iter()) {
        *dim = (spec.size().get(), spec.stride().get());
    }
    let dims = dims.get(..op.dims().len()).unwrap_or_default();
    let x: &[u32] = run.segments.view(op.x(), Span::first(op.len().get()));
    copy::strided_copy(dims, at.start, x, run.segments.view_mut(op.y(), at));
}

/// The span of the strided positions fits the input, and the sizes multiply to the output.
pub fn is_valid(op: &StridedCopy) -> bool {
    if op.dims().len() > 8 {
        return false;
    }
    let (mut size, mut last) = (1u64, 0u64);
    for dim in op.dims().iter() {
        size = size.saturating_mul(dim.size().0.into());
        let steps = u64::from(dim.size().0.saturating_sub(1));
        last = last.saturating_add(steps * u64::from(dim.stride().0));
    }
    if size != op.n().0.into() || (op.n().0 > 0 && last >= u64::from(op.len().0)) {
        return false;
    }
    true
}
