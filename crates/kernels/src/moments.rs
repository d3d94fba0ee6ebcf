//! Means and variances along n of (outer, n, inner), and the sums that their gradients are made of: one
//! pass each; then the normalization and its gradient, as passes over rows. Numbers and products of two are added in f64, where such a product is exact, row after
//! row in each lane; so that Σx² − n·mean² has lost nothing that floats could tell.

use core::array::from_fn;

use crate::lane::{self, F32x4, F64x2, Lane};

/// Columns whose sums are under way together.
const COLUMNS: usize = 512;
/// Rows of them at a time, whose lines are in the L1 cache together.
const STRIP: usize = 32;
/// Lanes whose sums are in registers.
const LANES: usize = 8;

type Eight = [f32; LANES];

/// Σy and Σx·y of eight lanes, two in a register.
#[derive(Clone, Copy)]
struct Sums {
    sums: [F64x2; LANES / 2],
    products: [F64x2; LANES / 2],
}

impl Sums {
    fn nothing() -> Sums {
        Sums { sums: [F64x2::splat(0.0); LANES / 2], products: [F64x2::splat(0.0); LANES / 2] }
    }

    /// Of y, or where they are the SAME of x.
    #[inline(always)]
    fn add<const SAME: bool>(&mut self, x: &Eight, y: &Eight) {
        let (x, y) = (x.as_chunks::<2>().0, y.as_chunks::<2>().0);
        for (i, (x, y)) in x.iter().zip(y).enumerate() {
            let x = F64x2::of_pair(x);
            let y = if SAME { x } else { F64x2::of_pair(y) };
            self.sums[i] = self.sums[i] + y;
            self.products[i] = self.products[i] + x * y;
        }
    }

    /// The Σy and the Σx·y of each lane.
    fn lanes(&self) -> [[f64; LANES]; 2] {
        [&self.sums, &self.products]
            .map(|pairs| from_fn(|lane| pairs[lane / 2].to_array()[lane % 2]))
    }
}

/// Eight numbers from `at` on, with zeros where there are no more.
#[inline(never)]
fn eight(x: &[f32], at: usize) -> Eight {
    let x = x.get(at..).unwrap_or(&[]);
    from_fn(|i| x.get(i).copied().unwrap_or(0.0))
}

/// Σy and Σx·y; element i is in lane i mod 8.
fn run<const SAME: bool>(x: &[f32], y: &[f32]) -> [f64; 2] {
    let ((x8, tail), (y8, _)) = (x.as_chunks(), y.as_chunks());
    let mut all = Sums::nothing();
    x8.iter().zip(y8).for_each(|(x, y)| all.add::<SAME>(x, y));
    if !tail.is_empty() {
        let at = x.len() - tail.len();
        all.add::<SAME>(&eight(x, at), &eight(y, at));
    }
    all.lanes().map(|[a, b, c, d, e, f, g, h]| ((a + e) + (c + g)) + ((b + f) + (d + h)))
}

/// Adds rows to the sums of eights of columns; x, y: (rows, n) from these columns on. What the last eight has beyond its
/// columns is of no use.
#[inline(never)]
fn add_columns<const SAME: bool>(
    n: usize,
    rows: usize,
    mut x: &[f32],
    mut y: &[f32],
    all: &mut [Sums],
) {
    for sums in all {
        let mut now = *sums;
        match (lane::rows(x, n, rows), lane::rows(if SAME { x } else { y }, n, rows)) {
            (Some(x), Some(y)) => x.zip(y).for_each(|(x, y)| now.add::<SAME>(x, y)),
            _ => (0..rows).for_each(|row| now.add::<SAME>(&eight(x, row * n), &eight(y, row * n))),
        }
        *sums = now;
        (x, y) = (x.get(LANES..).unwrap_or(&[]), y.get(LANES..).unwrap_or(&[]));
    }
}

/// Hands over Σy and Σx·y over n with the place among (outers, inner); x, y: (outers, n, inner)
fn pairs<const SAME: bool>(
    n: usize,
    inner: usize,
    x: &[f32],
    y: &[f32],
    mut found: impl FnMut(usize, f64, f64),
) {
    if n * inner == 0 {
        return;
    }
    if inner == 1 {
        for (i, (x, y)) in x.chunks_exact(n).zip(y.chunks_exact(n)).enumerate() {
            let [sum, product] = run::<SAME>(x, y);
            found(i, sum, product);
        }
        return;
    }
    let mut room = [Sums::nothing(); COLUMNS / LANES];
    let each = x.chunks_exact(n * inner).zip(y.chunks_exact(n * inner));
    for (outer, (x, y)) in each.enumerate() {
        for at in (0..inner).step_by(COLUMNS) {
            let columns = COLUMNS.min(inner - at);
            let all = &mut room[..columns.div_ceil(LANES)];
            all.fill(Sums::nothing());
            for row in (0..n).step_by(STRIP) {
                let (x, y) = (&x[row * inner + at..], &y[row * inner + at..]);
                add_columns::<SAME>(inner, STRIP.min(n - row), x, y, all);
            }
            for (first, sums) in (at..inner).step_by(LANES).zip(&*all) {
                let [sums, products] = sums.lanes();
                for (j, (sum, product)) in (first..inner).zip(sums.iter().zip(&products)) {
                    found(outer * inner + j, *sum, *product);
                }
            }
        }
    }
}

