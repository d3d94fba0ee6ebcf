//! Convolutions and their gradients.

use ferrograd_kernels::gemm::Epilogue;
use ferrograd_kernels::window::{self, Axis, Window};

use super::Run;
use crate::op::{Convolve, ConvolveImageGradient, ConvolveKernelGradient};
use crate::share::Span;

/// The shape that the fields of an op say.
macro_rules! shape_of {
    ($op:expr) => {{
        let op = $op;
        Window {
            batch: op.batch().get(),
            y: Axis {
                size: op.height().get(),
                out: op.out_y().get(),
                kernel: op.kernel_y().get(),
                stride: op.stride_y().get(),
                dilation: op.dilation_y().get(),
                before: op.before_y().get(),
            },
            x: Axis {
                size: op.width().get(),
                out: op.out_x().get(),
                kernel: op.kernel_x().get(),
                stride: op.stride_x().get(),
                dilation: op.dilation_x().get(),
                before: op.before_x().get(),
            },
            groups: op.groups().get(),
            inputs: op.inputs().get(),
            outputs: op.outputs().get(),
        }
    }};
}

/// Cut by pixels of the output.
pub fn convolve(op: &Convolve, run: &mut Run) {
    let (shape, segments) = (shape_of!(op), &run.segments);
    let part = run.share.of(shape.pixels(), 4);
    let channels = shape.groups * shape.outputs;
    let epilogue = Epilogue {
        bias: op.has_bias().then(|| segments.view(op.bias(), Span::first(channels))),
        activation: op.activation(),
        params: [op.p0(), op.p1()],
    };
    let x = segments.view(op.x(), Span::first(shape.image()));
    let kernel = segments.view(op.kernel(), Span::first(shape.steps() * channels));
    let y = segments.view_mut(op.y(), part.of_rows(channels));
    window::convolve(&shape, part.start..part.end, x, kernel, &epilogue, y, run.scratch);
}

/// Cut by lines of the images.
pub fn image_gradient(op: &ConvolveImageGradient, run: &mut Run) {
    let (shape, segments) = (shape_of!(op), &run.segments);
    let part = run.share.of(shape.batch * shape.y.size, 1);
    let channels = shape.groups * shape.outputs;
    let dy = segments.view(op.dy(), Span::first(shape.pixels() * channels));
    let kernel = segments.view(op.kernel(), Span::first(shape.steps() * channels));
    let line = shape.x.size * shape.groups * shape.inputs;
    let dx = segments.view_mut(op.dx(), part.of_rows(line));
    window::image_gradient(&shape, part.start..part.end, dy, kernel, dx, run.scratch);
}

/// Cut by taps and channels of a group.
pub fn kernel_gradient(op: &ConvolveKernelGradient, run: &mut Run) {
    let (shape, segments) = (shape_of!(op), &run.segments);
    let part = run.share.of(shape.steps(), 4);
    let channels = shape.groups * shape.outputs;
    let x = segments.view(op.x(), Span::first(shape.image()));
    let dy = segments.view(op.dy(), Span::first(shape.pixels() * channels));
    let dkernel = segments.view_mut(op.dkernel(), part.of_rows(channels));
    window::kernel_gradient(&shape, part.start..part.end, x, dy, dkernel, run.scratch);
}
