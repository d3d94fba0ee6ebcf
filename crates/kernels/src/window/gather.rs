//! Rows of a product that lie in an image: for each pixel a run of channels for each tap.

use core::ops::Range;

use super::line::Line;
use crate::gemm::micro::{KC, MR, Spread};
use crate::gemm::operands::Left;
use crate::gemm::pack::spread_runs;
use crate::gemm::runs::Place;
use crate::lane::Lying;

/// The pixels of a grid as rows, in the order of the batch, then by lines, then along them.
pub struct Gather<'a> {
    pub source: &'a [f32],
    /// As long as the runs of a line of taps.
    pub zeros: &'a [f32],
    pub y: &'a Line,
    pub x: &'a Line,
    /// Channels of a pixel of the source, the first one that is read, and how many.
    pub channels: usize,
    pub first: usize,
    pub run: usize,
    /// Floats of a pixel of the output, which begins with the one at `origin`.
    pub pitch: usize,
    pub origin: usize,
}

impl Gather<'_> {
    /// Does a line of taps lie side by side?
    #[inline(always)]
    fn is_dense(&self) -> bool {
        self.x.next == 1 && self.channels == self.run
    }

    /// Image, line and position of a row.
    #[inline(always)]
    fn position(&self, row: usize) -> [usize; 3] {
        let line = row / self.x.count;
        let image = line / self.y.count;
        [image, line - image * self.y.count, row - line * self.x.count]
    }
}

impl Left for Gather<'_> {
    /// Run by run: those of a tap, or of all that follow it in its line where they lie side by side in all of the images.
    fn spread(&self, rows: &Range<usize>, ks: &Range<usize>, mut panel: &mut [Spread]) {
        let last = rows.end - 1;
        let pixels: [_; MR] = core::array::from_fn(|row| self.position(last.min(rows.start + row)));
        let (tap, mut from) = (ks.start / self.run, ks.start % self.run);
        let (mut ty, mut tx) = (tap / self.x.taps, tap % self.x.taps);
        while !panel.is_empty() {
            let inside = |tap| pixels.iter().all(|&[_, _, j]| self.x.at(j, tap) < self.x.source);
            let whole = self.is_dense() && inside(tx) && inside(self.x.taps - 1);
            let taps = if whole { self.x.taps - tx } else { 1 };
            let (steps, after) = panel.split_at_mut((taps * self.run - from).min(panel.len()));
            let runs = pixels.map(|[n, i, j]| {
                let (i, j) = (self.y.at(i, ty), self.x.at(j, tx));
                if i >= self.y.source || j >= self.x.source {
                    return &self.zeros[..steps.len()];
                }
                let pixel = (n * self.y.source + i) * self.x.source + j;
                &self.source[pixel * self.channels + self.first + from..][..steps.len()]
            });
            spread_runs(runs, steps);
            (panel, from, tx) = (after, 0, tx + taps);
            if tx == self.x.taps {
                (ty, tx) = (ty + 1, 0);
            }
        }
    }

    fn locate(&self, rows: &Range<usize>, mut places: &mut [Place]) {
        let &Self { y, x, .. } = self;
        let [mut n, mut i, mut j] = self.position(rows.start);
        // Are all taps in the image, of which this is what the first one meets?
        let inside =
            |line: &Line, first: usize| first < line.source && line.reach() < line.source - first;
        while !places.is_empty() {
            let (line, after) = places.split_at_mut(places.len().min(x.count - j));
            let pixel = (n * y.size + y.start + i * y.stride) * x.size + x.start + j * x.stride;
            let mut row = pixel * self.pitch - self.origin;
            let (top, mut first) = (y.at(i, 0), x.at(j, 0));
            let within = inside(y, top);
            let source = (n * y.source).wrapping_add(top).wrapping_mul(x.source);
            for place in line {
                let start =
                    source.wrapping_add(first).wrapping_mul(self.channels).wrapping_add(self.first);
                *place = Place { row, start: (within && inside(x, first)).then_some(start) };
                row += x.stride * self.pitch;
                first = first.wrapping_add(x.step);
            }
            (places, i, j) = (after, i + 1, 0);
            if i == y.count {
                (n, i) = (n + 1, 0);
            }
        }
    }

    fn source(&self) -> &[f32] {
        self.source
    }

    /// The same for all rows: run by run, tap by tap.
    fn lie(&self, _row: usize, ks: &Range<usize>, lying: &mut Lying<KC>) -> usize {
        let (run, across) =
            if self.is_dense() { (self.x.taps * self.run, 1) } else { (self.run, self.x.taps) };
        let mut step = ks.start;
        while step < ks.end {
            let (tap, from) = (step / run, step % run);
            let pixel = tap / across * self.y.next * self.x.source + tap % across * self.x.next;
            let len = (run - from).min(ks.end - step);
            let first = step - ks.start;
            lying.push(pixel * self.channels + from, 1, first..first + len);
            step += len;
        }
        usize::MAX
    }
}
