//! Sums over windows of images: convolution, its gradient by the image and its gradient by the kernel.
//!
//! Images are (batch, height, width, channels), kernels (height, width, channels of a group, outputs of all groups). Output
//! (i, j) sums over the taps (ky, kx) of pixel (i·stride + ky·dilation − before, …); taps outside the image multiply zeros.
//! A sum is a row of a matrix product whose left operand is read from the image, tap by tap: none is made of it. Sums start
//! from 0, which no product of a zero changes, so that taps outside are left out where the kernel is finite and it pays.

mod depthwise;
mod depthwise_kernel;
mod gather;
mod kernel;
mod line;
mod naive;
mod pixels;
mod ring;
mod sums;

pub use kernel::kernel_gradient;
pub use naive::{naive, naive_image_gradient, naive_kernel_gradient};
pub use pixels::{convolve, image_gradient};

use core::ops::Range;

use crate::gemm::shape::Shape;

/// One of the two axes of an image.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Axis {
    /// Pixels of the image.
    pub size: usize,
    /// Those of the output.
    pub out: usize,
    /// Taps.
    pub kernel: usize,
    pub stride: usize,
    pub dilation: usize,
    /// Zeros before the first pixel.
    pub before: usize,
}

impl Axis {
    /// Those of some outputs, beside each other, for which a tap meets a pixel of the image.
    fn inside(&self, tap: usize, outs: Range<usize>) -> Range<usize> {
        // The first out that meets pixel p or one behind it: out · stride >= p + before − tap · dilation.
        let first = |pixel: usize| {
            let reached = (pixel + self.before).saturating_sub(tap * self.dilation);
            reached.div_ceil(self.stride).clamp(outs.start, outs.end)
        };
        first(0)..first(self.size)
    }

    /// Do all taps of all outputs meet pixels of the image?
    fn is_inside(&self) -> bool {
        self.before == 0 && self.at(self.out.wrapping_sub(1), self.kernel - 1) < self.size
    }

    /// The pixel that a tap of an output meets, which is none of the image from `size` on.
    fn at(&self, out: usize, tap: usize) -> usize {
        let padded = out.wrapping_mul(self.stride).wrapping_add(tap.wrapping_mul(self.dilation));
        padded.wrapping_sub(self.before)
    }
}

/// The shape of a convolution.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Window {
    pub batch: usize,
    pub y: Axis,
    pub x: Axis,
    pub groups: usize,
    /// Channels of a group, in and out.
    pub inputs: usize,
    pub outputs: usize,
}

impl Window {
    /// Elements of all images.
    pub fn image(&self) -> usize {
        self.batch * self.y.size * self.x.size * self.groups * self.inputs
    }

    /// Pixels of all outputs.
    pub fn pixels(&self) -> usize {
        self.batch * self.y.out * self.x.out
    }

    /// Taps of all channels of a group.
    pub fn steps(&self) -> usize {
        self.y.kernel * self.x.kernel * self.inputs
    }
}

/// Floats that a worker needs for any of the three, of these taps and channels of a group.
pub fn words([height, width, inputs, outputs]: [usize; 4]) -> usize {
    let taps = height.saturating_mul(width);
    let pixels = |n, run: usize| Shape { n, k: taps.saturating_mul(run), tall: true }.words();
    let kernel = Shape { n: outputs, k: usize::MAX, tall: false }.words();
    let zeros = width.saturating_mul(inputs.max(outputs));
    let channels = 4 * ring::ROOM;
    zeros.saturating_add(
        pixels(outputs, inputs).max(pixels(inputs, outputs)).max(kernel).max(channels),
    )
}
