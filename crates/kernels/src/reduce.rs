//! Reductions in an order that depends on shapes alone. A tensor is seen as (outer, n, inner) and
//! n is reduced, in blocks of [`BLOCK`]: `reduce_partial` folds each block, `reduce_combine` folds
//! the blocks in order. Within a block, a contiguous run (inner = 1) goes to 16 lanes, element i
//! to lane i mod 16, joined by a fixed tree; otherwise the rows are folded one after the other.

use core::ops::Range;

use crate::codes::coded_enum;
use crate::lane::{F32x4, F64x2, Lane};
use crate::vector;

coded_enum! {
    pub enum Reduction {
        /// 0 of nothing
        Sum,
        /// -infinity of nothing, NaN when an element is NaN
        Max,
    }
}

impl Reduction {
    fn unit(self) -> f32 {
        match self {
            Reduction::Sum => 0.0,
            Reduction::Max => f32::NEG_INFINITY,
        }
    }

    fn fold_run(self, x: &[f32]) -> f32 {
        match self {
            Reduction::Sum => vector::sum16(x),
            Reduction::Max => vector::max16(x),
        }
    }

    /// y[j] is the fold of x[0][j], x[1][j] ..; x: (rows, n), y: (n)
    #[inline(never)]
    fn fold_rows(self, x: &[f32], y: &mut [f32]) {
        let start = Some(self.unit());
        match self {
            Reduction::Sum => vector::sum_rows(start, x, y),
            Reduction::Max => vector::fold_rows(start, x, y, Lane::maximum),
        }
    }
}

/// The elements of n that are folded at once.
pub const BLOCK: usize = 4096;

/// The number of blocks of a reduction over n: at least one.
pub fn blocks(n: usize) -> usize {
    n.div_ceil(BLOCK).max(1)
}

/// Folds every block of these outer elements; x: (outer, n, inner), the whole tensor,
/// partials: (outer.len(), blocks(n), inner)
#[inline(never)]
pub fn reduce_partial(
    kind: Reduction,
    n: usize,
    inner: usize,
    outer: Range<usize>,
    x: &[f32],
    partials: &mut [f32],
) {
    if inner == 0 {
        return;
    }
    let per_outer = blocks(n);
    for (i, partial) in partials.chunks_exact_mut(inner).enumerate() {
        let (at, block) = (outer.start + i / per_outer, i % per_outer);
        let rows = block * BLOCK..n.min((block + 1) * BLOCK);
        let x = &x[(at * n + rows.start) * inner..(at * n + rows.end) * inner];
        if let [partial] = partial {
            *partial = kind.fold_run(x);
        } else {
            kind.fold_rows(x, partial);
        }
    }
}

/// Folds the blocks in order and scales the result; partials: (outers, blocks, inner), y: (outers, inner)
#[inline(never)]
pub fn reduce_combine(
    kind: Reduction,
    scale: f32,
    blocks: usize,
    inner: usize,
    partials: &[f32],
    y: &mut [f32],
) {
    if inner == 0 || blocks == 0 {
        return;
    }
    for (y, partials) in y.chunks_exact_mut(inner).zip(partials.chunks_exact(blocks * inner)) {
        kind.fold_rows(partials, y);
    }
    self::scale(scale, y);
}

/// y = factor y
pub fn scale(factor: f32, y: &mut [f32]) {
    if factor != 1.0 {
        y.iter_mut().for_each(|y| *y *= factor);
    }
}

/// The sum of x^2 in f64, element i in lane i mod 8.
#[inline(never)]
pub fn sum_of_squares(x: &[f32]) -> f64 {
    let (x8, tail) = x.as_chunks::<8>();
    let mut sums = [[F64x2::splat(0.0); 2]; 2];
    let mut add = |x: &[f32; 8]| {
        for (sums, x) in sums.iter_mut().zip(x.as_chunks().0) {
            *sums = F64x2::add_squares(*sums, F32x4::load(x));
        }
    };
    x8.iter().for_each(&mut add);
    let mut last = [0.0; 8];
    last[..tail.len()].copy_from_slice(tail);
    add(&last);
    let [[[a, b], [c, d]], [[e, f], [g, h]]] = sums.map(|sums| sums.map(F64x2::to_array));
    ((a + e) + (c + g)) + ((b + f) + (d + h))
}

