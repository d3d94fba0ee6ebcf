//! Pooling: windows over the two inner axes of (batch, height, width, channels), four channels at a time. What lies
//! outside of an image is left out. An output takes its window's elements in the order (y, x); backward an element takes
//! the windows that cover it in the order (y, x), so that each is written once, however windows overlap.

mod average;
mod max;
#[cfg(test)]
mod tests;

use core::ops::Range;

pub use self::average::{average_pool, average_pool_backward};
pub use self::max::{max_pool, max_pool_backward};
use crate::lane::F32x4;

/// Windows along one axis, of which the first begins `before` elements outside. They end within 2^31 elements.
#[derive(Clone, Copy)]
pub struct Axis {
    pub size: usize,
    pub out: usize,
    pub kernel: usize,
    pub stride: usize,
    pub before: usize,
}

impl Axis {
    /// The elements in a window.
    #[inline(always)]
    fn window(self, o: usize) -> Range<usize> {
        let start = o * self.stride;
        let end = (start + self.kernel).saturating_sub(self.before).min(self.size);
        start.saturating_sub(self.before).min(end)..end
    }

    /// The windows that an element is in.
    #[inline(always)]
    fn covering(self, i: usize) -> Range<usize> {
        let (at, stride) = (i + self.before, self.stride.max(1));
        let end = (at / stride + 1).min(self.out);
        (at + 1).saturating_sub(self.kernel).div_ceil(stride).min(end)..end
    }
}

/// Windows over images.
#[derive(Clone, Copy)]
pub struct Pool {
    pub rows: Axis,
    pub columns: Axis,
    pub channels: usize,
}

impl Pool {
    /// Elements of an image.
    fn image(self) -> usize {
        self.rows.size * self.columns.size * self.channels
    }

    /// Elements of what an image becomes.
    fn pooled(self) -> usize {
        self.rows.out * self.columns.out * self.channels
    }

    /// What a sum over these ranges of an image is divided by; all of a window counts where pads do.
    #[inline(always)]
    fn count(self, pads: bool, down: &Range<usize>, across: &Range<usize>) -> f32 {
        let count =
            if pads { self.rows.kernel * self.columns.kernel } else { down.len() * across.len() };
        count as f32
    }
}

/// Four from here on. What is read beyond a pixel is part of the next one, and not stored.
#[inline(always)]
fn load(x: &[f32], at: usize) -> F32x4 {
    let x = x.get(at..).unwrap_or_default();
    x.first_chunk().map_or_else(|| F32x4::load_partial(x, 0.0), F32x4::load)
}

#[inline(always)]
fn store(four: F32x4, y: &mut [f32]) {
    match y.first_chunk_mut() {
        Some(y) => four.store(y),
        None => four.store_partial(y),
    }
}