/// The mean and the biased variance over n, NaN of nothing; x: (outers, n, inner), the others: (outers, inner)
#[inline(never)]
pub fn moments(n: usize, inner: usize, x: &[f32], mean: &mut [f32], variance: &mut [f32]) {
    let count = n as f64;
    mean.fill(f32::NAN);
    variance.fill(f32::NAN);
    pairs::<true>(n, inner, x, x, |at, sum, square| {
        let middle = sum / count;
        let spread = square / count - middle * middle;
        mean[at] = middle as f32;
        variance[at] = if spread < 0.0 { 0.0 } else { spread as f32 }; // NaN stays
    });
}

/// Σdy and Σdy·(x − mean) over n, 0 of nothing; x, dy: (outers, n, inner), the others: (outers, inner)
#[inline(never)]
pub fn moments_backward(
    [n, inner]: [usize; 2],
    [x, dy, mean]: [&[f32]; 3],
    sum: &mut [f32],
    product: &mut [f32],
) {
    sum.fill(0.0);
    product.fill(0.0);
    pairs::<false>(n, inner, x, dy, |at, total, mixed| {
        sum[at] = total as f32;
        product[at] = (mixed - f64::from(mean[at]) * total) as f32;
    });
}

/// The fours of the rows of one matrix after the other.
fn fours(x: &[f32]) -> &[[f32; 4]] {
    x.as_chunks().0
}

/// In the same way eights.
fn eights(x: &[f32]) -> &[Eight] {
    x.as_chunks().0
}

/// y = (x − mean) · scale · gamma + beta, each rounded. x and y: (rows, width), a multiple of four; mean and scale: (rows), gamma
/// and beta: (width)
#[inline(never)]
pub fn normalize(width: usize, [x, mean, scale, gamma, beta]: [&[f32]; 5], y: &mut [f32]) {
    if width == 0 {
        return;
    }
    let rows = x.chunks_exact(width).zip(y.chunks_exact_mut(width));
    for ((x, y), (&mean, &scale)) in rows.zip(mean.iter().zip(scale)) {
        let [mean, scale] = [mean, scale].map(F32x4::splat);
        let factors = fours(gamma).iter().zip(fours(beta));
        for ((x, y), (gamma, beta)) in fours(x).iter().zip(y.as_chunks_mut().0).zip(factors) {
            let normal = (F32x4::load(x) - mean) * scale;
            (normal * F32x4::load(gamma) + F32x4::load(beta)).store(y);
        }
    }
}

/// dx = (dy · gamma − shift − (x − mean) · slope) · factor, as [`normalize`] has it: gamma is (width), the numbers are (rows).
#[inline(never)]
pub fn normalize_backward(
    width: usize,
    [x, dy, gamma]: [&[f32]; 3],
    [mean, shift, slope, factor]: [&[f32]; 4],
    dx: &mut [f32],
) {
    if width == 0 {
        return;
    }
    let rows = x.chunks_exact(width).zip(dy.chunks_exact(width)).zip(dx.chunks_exact_mut(width));
    let numbers = mean.iter().zip(shift).zip(slope.iter().zip(factor));
    for (((x, dy), dx), ((&mean, &shift), (&slope, &factor))) in rows.zip(numbers) {
        let [mean, shift, slope, factor] = [mean, shift, slope, factor].map(F32x4::splat);
        let given = fours(x).iter().zip(fours(dy)).zip(fours(gamma));
        for (((x, dy), gamma), dx) in given.zip(dx.as_chunks_mut().0) {
            let g = F32x4::load(dy) * F32x4::load(gamma);
            ((g - shift - (F32x4::load(x) - mean) * slope) * factor).store(dx);
        }
    }
}

