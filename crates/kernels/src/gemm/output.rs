//! C, tile by tile: where a tile lies, and what happens to it before it is stored.

use core::ops::Range;

use super::Epilogue;
use super::micro::{MR, NR, Tile};
use crate::activation;
use crate::lane::{F32x4, Lane};

/// Some rows of C. A thin C is computed as its transpose, so that its rows fill the vectors.
pub struct Output<'a> {
    pub c: &'a mut [f32], // (rows, n)
    pub n: usize,
    pub k: usize,
    pub thin: bool,
    /// The first row of C that `c` holds.
    pub first: usize,
    pub epilogue: &'a Epilogue<'a>,
}

/// A tile's place: `left` indexes its MR rows, `right` its NR columns.
#[derive(Clone, Copy)]
pub struct Place {
    pub left: usize,
    pub right: usize,
    pub height: usize,
    pub width: usize,
}

impl Output<'_> {
    /// What was stored after the steps of k so far.
    #[inline(never)]
    pub fn load(&self, place: Place, tile: &mut Tile) {
        let (start, down, across) = self.layout(place);
        for (i, row) in tile.as_chunks_mut::<2>().0.iter_mut().take(place.height).enumerate() {
            let c = self.c[start + i * down..].iter().step_by(across);
            row.as_flattened_mut().iter_mut().zip(c).take(place.width).for_each(|(x, c)| *x = *c);
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
            for (x, row) in tile.as_chunks::<2>().0.iter().zip(self.c[start..].chunks_mut(self.n)) {
                if let Some([low, high]) = row.as_chunks_mut().0.first_chunk_mut() {
                    F32x4::load(&x[0]).store(low);
                    F32x4::load(&x[1]).store(high);
                }
            }
        } else {
            self.store_edge(place, tile);
        }
    }

    #[inline(never)]
    fn store_edge(&mut self, place: Place, tile: &Tile) {
        let (start, down, across) = self.layout(place);
        for (i, x) in tile.as_chunks::<2>().0.iter().take(place.height).enumerate() {
            if across == 1 {
                let row = &mut self.c[start + i * down..][..place.width];
                let (low, high) = row.split_at_mut(place.width.min(4));
                F32x4::load(&x[0]).store_partial(low);
                F32x4::load(&x[1]).store_partial(high);
            } else {
                let row = self.c[start + i * down..].iter_mut().step_by(across);
                row.zip(x.as_flattened()).take(place.width).for_each(|(c, x)| *c = *x);
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

    #[inline(always)]
    fn finish(&self, place: Place, tile: &mut Tile) {
        let &Epilogue { bias, activation, params } = self.epilogue;
        if let Some(bias) = bias {
            self.add_bias(bias, place, tile);
        }
        activation::forward_tile(activation, params, tile);
    }

    #[inline(never)]
    fn add_bias(&self, bias: &[f32], place: Place, tile: &mut Tile) {
        let rows = tile.as_chunks_mut::<2>().0;
        if self.thin {
            for (row, &bias) in rows.iter_mut().zip(&bias[place.left..]) {
                row.iter_mut().for_each(|x| (F32x4::load(x) + F32x4::splat(bias)).store(x));
            }
            return;
        }
        let bias = &bias[place.right..][..place.width];
        let (low, high) = bias.split_at(place.width.min(4));
        let bias = [low, high].map(|bias| F32x4::load_partial(bias, 0.0));
        for [low, high] in rows {
            (F32x4::load(low) + bias[0]).store(low);
            (F32x4::load(high) + bias[1]).store(high);
        }
    }
}
