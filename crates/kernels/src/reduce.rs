//! Reductions in an order that depends on shapes alone. A tensor is seen as (outer, n, inner) and
//! n is reduced. Long sums are cut into blocks of [`BLOCK`], so that workers can share them:
//! `sum_blocks` sums each block in f64, `join_blocks` adds the blocks in order. Sums have the trees of
//! [`sum`]. A maximum is the same in any order, so it is taken in one go.

use core::ops::Range;

use crate::codes::coded_enum;
use crate::lane::Lane;
use crate::sum::{self, TREE};
use crate::vector;

coded_enum! {
    pub enum Reduction {
        /// 0 of nothing
        Sum,
        /// NaN of nothing
        Mean,
        /// -infinity of nothing, NaN when an element is NaN
        Max,
    }
}

impl Reduction {
    /// The blocks of a reduction over n that has two phases, or 0.
    pub fn partials(self, n: usize) -> usize {
        let blocks = blocks(n);
        if self == Reduction::Max || blocks == 1 { 0 } else { blocks }
    }

    /// What the sum of n elements is multiplied with.
    fn scale(self, n: usize) -> f64 {
        if self == Reduction::Mean { 1.0 / n as f64 } else { 1.0 }
    }
}

/// The elements of n that are summed at once.
pub const BLOCK: usize = 4096;

/// The number of blocks of n elements: at least one.
pub fn blocks(n: usize) -> usize {
    n.div_ceil(BLOCK).max(1)
}

/// Columns whose sums are under way together.
const COLUMNS: usize = 1024;
/// Floats that are walked through column by column, in the L1 cache.
const STRIP: usize = 4096;

/// Reduces n in one phase; x: (outers, n, inner), y: (outers, inner)
#[inline(never)]
pub fn reduce(kind: Reduction, n: usize, inner: usize, x: &[f32], y: &mut [f32]) {
    let scale = kind.scale(n);
    if kind != Reduction::Max && inner == 1 {
        return sum::sum_rows(scale, n, x, y);
    }
    for (i, y) in y.chunks_exact_mut(inner.max(1)).enumerate() {
        let x = &x[i * n * inner..][..n * inner];
        match (kind, &mut *y) {
            (Reduction::Max, [y]) => *y = vector::max16(x),
            (Reduction::Max, y) => max_rows(x, y),
            _ => columns(n, inner, x, |at, sums| {
                sum::scaled(scale, sums, &mut y[at..at + sums.len()]);
            }),
        }
    }
}

/// y[j] = max x[0][j], x[1][j] ..; x: (rows, n), y: (n)
#[inline(never)]
fn max_rows(x: &[f32], y: &mut [f32]) {
    vector::fold_rows(f32::NEG_INFINITY, x, y, Lane::maximum);
}

/// Hands over the sums of some columns at a time, with the first one's number; x: (rows, n)
fn columns(rows: usize, n: usize, x: &[f32], mut found: impl FnMut(usize, &[f64])) {
    let (mut few, mut many);
    let room: &mut [f64] = if n <= 16 {
        few = [0.0; 16];
        &mut few
    } else {
        many = [0.0; COLUMNS];
        &mut many
    };
    for at in (0..n).step_by(COLUMNS) {
        let sums = &mut room[..COLUMNS.min(n - at)];
        sums.fill(0.0);
        let strip = (STRIP / sums.len()).max(TREE) / TREE * TREE;
        for row in (0..rows).step_by(strip) {
            sum::add_columns(n, strip.min(rows - row), &x[row * n + at..], sums);
        }
        found(at, sums);
    }
}

/// Sums blocks, numbered through (outer, blocks); x: (outer, n, inner), the whole tensor,
/// partials: (own.len(), inner)
#[inline(never)]
pub fn sum_blocks(n: usize, inner: usize, own: Range<usize>, x: &[f32], partials: &mut [f64]) {
    let per_outer = blocks(n);
    for (block, partials) in own.zip(partials.chunks_exact_mut(inner.max(1))) {
        let (start, block) = (block / per_outer * n, block % per_outer);
        let rows = block * BLOCK..n.min((block + 1) * BLOCK);
        let x = &x[(start + rows.start) * inner..(start + rows.end) * inner];
        match partials {
            [partial] => *partial = sum::sum(x),
            _ => columns(rows.len(), inner, x, |at, sums| {
                partials[at..][..sums.len()].copy_from_slice(sums);
            }),
        }
    }
}

/// Adds the blocks in order; partials: (outers, blocks(n), inner), y: (outers, inner)
#[inline(never)]
pub fn join_blocks(kind: Reduction, n: usize, inner: usize, partials: &[f64], y: &mut [f32]) {
    let (inner, scale) = (inner.max(1), kind.scale(n));
    let own = y.chunks_exact_mut(inner).zip(partials.chunks_exact(blocks(n) * inner));
    for (y, partials) in own {
        for (j, y) in y.iter_mut().enumerate() {
            let sum = partials[j..].iter().step_by(inner).fold(0.0, |sum, x| sum + x);
            *y = (sum * scale) as f32;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// In two shares where there are two phases.
    fn reduced(kind: Reduction, outer: usize, n: usize, inner: usize, x: &[f32]) -> Vec<f32> {
        let mut y = vec![f32::NAN; outer * inner];
        let count = outer * kind.partials(n);
        if count == 0 {
            reduce(kind, n, inner, x, &mut y);
            return y;
        }
        let mut partials = vec![f64::NAN; count * inner];
        let (head, tail) = partials.split_at_mut(count / 2 * inner);
        sum_blocks(n, inner, 0..count / 2, x, head);
        sum_blocks(n, inner, count / 2..count, x, tail);
        join_blocks(kind, n, inner, &partials, &mut y);
        y
    }

    #[test]
    fn sums_and_maxima_match_a_naive_loop() {
        for outer in [1, 3] {
            for n in [0, 1, 2, 15, 16, 17, 33, BLOCK, BLOCK + 1, 2 * BLOCK + 5] {
                for inner in [1, 2, 5, 8] {
                    let x: Vec<f32> =
                        (0..outer * n * inner).map(|i| (i * 31 % 64) as f32 - 31.0).collect();
                    let sum = reduced(Reduction::Sum, outer, n, inner, &x);
                    let max = reduced(Reduction::Max, outer, n, inner, &x);
                    for o in 0..outer {
                        for j in 0..inner {
                            let run = (0..n).map(|i| x[(o * n + i) * inner + j]);
                            // Integers this small are summed exactly in any order.
                            assert_eq!(sum[o * inner + j], run.clone().sum::<f32>());
                            assert_eq!(max[o * inner + j], run.fold(f32::NEG_INFINITY, f32::max));
                        }
                    }
                }
            }
        }
    }

    #[test]
    fn a_maximum_keeps_nan() {
        let mut x = vec![1.0; 40];
        x[33] = f32::NAN;
        assert!(reduced(Reduction::Max, 1, 40, 1, &x)[0].is_nan());
        assert!(reduced(Reduction::Max, 1, 20, 2, &x)[1].is_nan());
    }
}