/// The position of the first NaN or infinity.
#[inline(never)]
pub fn first_non_finite(x: &[f32]) -> Option<usize> {
    // v * 0 is a zero, or NaN where v is not finite.
    let times_0 = |sum: F32x4, x: F32x4| sum.madd(x, F32x4::splat(0.0));
    let mut sums = [F32x4::splat(0.0); 4];
    let (x16, rest) = x.as_chunks::<16>();
    for x in x16 {
        for (sum, x) in sums.iter_mut().zip(x.as_chunks().0) {
            *sum = times_0(*sum, F32x4::load(x));
        }
    }
    let (x4, tail) = rest.as_chunks();
    for x in x4 {
        sums[0] = times_0(sums[0], F32x4::load(x));
    }
    let [a, b, c, d] = sums;
    let rest: f32 = tail.iter().map(|x| x * 0.0).sum();
    let sum = ((a + b) + (c + d)).to_array().into_iter().fold(rest, |sum, x| sum + x);
    if sum == 0.0 { None } else { x.iter().position(|x| !x.is_finite()) }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn reduce(kind: Reduction, outer: usize, n: usize, inner: usize, x: &[f32]) -> Vec<f32> {
        let mut partials = vec![f32::NAN; outer * blocks(n) * inner];
        let cut = outer / 2;
        let (head, tail) = partials.split_at_mut(cut * blocks(n) * inner);
        reduce_partial(kind, n, inner, 0..cut, x, head);
        reduce_partial(kind, n, inner, cut..outer, x, tail);
        let mut y = vec![f32::NAN; outer * inner];
        reduce_combine(kind, 1.0, blocks(n), inner, &partials, &mut y);
        y
    }

    #[test]
    fn sums_and_maxima_match_a_naive_loop() {
        for outer in [1, 3] {
            for n in [0, 1, 2, 15, 16, 17, 33, BLOCK, BLOCK + 1, 2 * BLOCK + 5] {
                for inner in [1, 2, 5, 8] {
                    let x: Vec<f32> =
                        (0..outer * n * inner).map(|i| (i * 31 % 64) as f32 - 31.0).collect();
                    let sum = reduce(Reduction::Sum, outer, n, inner, &x);
                    let max = reduce(Reduction::Max, outer, n, inner, &x);
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
    fn elements_go_to_lane_i_mod_16() {
        let x: Vec<f32> = (0..100).map(|i| 1.0 / (i as f32 + 1.0)).collect();
        let mut lanes = [0.0f32; 16];
        x.iter().enumerate().for_each(|(i, x)| lanes[i % 16] += x);
        let mut width = 8;
        while width > 0 {
            (0..width).for_each(|i| lanes[i] += lanes[i + width]);
            width /= 2;
        }
        assert_eq!(reduce(Reduction::Sum, 1, 100, 1, &x), [lanes[0]]);
    }

    #[test]
    fn a_maximum_keeps_nan() {
        let mut x = vec![1.0; 40];
        x[33] = f32::NAN;
        assert!(reduce(Reduction::Max, 1, 40, 1, &x)[0].is_nan());
        assert!(reduce(Reduction::Max, 1, 20, 2, &x)[1].is_nan());
    }

    #[test]
    fn squares_are_summed_in_f64() {
        let x: Vec<f32> = (0..1003).map(|i| i as f32).collect();
        assert_eq!(sum_of_squares(&x), (0..1003u64).map(|i| (i * i) as f64).sum());
        assert_eq!(
            (sum_of_squares(&[]), sum_of_squares(&[1e30])),
            (0.0, 1e30f32 as f64 * 1e30f32 as f64)
        );
    }

    #[test]
    fn the_first_bad_number_is_found() {
        for n in [1, 63, 64, 65, 200] {
            let mut x = vec![f32::MAX; n];
            x[0] = f32::MIN;
            assert_eq!(first_non_finite(&x), None);
            for bad in [f32::NAN, f32::INFINITY, f32::NEG_INFINITY] {
                for at in [0, n / 2, n - 1] {
                    let mut x = x.clone();
                    x[at] = bad;
                    x[n - 1] = bad;
                    assert_eq!(first_non_finite(&x), Some(at));
                }
            }
        }
        assert_eq!(first_non_finite(&[]), None);
    }
}
