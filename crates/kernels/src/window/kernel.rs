//! The gradient by the kernel: a product whose rows are (tap, input channel) and whose steps are the pixels of the outputs.

use core::ops::Range;

use super::{Axis, Window, depthwise, depthwise_kernel};
use crate::gemm::Epilogue;
use crate::gemm::micro::{KC, MR, Spread};
use crate::gemm::operands::Left;
use crate::gemm::pack::Operand;
use crate::gemm::runs::Place;
use crate::gemm::shape::Shape;
use crate::gemm::strips::product;
use crate::lane::{F32x4, Lane, Lying};
use crate::peak::peak;

/// Some rows (taps · channels of a group) of the gradient by the kernel: sums over the pixels in order.
/// x: the images, dy: the outputs, dkernel: (rows.len(), outputs of all groups), pack: ([`super::words`])
pub fn kernel_gradient(
    window: &Window,
    rows: Range<usize>,
    x: &[f32],
    dy: &[f32],
    dkernel: &mut [f32],
    pack: &mut [f32],
) {
    if depthwise::fits(window) {
        return depthwise_kernel::kernel_gradient(window, rows, x, dy, dkernel, pack);
    }
    let &Window { groups, outputs, .. } = window;
    let (width, k) = (groups * outputs, window.pixels());
    let inside = [window.y, window.x].iter().all(Axis::is_inside);
    let lies = inside || (window.inputs.is_multiple_of(MR) && peak(dy).is_finite());
    for group in 0..groups {
        let left = Taps { window, group, x, origin: rows.start, inside, lies };
        let span = group * outputs..(group + 1) * outputs;
        let dkernel = dkernel.get_mut(span.start..).unwrap_or_default();
        let right = Operand { x: dy, width, k, k_contiguous: false, span };
        let shape = Shape { n: outputs, k, tall: false };
        product(shape, rows.clone(), &left, &right, &Epilogue::NONE, dkernel, pack);
    }
}

struct Taps<'a> {
    window: &'a Window,
    group: usize,
    x: &'a [f32],
    /// The first row of the gradient that there is.
    origin: usize,
    /// Do all taps meet pixels of the images?
    inside: bool,
    /// Do rows lie in the images? Where taps meet zeros, too, if four of them are of one tap and these products are zeros.
    lies: bool,
}

impl Taps<'_> {
    /// The values of a row in the given lane, or of four rows of the same tap beside each other.
    fn line<const ROWS: usize>(
        &self,
        row: usize,
        ks: &Range<usize>,
        panel: &mut [Spread],
        lane: usize,
    ) {
        let &Window { y, x, groups, inputs, .. } = self.window;
        let (tap, channel) = (row / inputs, self.group * inputs + row % inputs);
        let pitch = groups * inputs;
        let (ty, tx) = (tap / x.kernel, tap % x.kernel);
        let lines = ks.start / x.out;
        let (mut image, mut i, mut j) = (lines / y.out, lines % y.out, ks.start % x.out);
        let mut rest = panel;
        while !rest.is_empty() {
            let (line, after) = rest.split_at_mut((x.out - j).min(rest.len()));
            let at = y.at(i, ty);
            let from = if at < y.size { (image * y.size + at) * x.size } else { 0 };
            let inside = if at < y.size { x.inside(tx, j..j + line.len()) } else { j..j };
            let (before, line) = line.split_at_mut(inside.start - j);
            let (line, behind) = line.split_at_mut(inside.len());
            for step in before.iter_mut().chain(behind) {
                step[lane..][..ROWS].fill([0.0; 4]);
            }
            let place = from.wrapping_add(x.at(inside.start, tx)).wrapping_mul(pitch) + channel;
            let pixels = self.x.get(place..).unwrap_or_default().chunks(x.stride * pitch);
            for (step, pixel) in line.iter_mut().zip(pixels) {
                let (Some(values), Some(step)) =
                    (pixel.first_chunk::<ROWS>(), step[lane..].first_chunk_mut::<ROWS>())
                else {
                    break;
                };
                for (value, step) in values.iter().zip(step) {
                    F32x4::splat(*value).store(step);
                }
            }
            (rest, i, j) = (after, i + 1, 0);
            if i == y.out {
                (image, i) = (image + 1, 0);
            }
        }
    }
}

impl Left for Taps<'_> {
    fn spread(&self, rows: &Range<usize>, ks: &Range<usize>, panel: &mut [Spread]) {
        let inputs = self.window.inputs;
        if rows.len() == MR && rows.start % inputs + MR <= inputs {
            return self.line::<MR>(rows.start, ks, panel, 0);
        }
        for (lane, row) in rows.clone().enumerate() {
            self.line::<1>(row, ks, panel, lane);
        }
    }

    fn source(&self) -> &[f32] {
        self.x
    }

    /// The pixels that a tap meets.
    fn lie(&self, row: usize, ks: &Range<usize>, lying: &mut Lying<KC>) -> usize {
        if !self.lies {
            return usize::MAX;
        }
        let &Window { y, x, groups, inputs, .. } = self.window;
        let (tap, line) = (row / inputs, x.size * groups * inputs);
        let (ty, tx) = (tap / x.kernel, tap % x.kernel);
        let mut step = ks.start;
        while step < ks.end {
            let (lines, j) = (step / x.out, step % x.out);
            let (image, i) = (lines / y.out, lines % y.out);
            let outs = j..x.out.min(j + ks.end - step);
            let inside = if y.at(i, ty) < y.size { x.inside(tx, outs.clone()) } else { j..j };
            let place = (image * y.size + i * y.stride) * line;
            let apart = x.stride * groups * inputs;
            let number = |out: usize| out - j + step - ks.start;
            let steps = number(inside.start)..number(inside.end);
            lying.push(place + inside.start * apart, apart, steps);
            step += outs.len();
        }
        if self.inside { usize::MAX } else { (tap + 1) * inputs }
    }

    fn locate(&self, rows: &Range<usize>, places: &mut [Place]) {
        let &Window { y, x, groups, inputs, outputs, .. } = self.window;
        Place::beside(self.origin, groups * outputs, rows, places);
        for (row, place) in rows.clone().zip(places) {
            let (tap, channel) = (row / inputs, self.group * inputs + row % inputs);
            let pixel = y.at(0, tap / x.kernel).wrapping_mul(x.size);
            let pixel = pixel.wrapping_add(x.at(0, tap % x.kernel));
            let start = pixel.wrapping_mul(groups * inputs).wrapping_add(channel);
            place.start = self.lies.then_some(start);
        }
    }
}
