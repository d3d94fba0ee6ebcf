//! C, tile by tile: where a tile lies, and what happens to it before it is stored.

use core::ops::Range;

use super::micro::{MR, NR, Tile, halves};
use super::{Epilogue, Gemm};
use crate::activation;
use crate::lane::{F32x4, Lane};

/// Some rows of C. A thin C is computed as its transpose, so that its rows fill the vectors.
pub struct Output<'a> {
    pub thin: bool,
    c: &'a mut [f32], // (rows, n)
    n: usize,
    k: usize,
    /// The first row of C that `c` holds.
    first: usize,
    epilogue: &'a Epilogue<'a>,
}

/// A tile's place: `left` indexes its MR rows, `right` its NR columns.
#[derive(Clone, Copy)]
pub struct Place {
    pub left: usize,
    pub right: usize,
    pub height: usize,
    pub width: usize,
}

impl<'a> Output<'a> {
    pub fn new(shape: &Gemm, first: usize, epilogue: &'a Epilogue, c: &'a mut [f32]) -> Self {
        Self { thin: shape.n <= MR, c, n: shape.n, k: shape.k, first, epilogue }
    }

    /// f is not applied yet: the sums of no products, and the bias.
    pub fn fill(&mut self) {
        for row in self.c.chunks_exact_mut(self.n.max(1)) {
            row.fill(0.0);
            if let Some(bias) = self.epilogue.bias {
                row.iter_mut().zip(bias).for_each(|(c, bias)| *c += bias);
            }
        }
    }

    /// Zeros for the first steps of k, what was stored for the later ones.
    #[inline(always)]
    pub fn load(&self, ks: &Range<usize>, place: Place) -> Tile {
        let mut tile = [[F32x4::splat(0.0); 2]; MR];
        if ks.start > 0 {
            let (start, down, across) = self.layout(place);
            for (i, sums) in tile.iter_mut().take(place.height).enumerate() {
                let mut row = [0.0; NR];
                let stored = self.c[start + i * down..].iter().step_by(across);
                row.iter_mut().zip(stored).take(place.width).for_each(|(x, c)| *x = *c);
                *sums = halves(&row);
            }
        }
        tile
    }

    /// After the last steps of k with bias and activation.
    #[inline(always)]
    pub fn store(&mut self, ks: &Range<usize>, place: Place, mut tile: Tile) {
        if ks.end == self.k {
            self.finish(place, &mut tile);
        }
        let (start, down, across) = self.layout(place);
        for (i, [low, high]) in tile.into_iter().take(place.height).enumerate() {
            let row = &mut self.c[start + i * down..];
            if across == 1 && place.width == NR {
                let (vectors, _) = row.as_chunks_mut::<4>();
                low.store(&mut vectors[0]);
                high.store(&mut vectors[1]);
            } else {
                let sums = [low.to_array(), high.to_array()];
                let row = row.iter_mut().step_by(across);
                row.zip(sums.as_flattened()).take(place.width).for_each(|(c, sum)| *c = *sum);
            }
        }
    }

    /// Where the tile starts in c, and the strides of its rows and columns.
    fn layout(&self, place: Place) -> (usize, usize, usize) {
        if self.thin {
            ((place.right - self.first) * self.n + place.left, 1, self.n)
        } else {
            ((place.left - self.first) * self.n + place.right, self.n, 1)
        }
    }

    fn finish(&self, place: Place, tile: &mut Tile) {
        let &Epilogue { bias, activation, params } = self.epilogue;
        match bias {
            Some(bias) if self.thin => {
                for (sums, &bias) in tile.iter_mut().zip(&bias[place.left..]) {
                    *sums = sums.map(|sum| sum + F32x4::splat(bias));
                }
            }
            Some(bias) => {
                let bias = &bias[place.right..][..place.width];
                let (low, high) = bias.split_at(bias.len().min(4));
                let [low, high] = [low, high].map(|bias| F32x4::load_partial(bias, 0.0));
                for sums in tile.iter_mut() {
                    *sums = [sums[0] + low, sums[1] + high];
                }
            }
            None => {}
        }
        activation::forward_tile(activation, params, tile.as_flattened_mut());
    }
}
