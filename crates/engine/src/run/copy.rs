//! Words that are copied, whatever they mean.

use ferrograd_kernels::copy;

use super::Run;
use crate::op::{Concatenate, Copy, StridedCopy};
use crate::share::Span;

pub fn copy(op: &Copy, run: &mut Run) {
    let at = run.part;
    run.segments.view_mut::<u32>(op.y(), at).copy_from_slice(run.segments.view(op.x(), at));
}

pub fn strided_copy(op: &StridedCopy, run: &mut Run) {
    let at = run.part;
    let mut dims = [(1, 0); 8];
    for (dim, spec) in dims.iter_mut().zip(op.dims().iter()) {
        *dim = (spec.size().get(), spec.stride() as i32 as isize);
    }
    let dims = dims.get(..op.dims().len()).unwrap_or_default();
    let x: &[u32] = run.segments.view(op.x(), Span::first(op.len().get()));
    copy::strided_copy(op.start().get(), dims, at.start, x, run.segments.view_mut(op.y(), at));
}

/// The span of the strided positions fits the input, and the sizes multiply to the output.
pub fn is_valid(op: &StridedCopy) -> bool {
    if op.dims().len() > 8 {
        return false;
    }
    let mut size = 1u64;
    let (mut least, mut most) = (i64::from(op.start().0), i64::from(op.start().0));
    for dim in op.dims().iter() {
        size = size.saturating_mul(dim.size().0.into());
        let way = i64::from(dim.size().0.saturating_sub(1)) * i64::from(dim.stride() as i32);
        let end = if way < 0 { &mut least } else { &mut most };
        *end = end.saturating_add(way);
    }
    size == op.n().0.into() && (size == 0 || (least >= 0 && most < op.len().0.into()))
}

pub fn concatenate(op: &Concatenate, run: &mut Run) {
    let (rows, width) = (run.part, op.width().get());
    let y = run.segments.view_mut::<u32>(op.y(), rows.of_rows(width));
    let mut at = 0;
    for part in op.parts().iter() {
        let len = part.len().get();
        let own = if part.rows() == op.outer() { rows } else { Span::first(1) };
        let x = run.segments.view(part.x(), own.of_rows(len));
        copy::put_columns(width, at, len, x, y);
        at += len;
    }
}

/// The parts are as wide as the whole.
pub fn fills(op: &Concatenate) -> bool {
    let widths = op.parts().iter().map(|part| u64::from(part.len().0));
    widths.fold(0, u64::saturating_add) == op.width().0.into()
}
