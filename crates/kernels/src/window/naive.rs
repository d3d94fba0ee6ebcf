//! The references: loops over everything, in the order that defines the bits.

use super::Window;
use crate::activation;
use crate::gemm::Epilogue;

impl Window {
    /// Where a tap of an output meets the channel of the image, if it does.
    fn image_at(
        &self,
        [n, i, j]: [usize; 3],
        [ky, kx]: [usize; 2],
        channel: usize,
    ) -> Option<usize> {
        let (i, j) = (self.y.at(i, ky), self.x.at(j, kx));
        let pixel = || (n * self.y.size + i) * self.x.size + j;
        let inside = i < self.y.size && j < self.x.size;
        inside.then(|| pixel() * self.groups * self.inputs + channel)
    }

    fn output_at(&self, [n, i, j]: [usize; 3], channel: usize) -> usize {
        ((n * self.y.out + i) * self.x.out + j) * self.groups * self.outputs + channel
    }

    fn kernel_at(&self, [ky, kx]: [usize; 2], input: usize, output: usize) -> usize {
        ((ky * self.x.kernel + kx) * self.inputs + input) * self.groups * self.outputs + output
    }

    fn taps(&self) -> impl DoubleEndedIterator<Item = [usize; 2]> + Clone + use<> {
        let width = self.x.kernel;
        (0..self.y.kernel * width).map(move |tap| [tap / width, tap % width])
    }

    fn outs(&self) -> impl Iterator<Item = [usize; 3]> + Clone + use<> {
        let (height, width) = (self.y.out, self.x.out);
        (0..self.pixels()).map(move |p| [p / width / height, p / width % height, p % width])
    }
}

/// What [`super::convolve`] computes: sums from 0 over (ky, kx, input) in order; then the bias, then the activation.
pub fn naive(window: &Window, x: &[f32], kernel: &[f32], epilogue: &Epilogue, y: &mut [f32]) {
    let &Window { groups, inputs, outputs, .. } = window;
    for at in window.outs() {
        for output in 0..groups * outputs {
            let mut sum = 0.0;
            for tap in window.taps() {
                for input in 0..inputs {
                    let channel = output / outputs * inputs + input;
                    let x = window.image_at(at, tap, channel).map_or(0.0, |at| x[at]);
                    sum += x * kernel[window.kernel_at(tap, input, output)];
                }
            }
            y[window.output_at(at, output)] = sum + epilogue.bias.map_or(0.0, |bias| bias[output]);
        }
    }
    activation::forward_in_place(epilogue.activation, epilogue.params, y);
}

/// What [`super::image_gradient`] computes: sums from 0 over the taps from the last to the first, and over the outputs of each; taps
/// that meet the pixel between two outputs do not count, those that meet it before or behind all of them multiply zeros.
pub fn naive_image_gradient(window: &Window, dy: &[f32], kernel: &[f32], dx: &mut [f32]) {
    let &Window { batch, y, x, groups, inputs, outputs } = window;
    let out = |axis: super::Axis, pixel: usize, tap: usize| {
        let from = (pixel + axis.before) as isize - (tap * axis.dilation) as isize;
        (from % axis.stride as isize == 0).then_some((from / axis.stride as isize).cast_unsigned())
    };
    for pixel in 0..batch * y.size * x.size {
        let (n, i, j) = (pixel / x.size / y.size, pixel / x.size % y.size, pixel % x.size);
        for channel in 0..groups * inputs {
            let (group, input) = (channel / inputs, channel % inputs);
            let mut sum = 0.0;
            for tap in window.taps().rev() {
                let (Some(i), Some(j)) = (out(y, i, tap[0]), out(x, j, tap[1])) else { continue };
                for output in group * outputs..(group + 1) * outputs {
                    let inside = i < y.out && j < x.out;
                    let dy = if inside { dy[window.output_at([n, i, j], output)] } else { 0.0 };
                    sum += dy * kernel[window.kernel_at(tap, input, output)];
                }
            }
            dx[pixel * groups * inputs + channel] = sum;
        }
    }
}

/// What [`super::kernel_gradient`] computes: sums from 0 over the pixels of the outputs in order.
pub fn naive_kernel_gradient(window: &Window, x: &[f32], dy: &[f32], dkernel: &mut [f32]) {
    let &Window { groups, inputs, outputs, .. } = window;
    for tap in window.taps() {
        for input in 0..inputs {
            for output in 0..groups * outputs {
                let channel = output / outputs * inputs + input;
                let mut sum = 0.0;
                for at in window.outs() {
                    let x = window.image_at(at, tap, channel).map_or(0.0, |at| x[at]);
                    sum += x * dy[window.output_at(at, output)];
                }
                dkernel[window.kernel_at(tap, input, output)] = sum;
            }
        }
    }
}
