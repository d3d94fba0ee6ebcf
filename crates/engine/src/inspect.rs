//! What callers may ask of the floats in a block beside running programs: `words` of them from `offset`
//! on, or nothing where the block does not have them. And random numbers in a block, as first weights.

use alloc::vec;
use alloc::vec::Vec;

use ferrograd_kernels::random::{self, Distribution, Stream};
use ferrograd_kernels::{peak, statistics};

use crate::engine::Engine;
use crate::instruction::Table;
use crate::memory::Handle;

impl<T: Table> Engine<T> {
    /// Fills a block with the random numbers that an op of `Op::Random` gives at step 0.
    pub fn draw(&mut self, handle: Handle, dist: Distribution, p: [f32; 2], stream: &Stream) {
        random::random(dist, p, stream, 0, self.blocks.floats(handle).unwrap_or_default());
    }

    #[inline(never)]
    fn floats(&mut self, handle: Handle, offset: usize, words: usize) -> &[f32] {
        let block: &[f32] = self.blocks.floats(handle).unwrap_or_default();
        block.get(offset..).and_then(|floats| floats.get(..words)).unwrap_or_default()
    }

    /// Index of the first NaN or infinity, counted from `offset`.
    pub fn first_non_finite(
        &mut self,
        handle: Handle,
        offset: usize,
        words: usize,
    ) -> Option<usize> {
        peak::first_non_finite(self.floats(handle, offset, words))
    }

    /// The sums of squares and of elements, in f64.
    pub fn survey(&mut self, handle: Handle, offset: usize, words: usize) -> statistics::Survey {
        statistics::survey(self.floats(handle, offset, words))
    }

    /// Counts in bins of width 1/scale from `min` on.
    pub fn histogram(
        &mut self,
        handle: Handle,
        offset: usize,
        words: usize,
        [min, scale]: [f64; 2],
        bins: usize,
    ) -> Vec<u32> {
        let mut counts = vec![0; bins];
        statistics::histogram(self.floats(handle, offset, words), min, scale, &mut counts);
        counts
    }

    /// The mean over rows of `units` elements of |sum| / sum of absolute values.
    pub fn one_signed(&mut self, handle: Handle, offset: usize, words: usize, units: usize) -> f64 {
        statistics::one_signed(self.floats(handle, offset, words), units)
    }

    /// Positive elements of each of `units` columns, then negative ones.
    pub fn column_signs(
        &mut self,
        handle: Handle,
        offset: usize,
        words: usize,
        units: usize,
    ) -> Vec<u32> {
        let mut counts = vec![0; 2 * units];
        statistics::column_signs(self.floats(handle, offset, words), &mut counts);
        counts
    }
}