/// y = (x − mean) · scale + beta, each rounded. x and y: (rows, width), a multiple of eight, the others: (width)
#[inline(never)]
pub fn normalize_columns(width: usize, x: &[f32], [mean, scale, beta]: [&[f32]; 3], y: &mut [f32]) {
    if width == 0 {
        return;
    }
    for (x, y) in x.chunks_exact(width).zip(y.chunks_exact_mut(width)) {
        let given = eights(mean).iter().zip(eights(scale)).zip(eights(beta));
        for ((x, y), ((mean, scale), beta)) in
            eights(x).iter().zip(y.as_chunks_mut::<LANES>().0).zip(given)
        {
            let numbers =
                fours(x).iter().zip(fours(mean)).zip(fours(scale).iter().zip(fours(beta)));
            for (((x, mean), (scale, beta)), y) in numbers.zip(y.as_chunks_mut().0) {
                let [x, mean, scale, beta] = [x, mean, scale, beta].map(F32x4::load);
                ((x - mean) * scale + beta).store(y);
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn columns_are_normalized_as_one_formula_after_the_other() {
        let (rows, width) = (3, 8);
        let [x, mean, scale, beta] = [(rows * width, 1), (width, 3), (width, 4), (width, 5)]
            .map(|(n, seed)| numbers(n, seed));
        let mut y = vec![f32::NAN; rows * width];
        normalize_columns(width, &x, [&mean, &scale, &beta], &mut y);
        for i in 0..rows * width {
            let j = i % width;
            assert_eq!(y[i], (x[i] - mean[j]) * scale[j] + beta[j]);
        }
        normalize_columns(0, &[], [&[]; 3], &mut []);
    }

    #[test]
    fn rows_are_normalized_as_one_formula_after_the_other() {
        let (rows, width) = (3, 8);
        let (x, dy) = (numbers(rows * width, 1), numbers(rows * width, 2));
        let [mean, scale, shift, factor] = [3, 4, 5, 6].map(|seed| numbers(rows, seed));
        let [gamma, beta] = [7, 8].map(|seed| numbers(width, seed));
        let (mut y, mut dx) = (vec![f32::NAN; rows * width], vec![f32::NAN; rows * width]);
        normalize(width, [&x, &mean, &scale, &gamma, &beta], &mut y);
        normalize_backward(width, [&x, &dy, &gamma], [&mean, &shift, &scale, &factor], &mut dx);
        for i in 0..rows * width {
            let (row, column) = (i / width, i % width);
            let from = x[i] - mean[row];
            assert_eq!(y[i], from * scale[row] * gamma[column] + beta[column]);
            let inner = dy[i] * gamma[column] - shift[row] - from * scale[row];
            assert_eq!(dx[i], inner * factor[row]);
        }
        normalize(0, [&[]; 5], &mut []);
        normalize_backward(0, [&[]; 3], [&[]; 4], &mut []);
    }

    fn numbers(n: usize, seed: usize) -> Vec<f32> {
        (0..n)
            .map(|i| ((i * 7919 + seed * 104_729) % 1009) as f32 / 500.0 - 1.0 + seed as f32)
            .collect()
    }

    #[test]
    fn match_naive_loops_in_f64() {
        for (outer, n, inner) in
            [(1, 1, 1), (3, 7, 1), (2, 40, 1), (1, 9, 4), (1, 33, 7), (2, 5, 513), (1, 17, 1030)]
        {
            let (x, dy) = (numbers(outer * n * inner, 3), numbers(outer * n * inner, 1));
            let room = || vec![f32::INFINITY; outer * inner];
            let (mut mean, mut variance, mut sum, mut product) = (room(), room(), room(), room());
            moments(n, inner, &x, &mut mean, &mut variance);
            moments_backward([n, inner], [&x, &dy, &mean], &mut sum, &mut product);
            for o in 0..outer {
                for j in 0..inner {
                    let at = o * inner + j;
                    let place = |i: usize| (o * n + i) * inner + j;
                    let all = |f: &dyn Fn(usize) -> f64| (0..n).map(|i| f(place(i))).sum::<f64>();
                    let m = all(&|i| f64::from(x[i])) / n as f64;
                    let v = all(&|i| (f64::from(x[i]) - m).powi(2)) / n as f64;
                    let near = |a: f32, b: f64| (f64::from(a) - b).abs() <= 1e-6 * b.abs().max(1.0);
                    assert!(near(mean[at], m) && near(variance[at], v), "{outer} {n} {inner}");
                    assert!(near(sum[at], all(&|i| f64::from(dy[i]))));
                    let mixed =
                        all(&|i| f64::from(dy[i]) * (f64::from(x[i]) - f64::from(mean[at])));
                    assert!(near(product[at], mixed), "{} {mixed}", product[at]);
                }
            }
        }
    }

    #[test]
    fn far_from_0_nothing_cancels() {
        let x: Vec<f32> = (0..64).map(|i| 1e4 + (i % 2) as f32).collect();
        let (mut mean, mut variance) = ([0.0], [0.0]);
        moments(64, 1, &x, &mut mean, &mut variance);
        assert_eq!((mean, variance), ([10000.5], [0.25]));
        moments(32, 2, &x, &mut [0.0; 2], &mut { [1.0; 2] });
    }

    #[test]
    fn nothing_and_nan() {
        let (mut mean, mut variance) = ([0.0; 2], [0.0; 2]);
        moments(0, 2, &[], &mut mean, &mut variance);
        assert!(mean[0].is_nan() && variance[1].is_nan());
        moments(2, 1, &[1.0, f32::NAN, 2.0, 2.0], &mut mean, &mut variance);
        assert!(variance[0].is_nan());
        assert_eq!((mean[1], variance[1]), (2.0, 0.0));
        moments(1, 0, &[], &mut [], &mut []);
    }
}
