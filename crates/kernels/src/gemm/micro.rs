//! The inner loop: a 4x8 tile of C in eight vector registers.

use crate::lane::{F32x4, Lane};

/// Rows of a tile.
pub const MR: usize = 4;
/// Columns of a tile: two vectors.
pub const NR: usize = 8;
/// Steps of k in one turn of the loop.
pub const UNROLL: usize = 8;

/// Most steps of k between the loads and stores of a tile: a panel of the left operand takes 16 KB.
pub const KC: usize = 256;
/// Vectors of the right operand packed at once.
pub const NC: usize = 512;
/// Floats of a cache line.
pub const LINE: usize = 16;

/// A tile of C, or of its transpose.
pub type Tile = [[f32; NR]; MR];

/// One step of k of the left operand: the value of each row in all lanes of a vector. V8 folds the
/// offset of a load into the instruction, but not that of a load that splats.
pub type Spread = [[f32; 4]; MR];

/// Some steps of k of the right operand.
pub type Steps = [[f32; NR]; UNROLL];

/// V vectors for each of four rows.
pub type Sums<const V: usize> = [[F32x4; V]; MR];

/// c += left right, sequential in k, from 0 if `fresh`, for the tiles beside each other of which c
/// has the rows; left: (k, MR), right: for each tile (k, NR), padded
///
/// The loop can be left after each step, which makes every step a block of its own: in longer blocks
/// Node 20 brings all loads to the top and runs out of registers.
#[inline(never)]
pub fn multiply(left: &[Spread], right: &[Steps], fresh: bool, c: [&mut [[f32; NR]]; MR]) {
    let [c0, c1, c2, c3] = c;
    let tiles = right.chunks_exact(left.len().div_ceil(UNROLL)).zip(c0).zip(c1).zip(c2).zip(c3);
    for ((((right, c0), c1), c2), c3) in tiles {
        let c = [c0, c1, c2, c3];
        let mut sums = [[F32x4::splat(0.0); 2]; MR];
        if !fresh {
            sums = c.each_ref().map(|row| halves(row));
        }
        let mut steps = left.iter().zip(right.as_flattened());
        let mut go = || advance(&mut steps, &mut sums);
        while go() && go() && go() && go() && go() && go() && go() && go() {}
        // one by one: a loop over the rows stores the tile twice
        let ([s0, s1, s2, s3], [c0, c1, c2, c3]) = (sums, c);
        put(s0, c0);
        put(s1, c1);
        put(s2, c2);
        put(s3, c3);
    }
}

/// The next step of k, if there is one.
#[inline(always)]
fn advance<'a>(
    steps: &mut impl Iterator<Item = (&'a Spread, &'a [f32; NR])>,
    sums: &mut Sums<2>,
) -> bool {
    let Some((left, right)) = steps.next() else { return false };
    for (sums, left) in sums.iter_mut().zip(left.each_ref().map(F32x4::load)) {
        *sums = add(*sums, left, halves(right));
    }
    true
}

#[inline(always)]
pub fn put([left, right]: [F32x4; 2], row: &mut [f32; NR]) {
    let (halves, _) = row.as_chunks_mut();
    left.store(&mut halves[0]);
    right.store(&mut halves[1]);
}

/// One step of k for a row: sums + left right
#[inline(always)]
pub fn add<const V: usize>(sums: [F32x4; V], left: F32x4, right: [F32x4; V]) -> [F32x4; V] {
    core::array::from_fn(|v| sums[v].madd(left, right[v]))
}

#[inline(always)]
pub fn halves(row: &[f32; NR]) -> [F32x4; 2] {
    let (vectors, _) = row.as_chunks::<4>();
    [F32x4::load(&vectors[0]), F32x4::load(&vectors[1])]
}
