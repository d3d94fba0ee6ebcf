//! Lines of an image, copied four channels at a time, so that what windows beside each other meet at a tap lies side by side: with
//! zeros where there is none of the image, and no more of them than stay in the L1 cache.

use core::ops::Range;

use super::line::Line;
use crate::lane::F32x4;

pub type Four = [f32; 4];

/// Vectors of the copy and of the weights that go with it.
pub const ROOM: usize = 2048;
/// The most taps of a window.
pub const TAPS: usize = 64;
/// Windows that are summed at once.
pub const OUTS: usize = 8;

const ZEROS: Four = [0.0; 4];

/// Where pixels lie among those of four channels. A line takes the place of one that no window to come meets.
#[derive(Clone, Copy)]
pub struct Ring {
    lines: usize,
    /// Windows beside each other, and the pixels between two of them.
    pub windows: usize,
    step: usize,
    /// Pixels of a line that are so far from each other: they lie side by side.
    phase: usize,
}

impl Ring {
    /// For windows along a line, or as many of them as there is room for.
    pub fn new(y: &Line, x: &Line) -> Self {
        let (lines, beyond) = (y.reach().saturating_add(1), x.reach() / x.step);
        let most = (ROOM - TAPS - OUTS) / lines.saturating_mul(x.step);
        let windows = x.count.min(most.saturating_sub(beyond));
        Self { lines, windows, step: x.step, phase: windows + beyond }
    }

    /// Vectors of four channels.
    pub fn len(&self) -> usize {
        self.lines * self.step * self.phase
    }

    /// Of so many fours of channels those that there is room for at once, as even as they can be; each has some weights.
    pub fn at_once(&self, groups: usize, weights: usize) -> usize {
        groups.div_ceil(groups.div_ceil((ROOM - OUTS) / (self.len() + weights)))
    }

    /// Where a line of the padded image begins.
    pub fn line(&self, line: usize) -> usize {
        line % self.lines * self.step * self.phase
    }

    /// Where the pixel of a line lies in it.
    pub fn pixel(&self, pixel: usize) -> usize {
        pixel % self.step * self.phase + pixel / self.step
    }
}

/// Copies lines of some channels.
pub struct Copy<'a> {
    pub ring: Ring,
    pub image: &'a [f32],
    pub channels: usize,
    pub groups: Range<usize>,
    pub y: Line,
    pub x: Line,
    /// The window whose first pixel comes first.
    pub start: usize,
}

impl Copy<'_> {
    /// Those that windows of line i meet, from the first that was not copied; to: (groups, ring.len())
    pub fn lines(&self, i: usize, copied: &mut usize, to: &mut [Four]) {
        let first = i * self.y.step;
        for line in first.max(*copied)..first + self.y.reach() + 1 {
            self.line(line, to);
            *copied = line + 1;
        }
    }

    /// One of the padded image.
    #[inline(never)]
    fn line(&self, line: usize, to: &mut [Four]) {
        let Self { ring, channels, x, .. } = self;
        let (at, width) = (line.wrapping_add(self.y.first), x.source * channels);
        let image = (at < self.y.source).then(|| &self.image[at * width..][..width]);
        for phase in 0..x.step {
            let first = x.first.wrapping_add(self.start * x.step + phase).cast_signed();
            let before = |pixel: usize| {
                let pixels = pixel.cast_signed().saturating_sub(first).max(0).cast_unsigned();
                pixels.div_ceil(x.step).min(ring.phase)
            };
            let inside = before(0)..before(x.source);
            let pixel = first.wrapping_add((inside.start * x.step).cast_signed()).cast_unsigned();
            let place = ring.line(line) + phase * ring.phase;
            for (group, to) in self.groups.clone().zip(to.chunks_exact_mut(ring.len())) {
                let channel =
                    pixel.wrapping_mul(*channels).wrapping_add(first_of(group, *channels));
                let to = &mut to[place..][inside.clone()];
                let from = image.and_then(|image| image.get(channel..));
                let (from, n) = from.map_or((&ZEROS[..], 0), |from| (from, x.step * channels));
                rows(from, n, to);
            }
        }
    }
}

/// The first channel of four: the last ones may begin among those before them.
pub fn first_of(group: usize, channels: usize) -> usize {
    (4 * group).min(channels - 4)
}

/// The first four floats of rows of n.
#[inline(always)]
fn rows(mut from: &[f32], n: usize, to: &mut [Four]) {
    let (fours, rest) = to.as_chunks_mut::<4>();
    for to in fours {
        let Some(rows) = F32x4::load_rows::<4>(from, n) else { return };
        for (to, row) in to.iter_mut().zip(rows) {
            row.store(to);
        }
        from = from.get(4 * n..).unwrap_or_default();
    }
    for to in rest {
        let Some(row) = from.first_chunk() else { return };
        F32x4::load(row).store(to);
        from = from.get(n..).unwrap_or_default();
    }
}
