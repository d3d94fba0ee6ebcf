//! What has a row of the product for each pixel: the convolution and its gradient by the image.

use core::iter::from_fn;
use core::ops::Range;

use super::gather::Gather;
use super::line::{Grids, Line, Taps};
use super::{Window, depthwise};
use crate::gemm::micro::{NR, Spread, UNROLL};
use crate::gemm::operands::Right;
use crate::gemm::pack::Operand;
use crate::gemm::shape::Shape;
use crate::gemm::strips::product;
use crate::gemm::{Epilogue, blocks};
use crate::peak::peak;

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
        return depthwise::convolve(window, pixels, x, kernel, epilogue, y, pack);
    }
    let axes = [&window.y, &window.x].map(Grids::outputs);
    let [run, columns] = [window.inputs, window.outputs];
    let sums = Sums { window, source: x, kernel, axes, run, columns, flipped: false };
    sums.of(pixels, epilogue, y, pack);
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
    if depthwise::fits(window) {
        return depthwise::image_gradient(window, lines, dy, kernel, dx, pack);
    }
    let axes = [&window.y, &window.x].map(Grids::pixels);
    let [run, columns] = [window.outputs, window.inputs];
    let sums = Sums { window, source: dy, kernel, axes, run, columns, flipped: true };
    let width = window.x.size;
    sums.of(lines.start * width..lines.end * width, &Epilogue::NONE, dx, pack);
}

/// Sums over what windows meet in the source, tap by tap.
struct Sums<'a> {
    window: &'a Window,
    source: &'a [f32],
    kernel: &'a [f32],
    axes: [Grids<'a>; 2],
    /// Channels of a group that are summed over, and those of the sums.
    run: usize,
    columns: usize,
    /// Are outputs summed over? Otherwise inputs, and all of a line of taps are side by side.
    flipped: bool,
}

impl Sums<'_> {
    /// Those of some pixels.
    fn of(&self, pixels: Range<usize>, epilogue: &Epilogue, out: &mut [f32], pack: &mut [f32]) {
        if out.is_empty() {
            return;
        }
        let &Self { window, source, kernel, axes, run, columns, flipped } = self;
        let &Window { groups, outputs, .. } = window;
        let (zeros, pack) = pack.split_at_mut((window.x.kernel * run).min(pack.len()));
        zeros.fill(0.0);
        let pitch = groups * columns;
        let skip = self.worth() && peak(kernel).is_finite();
        let [axis_y, axis_x] = axes.map(|axis| axis.skipping(skip));
        for (y, taps_y) in axis_y {
            for (x, taps_x) in axis_x {
                let (y, x) = (&y, &x);
                let rows = rows([y, x], &pixels);
                let taps = [taps_y, taps_x];
                let (own, across) = if flipped { (run, x.taps) } else { (run * x.taps, 1) };
                for group in 0..groups {
                    let (channels, first) = (groups * run, group * run);
                    let origin = pixels.start * pitch;
                    let left = Gather { source, zeros, y, x, channels, first, run, pitch, origin };
                    let right =
                        Weights { sums: self, taps, run: own, across, first: group * outputs };
                    let bias = epilogue.bias.map(|bias| &bias[group * columns..][..columns]);
                    let epilogue = Epilogue { bias, ..*epilogue };
                    let out = out.get_mut(group * columns..).unwrap_or_default();
                    let shape = Shape { n: columns, k: y.taps * x.taps * run, tall: true };
                    product(shape, rows.clone(), &left, &right, &epilogue, out, pack);
                }
            }
        }
    }

    /// Does it pay to leave out the taps that lie outside, and to pack the kernel for each part of the images that meets others?
    fn worth(&self) -> bool {
        let cost = |skip| {
            let [y, x] = self.axes.map(|axis| {
                let mut sums = [0; 2];
                for (line, _) in axis.skipping(skip) {
                    sums = [sums[0] + (line.count * line.taps) as u64, sums[1] + line.taps as u64];
                }
                sums
            });
            // Rows that could be multiplied while the kernel is packed: of a narrow one each value goes to all lanes.
            let rows = 6 + 96 / self.columns as u64;
            self.window.batch as u64 * y[0] * x[0] + rows * y[1] * x[1]
        };
        cost(true) < cost(false)
    }
}

/// Those of a grid among some pixels of the images that it is part of.
fn rows([y, x]: [&Line; 2], pixels: &Range<usize>) -> Range<usize> {
    let before = |pixel: usize| {
        let (line, j) = (pixel / x.size, pixel % x.size);
        let (image, i) = (line / y.size, line % y.size);
        let lines = y.before(i);
        let own = if y.before(i + 1) > lines { x.before(j) } else { 0 };
        (image * y.count + lines) * x.count + own
    };
    before(pixels.start)..before(pixels.end)
}

/// What a group of a grid is multiplied by: steps are (tap, channel that is summed over), columns channels of the sums.
struct Weights<'a> {
    sums: &'a Sums<'a>,
    taps: [Taps; 2],
    /// Steps that lie side by side, and how many such runs a line of taps has.
    run: usize,
    across: usize,
    /// The first output of the group.
    first: usize,
}

impl Weights<'_> {
    /// Some steps run by run, with the length of each.
    #[inline(always)]
    fn runs(&self, ks: &Range<usize>) -> impl Iterator<Item = (Operand<'_>, usize)> {
        let &Sums { window, kernel, flipped, .. } = self.sums;
        let width = window.groups * window.outputs;
        let mut ks = ks.clone();
        from_fn(move || {
            if ks.is_empty() {
                return None;
            }
            let (tap, from) = (ks.start / self.run, ks.start % self.run);
            let len = ks.len().min(self.run - from);
            ks.start += len;
            let [y, x] = [tap / self.across, tap % self.across];
            let tap = self.taps[0].at(y) * window.x.kernel + self.taps[1].at(x);
            let from = if flipped { from } else { from * width };
            let x = &kernel[tap * window.inputs * width + self.first + from..];
            let operand = Operand { x, width, k: width, k_contiguous: flipped, span: 0..width };
            Some((operand, len))
        })
    }
}

impl Right for Weights<'_> {
    fn spread(&self, columns: &Range<usize>, ks: &Range<usize>, mut panel: &mut [Spread]) {
        for (operand, len) in self.runs(ks) {
            let (part, after) = panel.split_at_mut(len);
            operand.spread(columns, &(0..len), part);
            panel = after;
        }
    }

    fn pack(&self, columns: &Range<usize>, ks: &Range<usize>, panels: &mut [[f32; NR]]) {
        let panels = panels.chunks_exact_mut(ks.len().next_multiple_of(UNROLL));
        for (columns, mut panel) in blocks(columns, NR).zip(panels) {
            for (operand, len) in self.runs(ks) {
                let (part, after) = panel.split_at_mut(len);
                operand.pack_panel(columns.start, columns.len(), &(0..len), part);
                panel = after;
            }
        }
    }
}
