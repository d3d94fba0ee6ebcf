//! Sums over windows of single channels: four of them in the lanes, windows beside each other in registers.

use core::array::from_fn;
use core::ops::Range;

use super::line::{Line, Taps};
use super::ring::{Copy, Four, OUTS, Ring, TAPS, first_of};
use crate::gemm::blocks;
use crate::lane::{F32x4, Lane};

/// Sums over windows, channel by channel.
pub struct Sums<'a> {
    pub source: &'a [f32],
    pub kernel: &'a [f32],
    pub bias: Option<&'a [f32]>,
    pub channels: usize,
    pub y: Line,
    pub x: Line,
    pub taps: [Taps; 2],
    /// Taps along a line of the kernel.
    pub across: usize,
}

impl Sums<'_> {
    /// Those of some pixels of an image, with which `out` begins; pack: (4 · ROOM)
    pub fn of(&self, image: usize, pixels: Range<usize>, out: &mut [f32], pack: &mut [f32]) {
        let &Self { y, x, channels, .. } = self;
        let image = &self.source[image * y.source * x.source * channels..];
        let (ring, taps, groups) = (Ring::new(&y, &x), y.taps * x.taps, channels.div_ceil(4));
        let at_once = ring.at_once(groups, taps);
        let lines = y.before(pixels.start / x.size)..y.before(pixels.end.div_ceil(x.size));
        for windows in blocks(&(0..x.count), ring.windows) {
            for groups in blocks(&(0..groups), at_once) {
                let (weights, room) = pack.as_chunks_mut().0.split_at_mut(groups.len() * taps);
                // The last windows that are summed at once may be more than there are, and meet what lies behind.
                let copied = &mut room[..groups.len() * ring.len() + OUTS];
                copied.fill([0.0; 4]);
                self.weights(&groups, weights);
                let start = windows.start;
                let copy = Copy { ring, image, channels, groups, y, x, start };
                let mut part = Part { sums: self, copy, weights, copied, taps: [0; TAPS] };
                part.lines(lines.clone(), windows.end, &pixels, out);
            }
        }
    }

    /// Those of each four channels, tap by tap.
    fn weights(&self, groups: &Range<usize>, mut weights: &mut [Four]) {
        for group in groups.clone() {
            for y in 0..self.y.taps {
                for x in 0..self.x.taps {
                    let tap = self.taps[0].at(y) * self.across + self.taps[1].at(x);
                    let at = tap * self.channels + first_of(group, self.channels);
                    let Some((weight, rest)) = weights.split_first_mut() else { return };
                    (*weight, weights) = (four(self.kernel, at).to_array(), rest);
                }
            }
        }
    }
}

/// The sums of some channels, of windows beside each other.
struct Part<'a> {
    sums: &'a Sums<'a>,
    copy: Copy<'a>,
    /// Of each four channels, tap by tap.
    weights: &'a [Four],
    copied: &'a mut [Four],
    /// Where the first window of a line finds each tap, or each three of them.
    taps: [usize; TAPS],
}

impl Part<'_> {
    /// Those of some lines.
    fn lines(&mut self, lines: Range<usize>, end: usize, pixels: &Range<usize>, out: &mut [f32]) {
        let &Sums { y, x, channels, .. } = self.sums;
        let (start, mut copied) = (self.copy.start, 0);
        for i in lines {
            self.copy.lines(i, &mut copied, self.copied);
            let first = (y.start + i * y.stride) * x.size;
            let before = |pixel: usize| x.before(pixel.saturating_sub(first).min(x.size));
            let own = before(pixels.start).max(start)..before(pixels.end).min(end);
            if !own.is_empty() {
                let place = first + x.start + own.start * x.stride - pixels.start;
                let floats = ((own.len() - 1) * x.stride + 1) * channels;
                self.line(i, own.start - start, &mut out[place * channels..][..floats]);
            }
        }
    }

    /// Those of windows beside each other, from `start` on of those that are copied.
    fn line(&mut self, i: usize, start: usize, out: &mut [f32]) {
        let (Sums { y, x, .. }, ring) = (self.sums, &self.copy.ring);
        let near = x.taps % 3 == 0 && x.step == 1 && x.next == 1;
        let run = if near { 3 } else { 1 };
        let mut count = 0;
        for line in 0..y.taps {
            let line = ring.line(i * y.step + line * y.next);
            for tap in (0..x.taps).step_by(run) {
                self.taps[count] = line + ring.pixel(tap * x.next) + start;
                count += 1;
            }
        }
        if near {
            self.tiles::<3, { OUTS + 2 }>(count, out);
        } else {
            self.tiles::<1, OUTS>(count, out);
        }
    }

    /// The same, OUTS at a time, where RUN taps beside each other share the COLUMNS that are loaded.
    #[inline(never)]
    fn tiles<const RUN: usize, const COLUMNS: usize>(&self, count: usize, out: &mut [f32]) {
        let &Sums { x, channels, bias, .. } = self.sums;
        let (taps, pitch) = (&self.taps[..count], x.stride * channels);
        let windows = out.len().div_ceil(pitch);
        for (g, group) in self.copy.groups.clone().enumerate() {
            let channel = first_of(group, channels);
            // Where there is no bias, the zero that changes no sum, not even -0.
            let bias = bias.map_or(F32x4::splat(-0.0), |bias| four(bias, channel));
            let lines = &self.copied[g * self.copy.ring.len()..];
            let (weights, _) = self.weights[g * count * RUN..].as_chunks::<RUN>();
            let mut out = &mut out[channel..];
            for at in (0..windows).step_by(OUTS) {
                let mut sums = [F32x4::splat(0.0); OUTS];
                for (tap, weights) in taps.iter().zip(weights) {
                    let line = lines.get(tap + at..).and_then(|line| line.first_chunk());
                    let Some(columns) = line else { return };
                    add::<RUN, COLUMNS>(columns, weights, &mut sums);
                }
                let sums: [F32x4; OUTS] = from_fn(|o| sums[o] + bias);
                if !F32x4::store_rows(sums, out, pitch) {
                    for (sum, out) in sums.into_iter().zip(out.chunks_mut(pitch)) {
                        if let Some(out) = out.first_chunk_mut() {
                            sum.store(out);
                        }
                    }
                    break;
                }
                out = out.get_mut(OUTS * pitch..).unwrap_or_default();
            }
        }
    }
}

/// Adds RUN taps of OUTS windows.
#[inline(always)]
fn add<const RUN: usize, const COLUMNS: usize>(
    columns: &[Four; COLUMNS],
    weights: &[Four; RUN],
    sums: &mut [F32x4; OUTS],
) {
    for (c, column) in columns.iter().enumerate() {
        let column = F32x4::load(column);
        for (tap, weight) in weights.iter().enumerate() {
            if c >= tap && c - tap < OUTS {
                sums[c - tap] = sums[c - tap].madd(column, F32x4::load(weight));
            }
        }
    }
}

/// Four floats, zeros where there are none.
#[inline(always)]
fn four(x: &[f32], at: usize) -> F32x4 {
    let chunk = x.get(at..).and_then(|x| x.first_chunk());
    chunk.map_or(F32x4::splat(0.0), F32x4::load)
}
