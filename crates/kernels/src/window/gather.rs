//! Rows of a product that lie in an image: for each pixel a run of channels for each tap.

use core::ops::Range;

use super::line::Line;
use crate::gemm::blocks;
use crate::gemm::micro::{MR, NR, Spread, UNROLL};
use crate::gemm::pack::{pack_vectors, spread_runs};
use crate::gemm::strips::{Lanes, Left};

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

impl<'a> Gather<'a> {
    /// The steps `ks` of some pixels, run by run: those of a tap, or of all that follow it in its line where they lie side by
    /// side in all of the images.
    #[inline(always)]
    fn runs<const N: usize>(
        &self,
        pixels: &[[usize; 3]; N],
        ks: &Range<usize>,
        mut with: impl FnMut([&'a [f32]; N], usize),
    ) {
        let (tap, mut from) = (ks.start / self.run, ks.start % self.run);
        let (mut ty, mut tx) = (tap / self.x.taps, tap % self.x.taps);
        let dense = self.x.next == 1 && self.channels == self.run;
        let mut left = ks.len();
        while left > 0 {
            let inside = |tap| pixels.iter().all(|&[_, _, j]| self.x.at(j, tap) < self.x.source);
            let whole = dense && inside(tx) && inside(self.x.taps - 1);
            let taps = if whole { self.x.taps - tx } else { 1 };
            let len = (taps * self.run - from).min(left);
            let runs = pixels.map(|[n, i, j]| {
                let (i, j) = (self.y.at(i, ty), self.x.at(j, tx));
                if i >= self.y.source || j >= self.x.source {
                    return &self.zeros[..len];
                }
                let pixel = (n * self.y.source + i) * self.x.source + j;
                &self.source[pixel * self.channels + self.first + from..][..len]
            });
            with(runs, len);
            left -= len;
            (from, tx) = (0, tx + taps);
            if tx == self.x.taps {
                (ty, tx) = (ty + 1, 0);
            }
        }
    }

    /// Images of one channel: neighbouring pixels of a line meet neighbouring pixels.
    fn pack_line(&self, [n, i, j]: [usize; 3], ks: &Range<usize>, panel: &mut [[f32; NR]]) {
        let width = self.x.source;
        let (mut ty, mut tx) = (ks.start / self.x.taps, ks.start % self.x.taps);
        for step in panel {
            let line = self.y.at(i, ty);
            let from = self.x.at(j, tx);
            let line = if line < self.y.source {
                &self.source[(n * self.y.source + line) * width..][..width]
            } else {
                &[]
            };
            match line.get(from..).and_then(|line| line.first_chunk::<NR>()) {
                Some(eight) => *step = *eight,
                None => {
                    for (v, x) in step.iter_mut().enumerate() {
                        *x = line.get(from.wrapping_add(v)).copied().unwrap_or(0.0);
                    }
                }
            }
            tx += 1;
            if tx == self.x.taps {
                (ty, tx) = (ty + 1, 0);
            }
        }
    }

    /// Image, line and position of some rows; those that are not there repeat the last.
    fn pixels<const N: usize>(&self, rows: &Range<usize>) -> [[usize; 3]; N] {
        let mut pixels = [[0; 3]; N];
        self.locate(rows, &mut pixels);
        pixels
    }

    #[inline(never)]
    fn locate(&self, rows: &Range<usize>, pixels: &mut [[usize; 3]]) {
        let lines = rows.start / self.x.count;
        let (mut n, mut i, mut j) =
            (lines / self.y.count, lines % self.y.count, rows.start % self.x.count);
        let mut left = rows.len();
        for pixels in pixels.as_chunks_mut::<MR>().0 {
            for pixel in pixels {
                *pixel = [n, i, j];
                left = left.saturating_sub(1);
                j += usize::from(left > 0);
                if j == self.x.count {
                    (i, j) = (i + 1, 0);
                    if i == self.y.count {
                        (n, i) = (n + 1, 0);
                    }
                }
            }
        }
    }
}

impl Left for Gather<'_> {
    fn spread(&self, rows: &Range<usize>, ks: &Range<usize>, panel: &mut [Spread]) {
        let pixels = self.pixels::<MR>(rows);
        let mut rest = panel;
        self.runs(&pixels, ks, |runs, len| {
            let (panel, after) = core::mem::take(&mut rest).split_at_mut(len);
            spread_runs(runs, panel);
            rest = after;
        });
    }

    fn lanes(&self) -> Option<&dyn Lanes> {
        Some(self)
    }

    fn places(&self, rows: &Range<usize>) -> [usize; MR] {
        self.pixels::<MR>(rows).map(|[n, i, j]| {
            let (i, j) = (self.y.start + i * self.y.stride, self.x.start + j * self.x.stride);
            let pixel = (n * self.y.size + i) * self.x.size + j;
            pixel * self.pitch - self.origin
        })
    }
}

impl Lanes for Gather<'_> {
    fn pack(&self, rows: &Range<usize>, ks: &Range<usize>, panels: &mut [[f32; NR]]) {
        let panels = panels.chunks_exact_mut(ks.len().next_multiple_of(UNROLL));
        for (rows, panel) in blocks(rows, NR).zip(panels) {
            let pixels = self.pixels::<NR>(&rows);
            let panel = &mut panel[..ks.len()];
            let [first, .., last] = pixels;
            let line = rows.len() == NR && first[..2] == last[..2] && self.x.step == 1;
            if line && self.channels == 1 {
                self.pack_line(first, ks, panel);
                continue;
            }
            let mut rest = panel;
            self.runs(&pixels, ks, |runs, len| {
                let (panel, after) = core::mem::take(&mut rest).split_at_mut(len);
                pack_vectors(&runs, panel);
                rest = after;
            });
        }
    }
}
