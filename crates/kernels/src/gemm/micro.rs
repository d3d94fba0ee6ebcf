//! The inner loop: a 4x8 tile of C in eight vector registers.

use crate::lane::{F32x4, Lane};

/// Rows of a tile.
pub const MR: usize = 4;
/// Columns of a tile: two vectors.
pub const NR: usize = 8;

/// A tile of C, or of its transpose: two vectors for each row. There is one, in the worker's buffer:
/// a tile on the stack is filled and copied by calls out of the module.
pub type Tile = [[f32; 4]; 2 * MR];

/// V vectors for each of four rows.
pub type Sums<const V: usize> = [[F32x4; V]; MR];

/// tile += left right, sequential in k, from 0 if `fresh`; left: (k, MR), right: (k, NR)
#[inline(never)]
pub fn multiply(left: &[[f32; MR]], right: &[[f32; NR]], fresh: bool, tile: &mut Tile) {
    let mut sums = if fresh { [[F32x4::splat(0.0); 2]; MR] } else { read(tile) };
    for (left, right) in left.iter().zip(right) {
        step(left.each_ref(), halves(right), &mut sums);
    }
    write(sums, tile);
}

/// One step of k.
#[inline(always)]
pub fn step<const V: usize>(left: [&f32; MR], right: [F32x4; V], sums: &mut Sums<V>) {
    for (sums, left) in sums.iter_mut().zip(left) {
        let left = F32x4::splat(*left);
        for (sum, right) in sums.iter_mut().zip(right) {
            *sum = sum.madd(left, right);
        }
    }
}

#[inline(always)]
fn read(tile: &Tile) -> Sums<2> {
    core::array::from_fn(|i| [F32x4::load(&tile[2 * i]), F32x4::load(&tile[2 * i + 1])])
}

#[inline(always)]
fn write(sums: Sums<2>, tile: &mut Tile) {
    for (tile, sums) in tile.as_chunks_mut::<2>().0.iter_mut().zip(sums) {
        for (x, sum) in tile.iter_mut().zip(sums) {
            sum.store(x);
        }
    }
}

#[inline(always)]
pub fn halves(row: &[f32; NR]) -> [F32x4; 2] {
    let (vectors, _) = row.as_chunks::<4>();
    [F32x4::load(&vectors[0]), F32x4::load(&vectors[1])]
}
