//! Softmax over the last axis.

use crate::activation::{Activation, forward_in_place};
use crate::elementwise::{Unary, unary};
use crate::lane::{F32x4, Lane};
use crate::vector::{self, Four};

/// Rows that are worked on together.
pub(crate) const FOUR: usize = 4;

/// Four rows of at most 16 columns, turned so that a vector holds one column of all four: the loops
/// run over columns, no row has a remainder. Sums have the tree of [`vector::sum16`].
#[derive(Clone, Copy)]
struct Columns {
    columns: [Four; 16], // (n, 4), then zeros
    n: usize,
}

impl Columns {
    const MAX: usize = 16;

    /// Up to four rows of n; the last one is repeated in the place of missing ones.
    #[inline(never)]
    fn load(n: usize, x: &[f32]) -> Self {
        let mut columns = [[0.0; FOUR]; Self::MAX];
        let last = x.len() - n;
        let [a, b, c, d] = [0, 1, 2, 3].map(|row| &x[last.min(row * n)..][..n]);
        for (column, (((a, b), c), d)) in columns.iter_mut().zip(a.iter().zip(b).zip(c).zip(d)) {
            *column = [*a, *b, *c, *d];
        }
        Self { columns, n }
    }

    #[inline(never)]
    fn store(&self, y: &mut [f32]) {
        for (row, y) in y.chunks_exact_mut(self.n).enumerate() {
            for (y, column) in y.iter_mut().zip(&self.columns) {
                *y = column[row % FOUR];
            }
        }
    }

    #[inline(always)]
    fn each(&mut self) -> &mut [Four] {
        &mut self.columns[..self.n.min(Self::MAX)]
    }

    #[inline(always)]
    fn map(&mut self, f: impl Fn(F32x4) -> F32x4) {
        self.each().iter_mut().for_each(|x| f(F32x4::load(x)).store(x));
    }

    /// The maximum of each row. NaN is passed over: it stays NaN when the maximum is subtracted.
    #[inline(always)]
    fn max(&mut self) -> F32x4 {
        let lowest = F32x4::splat(f32::NEG_INFINITY);
        self.each().iter().fold(lowest, |max, x| max.pick_max(F32x4::load(x)))
    }

    /// The sum of each row.
    #[inline(never)]
    fn sum(&self) -> F32x4 {
        let c = |i: usize| F32x4::load(&self.columns[i]);
        let [a, b, c, d] = [0, 1, 2, 3].map(|i| (c(i) + c(8 + i)) + (c(4 + i) + c(12 + i)));
        (a + c) + (b + d)
    }
}

/// y = exp(y), by the loop of the activation.
fn exp(y: &mut [f32]) {
    forward_in_place(Activation::Exponential, [0.0; 2], y);
}

/// y = softmax(x) in up to four rows; returns (max x, sum exp(x - max x)) of each.
/// x, y: (rows, n)
#[inline(never)]
pub(crate) fn softmax4(n: usize, x: &[f32], y: &mut [f32]) -> (F32x4, F32x4) {
    if n <= Columns::MAX {
        let mut x = Columns::load(n, x);
        let max = x.max();
        x.map(|x| x - max);
        exp(x.each().as_flattened_mut());
        let sum = x.sum();
        let factor = F32x4::splat(1.0) / sum;
        x.map(|e| e * factor);
        x.store(y);
        return (max, sum);
    }
    let (mut max, mut sum) = ([0.0; FOUR], [1.0; FOUR]);
    let rows = x.chunks_exact(n).zip(y.chunks_exact_mut(n));
    for ((x, y), (max, sum)) in rows.zip(max.iter_mut().zip(&mut sum)) {
        *max = vector::max16(x);
        let shift = F32x4::splat(*max);
        vector::map(x, y, |x| x - shift);
        exp(y);
        *sum = vector::sum16(y);
        let factor = F32x4::splat(1.0 / *sum);
        vector::map_in_place(y, |y| y * factor);
    }
    (F32x4::load(&max), F32x4::load(&sum))
}

/// ln x, by the loop that the op of that name has.
pub(crate) fn log4(x: F32x4) -> F32x4 {
    let mut y = [0.0; 4];
    unary(Unary::Log, &x.to_array(), &mut y);
    F32x4::load(&y)
}

/// y = exp(x - max x) / sum exp(x - max x) in each row; x, y: (rows, n)
#[inline(never)]
pub fn softmax(n: usize, x: &[f32], y: &mut [f32]) {
    let four = FOUR * n.max(1);
    for (x, y) in x.chunks(four).zip(y.chunks_mut(four)) {
        softmax4(n, x, y);
    }
}

/// y = x - max x - ln sum exp(x - max x) in each row; x, y: (rows, n)
#[inline(never)]
pub fn log_softmax(n: usize, x: &[f32], y: &mut [f32]) {
    let four = FOUR * n.max(1);
    for (x, y) in x.chunks(four).zip(y.chunks_mut(four)) {
        let (max, sum) = softmax4(n, x, y);
        let (max, log_sum) = (max.to_array(), log4(sum).to_array());
        let rows = x.chunks_exact(n).zip(y.chunks_exact_mut(n));
        for ((x, y), (max, log_sum)) in rows.zip(max.into_iter().zip(log_sum)) {
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
        let dot = vector::sum16_of(y, dy, |y, dy| y * dy);
        let each = dx.iter_mut().zip(y.iter().zip(dy));
        each.for_each(|(dx, (y, dy))| *dx = y * (dy - dot));
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::math;

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
                let factor = 1.0 / vector::sum16(&e);
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
