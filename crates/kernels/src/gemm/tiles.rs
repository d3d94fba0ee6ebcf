//! Tiles of C, wherever its rows lie.

use core::mem::swap;
use core::ops::Range;
use core::slice::from_mut;

use super::blocks;
use super::micro::{self, KC, MR, NR, Spread, Steps, Tile, UNROLL};
use super::runs::{self, Place};
use crate::lane::{Lying, Splats};

/// Some steps of k of MR rows of the left operand: copied, or where they lie.
pub enum Quad<'a> {
    Spread(&'a [Spread]),
    Lie(Splats<'a>, &'a Lying<KC>),
}

impl<'a> Quad<'a> {
    /// The rows of x at these places where they lie, if there are MR and each is there.
    pub fn of(x: &'a [f32], lying: &'a Lying<KC>, places: &[Place]) -> Option<Self> {
        let mut starts = [0; MR];
        for (start, place) in starts.iter_mut().zip(places.first_chunk::<MR>()?) {
            *start = place.start?;
        }
        Some(Quad::Lie(Splats::of(x, starts, lying)?, lying))
    }

    #[inline(always)]
    fn multiply(&self, ks: &Range<usize>, right: &[Steps], c: [&mut [[f32; NR]]; MR]) {
        let fresh = ks.start == 0;
        match *self {
            Self::Spread(left) => micro::multiply(left, right, fresh, c),
            Self::Lie(left, lying) => {
                let right = right.chunks_exact(ks.len().div_ceil(UNROLL));
                if lying.count() == ks.len() {
                    runs::all(left, right, fresh, c);
                } else {
                    runs::some(left, right, lying, fresh, c);
                }
            }
        }
    }
}

/// Up to MR rows of C.
pub struct Rows<'a> {
    pub c: &'a mut [f32],
    pub places: &'a [Place],
}

impl Rows<'_> {
    /// Some columns of each; those that are not there are empty.
    pub fn rows(&mut self, columns: &Range<usize>) -> [&mut [f32]; MR] {
        let (mut rest, mut at) = (&mut *self.c, 0);
        let mut places = self.places.iter();
        [(); MR].map(|()| {
            let Some(&Place { row: place, .. }) = places.next() else { return Default::default() };
            let (_, from) = core::mem::take(&mut rest).split_at_mut(place + columns.start - at);
            let (row, after) = from.split_at_mut(columns.len());
            (rest, at) = (after, place + columns.end);
            row
        })
    }

    /// Adds some steps of k to the tiles of the rows. A tile over the edge is computed in `tile`.
    #[inline(never)]
    pub fn multiply(
        &mut self,
        columns: &Range<usize>,
        left: &Quad,
        ks: &Range<usize>,
        right: &[Steps],
        tile: &mut Tile,
    ) {
        let whole = if self.places.len() < MR { 0 } else { columns.len() / NR };
        if whole > 0 {
            let rows = self.rows(columns).map(|row| row.as_chunks_mut().0);
            left.multiply(ks, right, rows);
        }
        let edge = columns.start + whole * NR..columns.end;
        let panels = right.chunks_exact(ks.len().div_ceil(UNROLL)).skip(whole);
        for (columns, right) in blocks(&edge, NR).zip(panels) {
            if ks.start > 0 {
                self.exchange(&columns, tile);
            }
            left.multiply(ks, right, tile.each_mut().map(from_mut));
            self.exchange(&columns, tile);
        }
    }

    /// What is in the tile for what is in C.
    #[inline(never)]
    fn exchange(&mut self, columns: &Range<usize>, tile: &mut Tile) {
        for (row, c) in tile.iter_mut().zip(self.rows(columns)) {
            exchange(row, c);
        }
    }
}

/// A function of its own, as four of them beside each other are large.
#[inline(never)]
fn exchange(row: &mut [f32; NR], c: &mut [f32]) {
    row.iter_mut().zip(c).for_each(|(x, c)| swap(x, c));
}
