//! What positions along an axis sum over.

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
}

/// The pixels class, class + stride, … of an image, and the taps that they meet: those for which class + before − tap ·
/// dilation is a multiple of the stride, every `by`-th.
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
