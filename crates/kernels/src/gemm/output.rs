//! C, tile by tile and row by row.

use core::ops::Range;
use core::slice::from_mut;

use super::micro::{self, MR, NR, Spread, Steps, Tile, UNROLL};

/// Some rows of C. A thin C is computed as its transpose, so that its rows fill the vectors.
pub struct Output<'a> {
    pub c: &'a mut [f32], // (rows, n)
    pub n: usize,
    pub thin: bool,
    /// The first row of C that `c` holds.
    pub first: usize,
}

/// A tile's place: `left` indexes its rows, `right` its columns.
pub struct Place {
    pub left: Range<usize>,
    pub right: Range<usize>,
}

impl Output<'_> {
    /// Adds some steps of k to the tiles of a row, to 0 if `fresh`. A tile over the edge is computed
    /// in `tile`.
    #[inline(never)]
    pub fn multiply(
        &mut self,
        place: &Place,
        left: &[Spread],
        right: &[Steps],
        fresh: bool,
        tile: &mut Tile,
    ) {
        let whole = if self.thin || place.left.len() < MR { 0 } else { place.right.len() / NR };
        if whole > 0 {
            let mut rows = self.rows(place);
            let mut next = || rows.next().map_or(Default::default(), |row| row.as_chunks_mut().0);
            micro::multiply(left, right, fresh, [next(), next(), next(), next()]);
        }
        let columns = place.right.start + whole * NR..place.right.end;
        let panels = right.chunks_exact(left.len().div_ceil(UNROLL)).skip(whole);
        for (columns, right) in blocks(&columns, NR).zip(panels) {
            let place = Place { left: place.left.clone(), right: columns };
            if !fresh {
                self.exchange(&place, tile, |x, c| *x = *c);
            }
            micro::multiply(left, right, fresh, tile.each_mut().map(from_mut));
            self.exchange(&place, tile, |x, c| *c = *x);
        }
    }

    /// Copies a tile in either direction.
    #[inline(never)]
    fn exchange(&mut self, place: &Place, tile: &mut Tile, copy: impl Fn(&mut f32, &mut f32)) {
        let (start, down, across) = if self.thin {
            ((place.right.start - self.first) * self.n + place.left.start, 1, self.n)
        } else {
            ((place.left.start - self.first) * self.n + place.right.start, self.n, 1)
        };
        for (i, row) in tile.iter_mut().take(place.left.len()).enumerate() {
            let c = self.c[start + i * down..].iter_mut().step_by(across);
            row.iter_mut().zip(c).take(place.right.len()).for_each(|(x, c)| copy(x, c));
        }
    }

    /// The columns `right` of the rows `left`, one row after the other.
    pub fn rows(&mut self, place: &Place) -> impl Iterator<Item = &mut [f32]> {
        let start = (place.left.start - self.first) * self.n;
        let rows = self.c[start..].chunks_mut(self.n).take(place.left.len());
        let columns = place.right.clone();
        rows.map(move |row| &mut row[columns.clone()])
    }
}

/// The range in pieces of `size`, the last one smaller.
pub fn blocks(range: &Range<usize>, size: usize) -> impl Iterator<Item = Range<usize>> {
    let end = range.end;
    range.clone().step_by(size).map(move |start| start..end.min(start + size))
}
