//! The gradient by the kernel: a product whose rows are (tap, input channel) and whose steps are the pixels of the outputs.

use core::ops::Range;

use super::{Window, depthwise};
use crate::gemm::Epilogue;
use crate::gemm::micro::{MR, Spread};
use crate::gemm::pack::Operand;
use crate::gemm::strips::{Left, Shape, product};

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
        return depthwise::kernel_gradient(window, rows, x, dy, dkernel);
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
        let (ty, tx) = (tap / x.kernel, tap % x.kernel);
        let lines = ks.start / x.out;
        let (mut image, mut i, mut j) = (lines / y.out, lines % y.out, ks.start % x.out);
        let mut rest = panel;
        while !rest.is_empty() {
            let (line, after) = rest.split_at_mut((x.out - j).min(rest.len()));
            let at = y.at(i, ty);
            let from = if at < y.size { (image * y.size + at) * x.size } else { 0 };
            for (j, step) in (j..).zip(line) {
                let across = x.at(j, tx);
                let inside = at < y.size && across < x.size;
                let place = if inside { (from + across) * groups * inputs + channel } else { 0 };
                let values = if inside { self.x[place..].first_chunk::<ROWS>() } else { None };
                let step = &mut step[lane..];
                for (row, step) in step.iter_mut().take(ROWS).enumerate() {
                    *step = [values.map_or(0.0, |values| values[row]); 4];
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

    fn places(&self, rows: &Range<usize>) -> [usize; MR] {
        let width = self.window.groups * self.window.outputs;
        core::array::from_fn(|i| (rows.start - self.origin + i) * width)
    }
}
