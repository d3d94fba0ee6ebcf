//! What positions along an axis sum over.

use core::ops::Range;

use super::Axis;

/// Positions along an axis, and what each sums over.
#[derive(Clone, Copy)]
pub struct Line {
    /// Positions, and where they lie in the output: at start + i · stride of `size`.
    pub count: usize,
    pub start: usize,
    pub stride: usize,
    pub size: usize,
    /// Pixels of the source.
    pub source: usize,
    /// Position i meets pixel i · step + first + t · next at tap t; from `source` on there is none.
    pub taps: usize,
    pub step: usize,
    pub first: usize,
    pub next: usize,
}

impl Line {
    #[inline(always)]
    pub fn at(&self, position: usize, tap: usize) -> usize {
        let from = position.wrapping_mul(self.step).wrapping_add(self.first);
        from.wrapping_add(tap.wrapping_mul(self.next))
    }

    /// Pixels from what the first tap meets to what the last one does.
    pub fn reach(&self) -> usize {
        self.taps.saturating_sub(1).saturating_mul(self.next)
    }

    /// Positions before this one of the output.
    pub fn before(&self, place: usize) -> usize {
        place.saturating_sub(self.start).div_ceil(self.stride).min(self.count)
    }

    /// The taps at which a position meets a pixel of the source: they lie side by side.
    fn met(&self, position: usize) -> Range<usize> {
        let from = self.at(position, 0).cast_signed();
        let first = |pixel: usize| {
            let way = pixel.cast_signed().saturating_sub(from).max(0);
            way.cast_unsigned().div_ceil(self.next).min(self.taps)
        };
        first(0)..first(self.source)
    }

    /// The positions from one on that meet the same taps, and the first of those; all of them at all taps unless `skip`.
    fn part(&self, position: usize, skip: bool) -> (Self, usize) {
        let met = |position| if skip { self.met(position) } else { 0..self.taps };
        let taps = met(position);
        let count = (position..self.count).take_while(|&other| met(other) == taps).count();
        let start = self.start + position * self.stride;
        let first = self.at(position, taps.start);
        (Self { count, start, taps: taps.len(), first, ..*self }, taps.start)
    }
}

/// The positions of an output.
pub fn outputs_of(axis: &Axis) -> Line {
    Line {
        count: axis.out,
        start: 0,
        stride: 1,
        size: axis.out,
        source: axis.size,
        taps: axis.kernel,
        step: axis.stride,
        first: 0_usize.wrapping_sub(axis.before),
        next: axis.dilation,
    }
}

/// Taps from `last` down, in steps of `by`.
#[derive(Clone, Copy)]
pub struct Taps {
    last: usize,
    by: usize,
}

impl Taps {
    /// From 0 on.
    pub const FORWARD: Self = Self { last: 0, by: usize::MAX };

    pub fn at(self, tap: usize) -> usize {
        self.last.wrapping_sub(tap.wrapping_mul(self.by))
    }

    /// Those from a tap on.
    pub fn from(self, tap: usize) -> Self {
        Self { last: self.at(tap), ..self }
    }
}

/// Positions along an axis that meet the same taps, and those taps.
#[derive(Clone, Copy)]
pub struct Grids<'a> {
    axis: &'a Axis,
    /// Are taps that meet none of the source none of them?
    skip: bool,
    /// The positions of a class, and how many classes there are.
    of: fn(&Axis, usize) -> (Line, Taps),
    classes: usize,
    class: usize,
    position: usize,
}

impl<'a> Grids<'a> {
    /// Of the outputs.
    pub fn outputs(axis: &'a Axis) -> Self {
        let of = |axis: &Axis, _| (outputs_of(axis), Taps::FORWARD);
        Self { axis, skip: false, of, classes: 1, class: 0, position: 0 }
    }

    /// Of the pixels of the image.
    pub fn pixels(axis: &'a Axis) -> Self {
        let classes = axis.stride.min(axis.size);
        Self { axis, skip: false, of: class_of, classes, class: 0, position: 0 }
    }

    pub fn skipping(self, skip: bool) -> Self {
        Self { skip, ..self }
    }
}

impl Iterator for Grids<'_> {
    type Item = (Line, Taps);

    #[inline(never)]
    fn next(&mut self) -> Option<Self::Item> {
        if self.class == self.classes {
            return None;
        }
        let (line, taps) = (self.of)(self.axis, self.class);
        let (part, tap) = line.part(self.position, self.skip);
        self.position += part.count;
        if self.position == line.count {
            (self.class, self.position) = (self.class + 1, 0);
        }
        Some((part, taps.from(tap)))
    }
}

/// The pixels class, class + stride, … of an image, and the taps that they meet: those for which class + before − tap ·
/// dilation is a multiple of the stride, every `by`-th.
#[inline(never)]
pub fn class_of(axis: &Axis, class: usize) -> (Line, Taps) {
    let &Axis { size, out, kernel, stride, dilation, before } = axis;
    let by = stride / divisor(stride, dilation % stride);
    // What a tap reaches, in pixels of the padded outputs as they were before the stride.
    let reach = |tap: usize| class as i64 + before as i64 - tap as i64 * dilation as i64;
    let first = (0..kernel.min(by)).find(|&tap| reach(tap) % stride as i64 == 0);
    let taps = first.map_or(0, |first| (kernel - 1 - first) / by + 1);
    let last = first.unwrap_or(0) + by * taps.saturating_sub(1);
    let line = Line {
        count: (size - class).div_ceil(stride),
        start: class,
        stride,
        size,
        source: out,
        taps,
        step: 1,
        first: (reach(last) / stride as i64) as usize,
        next: (by as u64 * dilation as u64 / stride as u64) as usize,
    };
    (line, Taps { last, by })
}

/// The largest number that divides both.
fn divisor(a: usize, b: usize) -> usize {
    if b == 0 { a } else { divisor(b, a % b) }
}
