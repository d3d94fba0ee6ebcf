//! The gradient by the kernel: a product whose rows are (tap, input channel) and whose steps are the pixels of the outputs.

use core::ops::Range;

use super::{Axis, Window, depthwise, depthwise_kernel};
use crate::gemm::Epilogue;
use crate::gemm::micro::{MR, Spread};
use crate::gemm::pack::Operand;
use crate::gemm::runs::{Place, Runs};
use crate::gemm::strips::{Left, Shape, product};
use crate::lane::{F32x4, Lane};

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
    for group in 0..groups {
        let left = Taps { window, group, x, origin: rows.start };
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

    /// Of images of one channel, where all that a tap meets lies in them, side by side along a line.
    fn runs(&self) -> Option<Runs<'_>> {
        let &Window { y, x, groups, inputs, .. } = self.window;
        let within = |axis: &Axis| {
            axis.before == 0 && axis.at(axis.out.wrapping_sub(1), axis.kernel - 1) < axis.size
        };
        let lie = groups * inputs == 1 && x.stride == 1 && within(&y) && within(&x);
        lie.then_some(Runs {
            x: self.x,
            run: x.out,
            across: y.out,
            next: y.stride * x.size,
            pitch: y.size * x.size,
        })
    }

    fn locate(&self, rows: &Range<usize>, places: &mut [Place]) {
        let width = self.window.groups * self.window.outputs;
        Place::beside(self.origin, width, rows, places);
        if self.runs().is_some() {
            let &Window { y, x, .. } = self.window;
            for (tap, place) in rows.clone().zip(places) {
                let (ty, tx) = (tap / x.kernel, tap % x.kernel);
                place.start = Some(ty * y.dilation * x.size + tx * x.dilation);
            }
        }
    }
}
