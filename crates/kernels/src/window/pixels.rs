//! What has a row of the product for each pixel: the convolution and its gradient by the image.

use core::ops::Range;

use super::gather::Gather;
use super::line::{Taps, class_of, outputs_of};
use super::{Window, depthwise};
use crate::gemm::Epilogue;
use crate::gemm::micro::{NR, Spread, UNROLL};
use crate::gemm::pack::{Operand, pack_vectors};
use crate::gemm::strips::{Right, Shape, product};

/// y = f(convolution of x + bias) for some of its pixels; x: the images, kernel: the kernel, y: (pixels.len(), channels),
/// pack: ([`super::words`])
pub fn convolve(
    window: &Window,
    pixels: Range<usize>,
    x: &[f32],
    kernel: &[f32],
    epilogue: &Epilogue,
    y: &mut [f32],
    pack: &mut [f32],
) {
    if depthwise::fits(window) {
        return depthwise::convolve(window, pixels, x, kernel, epilogue, y);
    }
    let &Window { groups, inputs, outputs, .. } = window;
    let (width, k) = (groups * outputs, window.steps());
    let (zeros, pack) = zeros(window.x.kernel * inputs, pack);
    for group in 0..groups {
        let columns = group * outputs..(group + 1) * outputs;
        let left = Gather {
            source: x,
            zeros,
            y: outputs_of(&window.y),
            x: outputs_of(&window.x),
            channels: groups * inputs,
            first: group * inputs,
            run: inputs,
            pitch: width,
            origin: pixels.start * width,
        };
        let bias = epilogue.bias.map(|bias| &bias[columns.clone()]);
        let right = Operand { x: kernel, width, k, k_contiguous: false, span: columns.clone() };
        let epilogue = Epilogue { bias, ..*epilogue };
        let y = y.get_mut(columns.start..).unwrap_or_default();
        let shape = Shape { n: outputs, k, tall: true };
        product(shape, pixels.clone(), &left, &right, &epilogue, y, pack);
    }
}

/// The gradient by the image for some of its lines (batch · height): sums over taps from the last to the first, and over the
/// outputs of each. Where the stride is s an axis has s classes of pixels, which meet taps of their own.
/// dy: the outputs, dx: (lines.len(), width, channels), pack: ([`super::words`])
pub fn image_gradient(
    window: &Window,
    lines: Range<usize>,
    dy: &[f32],
    kernel: &[f32],
    dx: &mut [f32],
    pack: &mut [f32],
) {
    let &Window { y, x, groups, inputs, outputs, .. } = window;
    if dx.is_empty() {
        return;
    }
    if depthwise::fits(window) {
        return depthwise::image_gradient(window, lines, dy, kernel, dx);
    }
    let (channels, height) = (groups * inputs, y.size);
    let (zeros, pack) = zeros(x.kernel * outputs, pack);
    // Lines of the batch before this one that are of a class.
    let before = |line: usize, class: usize, count: usize| {
        line / height * count + (line % height).saturating_sub(class).div_ceil(y.stride)
    };
    for class in 0..y.stride.min(y.size) * x.stride.min(x.size) {
        let (class_y, class_x) = (class / x.stride.min(x.size), class % x.stride.min(x.size));
        let (of_y, taps_y) = class_of(&y, class_y);
        let (of_x, taps_x) = class_of(&x, class_x);
        let rows = before(lines.start, class_y, of_y.count) * of_x.count
            ..before(lines.end, class_y, of_y.count) * of_x.count;
        for group in 0..groups {
            let left = Gather {
                source: dy,
                zeros,
                y: of_y,
                x: of_x,
                channels: groups * outputs,
                first: group * outputs,
                run: outputs,
                pitch: channels,
                origin: lines.start * x.size * channels,
            };
            let right = Flipped {
                kernel,
                taps: [taps_y, taps_x],
                across: [of_x.taps, x.kernel],
                inputs,
                run: outputs,
                width: groups * outputs,
                first: group * outputs,
            };
            let k = of_y.taps * of_x.taps * outputs;
            let dx = dx.get_mut(group * inputs..).unwrap_or_default();
            let shape = Shape { n: inputs, k, tall: true };
            product(shape, rows.clone(), &left, &right, &Epilogue::NONE, dx, pack);
        }
    }
}

/// Zeros for the taps outside, and what is left.
fn zeros(run: usize, pack: &mut [f32]) -> (&[f32], &mut [f32]) {
    let (zeros, pack) = pack.split_at_mut(run.min(pack.len()));
    zeros.fill(0.0);
    (zeros, pack)
}

/// The kernel as it is multiplied by gradients of outputs: steps are (tap, output of the group), columns its inputs.
struct Flipped<'a> {
    kernel: &'a [f32],
    taps: [Taps; 2],
    /// Taps along a line: of the class, of the kernel.
    across: [usize; 2],
    inputs: usize,
    run: usize,
    /// Outputs of all groups, and the first of this one.
    width: usize,
    first: usize,
}

impl Right for Flipped<'_> {
    fn spread(&self, columns: &Range<usize>, ks: &Range<usize>, panel: &mut [Spread]) {
        for (p, step) in ks.clone().zip(panel) {
            let (tap, output) = (p / self.run, p % self.run);
            let [y, x] = [tap / self.across[0], tap % self.across[0]];
            let [y, x] = [self.taps[0].at(y), self.taps[1].at(x)];
            let row = (y * self.across[1] + x) * self.inputs;
            for (column, step) in columns.clone().zip(step) {
                *step = [self.kernel[(row + column) * self.width + self.first + output]; 4];
            }
        }
    }

    fn pack(&self, columns: &Range<usize>, ks: &Range<usize>, panels: &mut [[f32; NR]]) {
        let panels = panels.chunks_exact_mut(ks.len().next_multiple_of(UNROLL));
        for (column, panel) in columns.clone().step_by(NR).zip(panels) {
            let (mut tap, mut from) = (ks.start / self.run, ks.start % self.run);
            let mut rest = &mut panel[..ks.len()];
            while !rest.is_empty() {
                let len = (self.run - from).min(rest.len());
                let (part, after) = rest.split_at_mut(len);
                let [y, x] = [tap / self.across[0], tap % self.across[0]];
                let [y, x] = [self.taps[0].at(y), self.taps[1].at(x)];
                let row = (y * self.across[1] + x) * self.inputs;
                let vector = |i: usize| {
                    let input = (column + i).min(columns.end - 1);
                    &self.kernel[(row + input) * self.width + self.first + from..][..len]
                };
                pack_vectors(vector, part);
                (rest, from, tap) = (after, 0, tap + 1);
            }
        }
    }
}
