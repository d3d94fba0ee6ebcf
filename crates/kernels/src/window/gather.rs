//! Rows of a product that lie in an image: for each pixel a run of channels for each tap.

use core::ops::Range;

use super::line::Line;
use crate::gemm::micro::{MR, Spread};
use crate::gemm::pack::spread_runs;
use crate::gemm::strips::Left;

/// The pixels of a grid as rows, in the order of the batch, then by lines, then along them.
pub struct Gather<'a> {
    pub source: &'a [f32],
    /// As long as a run.
    pub zeros: &'a [f32],
    pub y: Line,
    pub x: Line,
    /// Channels of a pixel of the source, the first one that is read, and how many.
    pub channels: usize,
    pub first: usize,
    pub run: usize,
    /// Floats of a pixel of the output, which begins with the one at `origin`.
    pub pitch: usize,
    pub origin: usize,
}

impl Gather<'_> {
    /// Image, line and position of some rows; those that are not there repeat the last.
    fn pixels(&self, rows: &Range<usize>) -> [[usize; 3]; MR] {
        let lines = rows.start / self.x.count;
        let mut next = [lines / self.y.count, lines % self.y.count, rows.start % self.x.count];
        let mut left = rows.len();
        [(); MR].map(|()| {
            let pixel = next;
            if left > 1 {
                next[2] += 1;
                if next[2] == self.x.count {
                    next = [next[0], next[1] + 1, 0];
                }
                if next[1] == self.y.count {
                    next = [next[0] + 1, 0, 0];
                }
            }
            left = left.saturating_sub(1);
            pixel
        })
    }
}

impl Left for Gather<'_> {
    fn spread(&self, rows: &Range<usize>, ks: &Range<usize>, panel: &mut [Spread]) {
        let pixels = self.pixels(rows);
        let (tap, mut from) = (ks.start / self.run, ks.start % self.run);
        let (mut ty, mut tx) = (tap / self.x.taps, tap % self.x.taps);
        let mut rest = panel;
        while !rest.is_empty() {
            let len = (self.run - from).min(rest.len());
            let runs = pixels.map(|[n, i, j]| {
                let (i, j) = (self.y.at(i, ty), self.x.at(j, tx));
                if i >= self.y.source || j >= self.x.source {
                    return &self.zeros[..len];
                }
                let pixel = (n * self.y.source + i) * self.x.source + j;
                &self.source[pixel * self.channels + self.first + from..][..len]
            });
            let (panel, after) = rest.split_at_mut(len);
            spread_runs(runs, panel);
            (rest, from) = (after, 0);
            tx += 1;
            if tx == self.x.taps {
                (ty, tx) = (ty + 1, 0);
            }
        }
    }

    fn places(&self, rows: &Range<usize>) -> [usize; MR] {
        self.pixels(rows).map(|[n, i, j]| {
            let (i, j) = (self.y.start + i * self.y.stride, self.x.start + j * self.x.stride);
            let pixel = (n * self.y.size + i) * self.x.size + j;
            pixel * self.pitch - self.origin
        })
    }
}
