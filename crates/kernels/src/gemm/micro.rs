//! The inner loop: a 4x8 tile of C in eight vector registers.

use crate::lane::{F32x4, Lane};

/// Rows of a tile.
pub const MR: usize = 4;
/// Columns of a tile: two vectors.
pub const NR: usize = 8;

/// A tile of C, or of its transpose.
pub type Tile = [[F32x4; 2]; MR];

/// tile += left right, sequential in k; left: (k, MR), right: (k, NR)
#[inline(never)]
pub fn multiply(left: &[[f32; MR]], right: &[[f32; NR]], tile: &mut Tile) {
    let mut sums = *tile;
    for (left, right) in left.iter().zip(right) {
        step(left, right, &mut sums);
    }
    *tile = sums;
}

#[inline(always)]
fn step(left: &[f32; MR], right: &[f32; NR], sums: &mut Tile) {
    let [low, high] = halves(right);
    for (sums, &left) in sums.iter_mut().zip(left) {
        let left = F32x4::splat(left);
        sums[0] = sums[0] + left * low;
        sums[1] = sums[1] + left * high;
    }
}

#[inline(always)]
pub fn halves(row: &[f32; NR]) -> [F32x4; 2] {
    let (vectors, _) = row.as_chunks::<4>();
    [F32x4::load(&vectors[0]), F32x4::load(&vectors[1])]
}

#[inline(always)]
pub fn store_halves([low, high]: [F32x4; 2], row: &mut [f32; NR]) {
    let (vectors, _) = row.as_chunks_mut::<4>();
    low.store(&mut vectors[0]);
    high.store(&mut vectors[1]);
}
