//! Softmax over the last axis.

use crate::activation::{Activation, forward_in_place};
use crate::elementwise::{Unary, unary};
use crate::lane::{F32x4, Lane};
use crate::math;
use crate::sum;
use crate::vector::{self, Four};
use core::array::from_fn;

/// Rows that are worked on together, so that exp and log have long runs.
pub(crate) const ROWS: usize = 16;
/// Columns up to which four rows are turned, so that a vector holds one column of all four: the
/// loops run over columns, no row has a remainder.
pub const SHORT: usize = 16;

/// One number for each row.
pub(crate) type PerRow = [f32; ROWS];

/// y = exp(y), by the loop of the activation.
fn exp(y: &mut [f32]) {
    forward_in_place(Activation::Exponential, [0.0; 2], y);
}

/// y = softmax(x) in up to [`ROWS`] rows, with max x and sum exp(x - max x) of each; x, y: (rows, n).
/// Sums have the tree of [`sum::sum`], those of at most [`SHORT`] columns one in f32.
#[inline(never)]
pub(crate) fn softmax_rows(n: usize, x: &[f32], y: &mut [f32], max: &mut PerRow, sum: &mut PerRow) {
    if n <= SHORT {
        return short_rows(n, x, y, max, sum);
    }
    let rows = x.chunks_exact(n).zip(y.chunks_exact_mut(n));
    for ((x, y), (max, sum)) in rows.zip(max.iter_mut().zip(sum)) {
        *max = vector::max16(x);
        let shift = F32x4::splat(*max);
        vector::map(x, y, |x| x - shift);
        exp(y);
        *sum = sum::sum(y) as f32;
        let factor = F32x4::splat(1.0 / *sum);
        vector::map_in_place(y, |y| y * factor);
    }
}

/// The last four rows of those that are not a multiple of four are computed again: the same bits.
fn short_rows(n: usize, x: &[f32], y: &mut [f32], max: &mut PerRow, sum: &mut PerRow) {
    let rows = x.len() / n.max(1);
    if rows < 4 {
        let (mut four_x, mut four_y) = ([0.0; 4 * SHORT], [0.0; 4 * SHORT]);
        four_x[..x.len()].copy_from_slice(x);
        fours(n, &four_x[..4 * n], &mut four_y[..4 * n], max, sum);
        y.copy_from_slice(&four_y[..x.len()]);
        return;
    }
    let whole = rows / 4 * 4;
    fours(n, &x[..whole * n], &mut y[..whole * n], max, sum);
    if whole < rows {
        let last = rows - 4;
        fours(n, &x[last * n..], &mut y[last * n..], &mut max[last..], &mut sum[last..]);
    }
}

/// A multiple of four rows. Each four stand in y as (n, 4) until they are turned back.
#[inline(never)]
fn fours(n: usize, x: &[f32], y: &mut [f32], max: &mut [f32], sum: &mut [f32]) {
    let groups = x.chunks_exact(4 * n).zip(y.chunks_exact_mut(4 * n));
    for ((x, y), (max, sum)) in
        groups.zip(max.as_chunks_mut().0.iter_mut().zip(sum.as_chunks_mut().0))
    {
        columns(n, x, y.as_chunks_mut().0).store(max);
        probabilities(n, y).store(sum);
    }
}

/// y = exp(x - max x), turned; returns max x of each row. NaN is passed over: it stays NaN when the
/// maximum is subtracted. x: (4, n), y: (n, 4)
#[inline(always)]
fn columns(n: usize, x: &[f32], y: &mut [Four]) -> F32x4 {
    let [(a, rest), (c, d)] = {
        let (top, low) = x.split_at(2 * n);
        [top.split_at(n), low.split_at(n)]
    };
    let mut max = F32x4::splat(f32::NEG_INFINITY);
    for (y, (((a, b), c), d)) in y.iter_mut().zip(a.iter().zip(rest).zip(c).zip(d)) {
        let column = F32x4::of([*a, *b, *c, *d]);
        column.store(y);
        max = max.pick_max(column);
    }
    y.iter_mut().for_each(|y| math::exp(F32x4::load(y) - max).store(y));
    max
}

/// y / sum y, turned back; returns the sum of each row. y: (n, 4), then (4, n)
#[inline(always)]
fn probabilities(n: usize, y: &mut [f32]) -> F32x4 {
    let column = |i| y.as_chunks().0.get(i).map_or(F32x4::splat(0.0), F32x4::load);
    let c: [F32x4; SHORT] = from_fn(column);
    let [p, q, r, s] = from_fn(|i| (c[i] + c[8 + i]) + (c[4 + i] + c[12 + i]));
    let sum = (p + r) + (q + s);
    let factor = F32x4::splat(1.0) / sum;
    for (j, column) in c.into_iter().take(n).enumerate() {
        for (row, e) in (column * factor).to_array().into_iter().enumerate() {
            y[row * n + j] = e;
        }
    }
    sum
}

/// ln x of some rows, by the loop that the op of that name has.
pub(crate) fn log_rows(rows: usize, x: &PerRow) -> PerRow {
    let mut y = [0.0; ROWS];
    let whole = rows.next_multiple_of(4).min(ROWS);
    unary(Unary::Log, &x[..whole], &mut y[..whole]);
    y
}

/// Runs of whole rows that are worked on together.
pub(crate) fn together(n: usize) -> usize {
    ROWS * n.max(1)
}

