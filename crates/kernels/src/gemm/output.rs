//! C, tile by tile: where a tile lies, and what happens to it before it is stored.

use core::ops::Range;

use super::micro::{MR, NR, Tile, halves, store_halves};
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

    /// Zeros for the first steps of k, what was stored for the later ones.
    #[inline(always)]
    pub fn load(&self, ks: &Range<usize>, place: Place) -> Tile {
        let mut tile = [[F32x4::splat(0.0); 2]; MR];
        if ks.start > 0 {
            self.reload(place, &mut tile);
        }
        tile
    }

    #[inline(never)]
    fn reload(&self, place: Place, tile: &mut Tile) {
        let (start, down, across) = self.layout(place);
        for (i, sums) in tile.iter_mut().take(place.height).enumerate() {
            let mut row = [0.0; NR];
            for (j, x) in row.iter_mut().take(place.width).enumerate() {
                *x = self.c[start + i * down + j * across];
            }
            *sums = halves(&row);
        }
    }

    /// After the last steps of k with bias and activation.
    #[inline(always)]
    pub fn store(&mut self, ks: &Range<usize>, place: Place, tile: &mut Tile) {
        if ks.end == self.k {
            self.finish(place, tile);
        }
        if !self.thin && place.height == MR && place.width == NR {
            let start = (place.left - self.first) * self.n + place.right;
            for (sums, row) in tile.iter().zip(self.c[start..].chunks_mut(self.n)) {
                if let Some(row) = row.first_chunk_mut() {
                    store_halves(*sums, row);
                }
            }
        } else {
            self.store_edge(place, tile);
        }
    }

    #[inline(never)]
    fn store_edge(&mut self, place: Place, tile: &Tile) {
        let (start, down, across) = self.layout(place);
        for (i, sums) in tile.iter().take(place.height).enumerate() {
            let mut values = [0.0; NR];
            store_halves(*sums, &mut values);
            let row = self.c[start + i * down..].iter_mut().step_by(across);
            row.zip(values).take(place.width).for_each(|(c, sum)| *c = sum);
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

    #[inline(always)]
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
                let [low, high] = match bias.first_chunk() {
                    Some(bias) => halves(bias),
                    None => padded(bias),
                };
                for sums in tile.iter_mut() {
                    *sums = [sums[0] + low, sums[1] + high];
                }
            }
            None => {}
        }
        activation::forward_tile(activation, params, tile.as_flattened_mut());
    }
}

/// Fewer than NR floats, then zeros.
#[inline(always)]
fn padded(x: &[f32]) -> [F32x4; 2] {
    let (low, high) = x.split_at(x.len().min(4));
    [F32x4::load_partial(low, 0.0), F32x4::load_partial(high, 0.0)]
}
