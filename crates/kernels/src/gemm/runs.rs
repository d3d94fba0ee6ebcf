//! The inner loop where the left operand stays where it lies.

use core::ops::Range;
use core::slice::ChunksExact;

use super::micro::{KC, MR, NR, Steps, Sums, add, halves, put};
use crate::lane::{self, F32x4, Lane, Lying, Splats};

/// Where a row is.
#[derive(Clone, Copy)]
pub struct Place {
    /// Where in C it begins.
    pub row: usize,
    /// Where it begins in the left operand, or before it, if what it has is there.
    pub start: Option<usize>,
}

impl Place {
    pub const OUTSIDE: Self = Self { row: 0, start: None };

    /// Rows of so many columns beside each other, of a C that begins with the row `first`.
    #[inline(never)]
    pub fn beside(first: usize, columns: usize, rows: &Range<usize>, places: &mut [Self]) {
        let mut row = (rows.start - first) * columns;
        for place in places {
            *place = Self { row, start: None };
            row += columns;
        }
    }
}

/// Sums from 0 of four rows after the other, as long as all steps of each lie in x, where C is one tile wide; gives how many rows
/// that were. right: (k, NR)
#[inline(never)]
pub fn quads(
    x: &[f32],
    lying: &Lying<KC>,
    places: &[Place],
    right: &[[f32; NR]],
    c: &mut [f32],
) -> usize {
    let mut done = 0;
    for quad in places.as_chunks::<MR>().0 {
        let [Some(s0), Some(s1), Some(s2), Some(s3)] = quad.map(|place| place.start) else { break };
        let Some(left) = Splats::of(x, [s0, s1, s2, s3], lying) else { break };
        let sums = added([[F32x4::splat(0.0); 2]; MR], left, right);
        for (sums, place) in sums.into_iter().zip(quad) {
            if let Some(row) = tile(c, place.row) {
                put(sums, row);
            }
        }
        done += MR;
    }
    done
}

/// sums + left right, sequential in k
#[inline(always)]
fn added<'a>(
    mut sums: Sums<2>,
    left: Splats,
    right: impl IntoIterator<Item = &'a [f32; NR]>,
) -> Sums<2> {
    for (left, right) in left.steps().zip(right) {
        for (sums, left) in sums.iter_mut().zip(left) {
            *sums = add(*sums, left, halves(right));
        }
    }
    sums
}

/// A row of a tile.
#[inline(always)]
fn tile(c: &mut [f32], at: usize) -> Option<&mut [f32; NR]> {
    c.get_mut(at..)?.first_chunk_mut()
}

/// As [`super::micro::multiply`], of steps that all lie there.
#[inline(never)]
pub fn all(left: Splats, right: ChunksExact<Steps>, fresh: bool, c: [&mut [[f32; NR]]; MR]) {
    tiles(left, right.map(|right| right.as_flattened()), fresh, c);
}

/// The same of some; the others have zeros.
#[inline(never)]
pub fn some(
    left: Splats,
    right: ChunksExact<Steps>,
    lying: &Lying<KC>,
    fresh: bool,
    c: [&mut [[f32; NR]]; MR],
) {
    tiles(left, right.filter_map(|right| lane::picked(right.as_flattened(), lying)), fresh, c);
}

/// One tile after the other, each with its steps of the right operand.
#[inline(always)]
fn tiles<'a, R: IntoIterator<Item = &'a [f32; NR]>>(
    left: Splats,
    right: impl Iterator<Item = R>,
    fresh: bool,
    [c0, c1, c2, c3]: [&mut [[f32; NR]]; MR],
) {
    for ((((right, c0), c1), c2), c3) in right.zip(c0).zip(c1).zip(c2).zip(c3) {
        let c = [c0, c1, c2, c3];
        let mut sums: Sums<2> = [[F32x4::splat(0.0); 2]; MR];
        if !fresh {
            sums = c.each_ref().map(|row| halves(row));
        }
        let ([s0, s1, s2, s3], [c0, c1, c2, c3]) = (added(sums, left, right), c);
        put(s0, c0);
        put(s1, c1);
        put(s2, c2);
        put(s3, c3);
    }
}