/// y = exp(x - max x) / sum exp(x - max x) in each row; x, y: (rows, n)
#[inline(never)]
pub fn softmax(n: usize, x: &[f32], y: &mut [f32]) {
    let run = together(n);
    for (x, y) in x.chunks(run).zip(y.chunks_mut(run)) {
        softmax_rows(n, x, y, &mut [0.0; ROWS], &mut [1.0; ROWS]);
    }
}

/// y = x - max x - ln sum exp(x - max x) in each row; x, y: (rows, n)
#[inline(never)]
pub fn log_softmax(n: usize, x: &[f32], y: &mut [f32]) {
    let run = together(n);
    let (mut max, mut sum) = ([0.0; ROWS], [1.0; ROWS]);
    for (x, y) in x.chunks(run).zip(y.chunks_mut(run)) {
        softmax_rows(n, x, y, &mut max, &mut sum);
        let rows = x.chunks_exact(n).zip(y.chunks_exact_mut(n));
        let sums = log_rows(x.len() / n, &sum);
        for ((x, y), (max, log_sum)) in rows.zip(max.into_iter().zip(sums)) {
            let (max, log_sum) = (F32x4::splat(max), F32x4::splat(log_sum));
            vector::map(x, y, |x| x - max - log_sum);
        }
    }
}

/// dx = y (dy - sum dy y) in each row; y, dy, dx: (rows, n)
#[inline(never)]
pub fn softmax_backward(n: usize, y: &[f32], dy: &[f32], dx: &mut [f32]) {
    let n = n.max(1);
    let rows = y.chunks_exact(n).zip(dy.chunks_exact(n));
    for ((y, dy), dx) in rows.zip(dx.chunks_exact_mut(n)) {
        let dot = sum::sum_of(y, dy, |y, dy| y * dy) as f32;
        let each = dx.iter_mut().zip(y.iter().zip(dy));
        each.for_each(|(dx, (y, dy))| *dx = y * (dy - dot));
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn rows(n: usize) -> Vec<f32> {
        (0..3 * n).map(|i| ((i * 37 % 23) as f32 - 11.0) * 0.7).collect()
    }

    #[test]
    fn rows_sum_to_one_and_match_the_formula() {
        for n in 1..40 {
            let x = rows(n);
            let mut y = vec![0.0; x.len()];
            softmax(n, &x, &mut y);
            for (x, y) in x.chunks(n).zip(y.chunks(n)) {
                let sum: f64 = x.iter().map(|&x| (x as f64).exp()).sum();
                for (&x, &y) in x.iter().zip(y) {
                    assert!(((x as f64).exp() / sum - y as f64).abs() < 2e-7);
                }
            }
        }
    }

    /// Short rows halve until one number is left.
    fn total(x: &[f32]) -> f32 {
        if x.len() > SHORT {
            return sum::sum(x) as f32;
        }
        let mut lanes = [0.0; SHORT];
        lanes[..x.len()].copy_from_slice(x);
        for width in [8, 4, 2, 1] {
            (0..width).for_each(|i| lanes[i] += lanes[i + width]);
        }
        lanes[0]
    }

    /// Rows alone, and with up to eight others, which short rows are computed beside.
    #[test]
    fn a_row_does_not_depend_on_the_rows_beside_it() {
        for n in 1..=33 {
            let x: Vec<f32> = (0..9 * n).map(|i| ((i * 37 % 23) as f32 - 11.0) * 0.7).collect();
            let (mut y, mut dx) = (vec![0.0; 9 * n], vec![0.0; 9 * n]);
            softmax(n, &x, &mut y);
            softmax_backward(n, &y, &x, &mut dx);
            for r in 0..9 {
                let row = r * n..(r + 1) * n;
                let (mut alone, mut dalone) = (vec![0.0; n], vec![0.0; n]);
                softmax(n, &x[row.clone()], &mut alone);
                softmax_backward(n, &alone, &x[row.clone()], &mut dalone);
                assert_eq!((&alone[..], &dalone[..]), (&y[row.clone()], &dx[row]), "{n}: {r}");
                let max = vector::max16(&x[r * n..][..n]);
                let e: Vec<f32> = x[r * n..][..n].iter().map(|x| math::exp(x - max)).collect();
                let factor = 1.0 / total(&e);
                assert!(alone.iter().zip(&e).all(|(y, e)| *y == e * factor), "{n}: {r}");
            }
        }
    }

    #[test]
    fn large_logits_do_not_overflow_and_nan_stays() {
        let mut y = [0.0; 6];
        softmax(3, &[1e4, 1e4, -1e4, 0.0, f32::NAN, 1.0], &mut y);
        assert_eq!(y[..3], [0.5, 0.5, 0.0]);
        assert!(y[3..].iter().all(|y| y.is_nan()));
    }

    #[test]
    fn backward_is_the_jacobian_times_dy() {
        for n in [1, 2, 5, 16, 19] {
            let x = rows(n);
            let mut y = vec![0.0; x.len()];
            let mut dx = y.clone();
            softmax(n, &x, &mut y);
            let dy: Vec<f32> = (0..x.len()).map(|i| (i as f32 * 0.37) % 1.0 - 0.5).collect();
            softmax_backward(n, &y, &dy, &mut dx);
            for r in 0..3 {
                for i in 0..n {
                    let mut expected = 0.0;
                    for j in 0..n {
                        let (yi, yj) = (y[r * n + i] as f64, y[r * n + j] as f64);
                        let jacobian = if i == j { yi * (1.0 - yi) } else { -yi * yj };
                        expected += jacobian * dy[r * n + j] as f64;
                    }
                    assert!((dx[r * n + i] as f64 - expected).abs() < 1e-6);
                }
            }
        }
    }
}
