//! Softmax over the last axis.

use crate::lane::{F32x4, Lane};
use crate::math;
use crate::vector;

/// e[j] = exp(x[j] - max x); returns (max x, sum e). The sum is taken in 16 lanes.
#[inline(never)]
pub(crate) fn shifted_exp(x: &[f32], e: &mut [f32]) -> (f32, f32) {
    let max = vector::max16(x);
    let shift = F32x4::splat(max);
    vector::map(x, e, |x| math::exp(x - shift));
    (max, vector::sum16(e))
}

#[inline(never)]
pub(crate) fn scale(y: &mut [f32], factor: f32) {
    let factor = F32x4::splat(factor);
    vector::map_in_place(y, |y| y * factor);
}

#[inline(never)]
pub(crate) fn dot16(a: &[f32], b: &[f32]) -> f32 {
    let mut lanes = [F32x4::splat(0.0); 4];
    let ((a16, a_tail), (b16, b_tail)) = (a.as_chunks::<16>(), b.as_chunks::<16>());
    for (a, b) in a16.iter().zip(b16) {
        let four = a.as_chunks::<4>().0.iter().zip(b.as_chunks::<4>().0);
        for (lane, (a, b)) in lanes.iter_mut().zip(four) {
            *lane = *lane + F32x4::load(a) * F32x4::load(b);
        }
    }
    for (lane, (a, b)) in lanes.iter_mut().zip(a_tail.chunks(4).zip(b_tail.chunks(4))) {
        *lane = *lane + F32x4::load_partial(a, 0.0) * F32x4::load_partial(b, 0.0);
    }
    vector::sum_lanes(lanes)
}

/// y = exp(x - max x) / sum exp(x - max x) in each row; x, y: (rows, n)
#[inline(never)]
pub fn softmax(n: usize, x: &[f32], y: &mut [f32]) {
    if n == 0 {
        return;
    }
    for (x, y) in x.chunks_exact(n).zip(y.chunks_exact_mut(n)) {
        let (_, sum) = shifted_exp(x, y);
        scale(y, 1.0 / sum);
    }
}

/// dx = y (dy - sum dy y) in each row; y, dy, dx: (rows, n)
#[inline(never)]
pub fn softmax_backward(n: usize, y: &[f32], dy: &[f32], dx: &mut [f32]) {
    if n == 0 {
        return;
    }
    for ((y, dy), dx) in y.chunks_exact(n).zip(dy.chunks_exact(n)).zip(dx.chunks_exact_mut(n)) {
        let dot = F32x4::splat(dot16(y, dy));
        vector::map2(y, dy, dx, |y, dy| y * (dy - dot));
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
