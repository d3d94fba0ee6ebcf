//! Pooling.

use ferrograd_kernels::pool::{self, Axis, Pool};

use super::Run;
use crate::field::Dim;
use crate::op::{AveragePool, AveragePoolBackward, MaxPool, MaxPoolBackward};
use crate::share::Span;

/// The fields that all of these ops have.
pub trait Windows {
    fn batch(&self) -> usize;
    /// Of the rows, then of the columns: size, windows, their size and stride, pads before and all of them.
    fn axes(&self) -> [[Dim; 6]; 2];
    fn channels(&self) -> usize;
}

macro_rules! windows {
    ($($Op:ident)*) => {$(
        impl Windows for $Op<'_> {
            fn batch(&self) -> usize {
                $Op::batch(self).get()
            }
            fn axes(&self) -> [[Dim; 6]; 2] {
                let rows = [self.height(), self.out_height(), self.kernel_height(), self.stride_height()];
                let columns = [self.width(), self.out_width(), self.kernel_width(), self.stride_width()];
                let with = |[a, b, c, d]: [Dim; 4], before, all| [a, b, c, d, before, all];
                [
                    with(rows, self.top(), self.pads_height()),
                    with(columns, self.left(), self.pads_width()),
                ]
            }
            fn channels(&self) -> usize {
                $Op::channels(self).get()
            }
        }
    )*};
}

windows!(MaxPool MaxPoolBackward AveragePool AveragePoolBackward);

/// Windows end before positions wrap, and no more pads lie before than there are.
pub fn is_valid(op: &impl Windows) -> bool {
    op.axes().iter().all(|&[size, _, _, _, before, pads]| {
        u64::from(size.0) + u64::from(pads.0) < 1 << 31 && before.0 <= pads.0
    })
}

/// The windows; then how many elements x and y have, and those of a row of each.
fn pool(op: &impl Windows) -> (Pool, [Span; 2], [usize; 2]) {
    let [rows, columns] = op.axes().map(|axis| {
        let [size, out, kernel, stride, before, _] = axis.map(Dim::get);
        Axis { size, out, kernel, stride, before }
    });
    let channels = op.channels();
    let widths = [columns.size * channels, columns.out * channels];
    let all = [rows.size * widths[0], rows.out * widths[1]];
    (Pool { rows, columns, channels }, all.map(|image| Span::first(op.batch() * image)), widths)
}

pub fn max_pool(op: &MaxPool, run: &mut Run) {
    let (pool, [x, _], [_, width]) = pool(op);
    let own = run.part.of_rows(width);
    let (y, at) = (run.segments.view_mut(op.y(), own), run.segments.view_mut(op.at(), own));
    pool::max_pool(pool, run.part.start..run.part.end, run.segments.view(op.x(), x), y, at);
}

pub fn max_pool_backward(op: &MaxPoolBackward, run: &mut Run) {
    let (pool, [_, y], [width, _]) = pool(op);
    let dx = run.segments.view_mut(op.dx(), run.part.of_rows(width));
    let (dy, at) = (run.segments.view(op.dy(), y), run.segments.view(op.at(), y));
    pool::max_pool_backward(pool, run.part.start..run.part.end, dy, at, dx);
}

pub fn average_pool(op: &AveragePool, run: &mut Run) {
    let (pool, [x, _], [_, width]) = pool(op);
    let y = run.segments.view_mut(op.y(), run.part.of_rows(width));
    let (x, rows) = (run.segments.view(op.x(), x), run.part.start..run.part.end);
    pool::average_pool(pool, op.counts_pads(), rows, x, y);
}

pub fn average_pool_backward(op: &AveragePoolBackward, run: &mut Run) {
    let (pool, [_, y], [width, _]) = pool(op);
    let dx = run.segments.view_mut(op.dx(), run.part.of_rows(width));
    let (dy, rows) = (run.segments.view(op.dy(), y), run.part.start..run.part.end);
    pool::average_pool_backward(pool, op.counts_pads(), rows, dy, dx);
}
