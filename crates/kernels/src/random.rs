//! Random numbers without a state: element e of a stream is a pure function of (seed, stream,
//! step, e), so a share of any cut gives the same numbers, and nothing is stored between calls.

mod order;
mod philox;

pub use order::shuffle;
pub use philox::{Stream, philox4x32};

use crate::codes::coded_enum;
use crate::lane::{F32x4, Lane};
use crate::math;

coded_enum! {
    pub enum Distribution {
        /// p0 <= x < p1
        Uniform,
        /// mean p0, standard deviation p1
        Normal,
        /// mean p0, standard deviation p1 before everything beyond two of them is cut off
        TruncatedNormal,
    }
}

/// The probability that a normal variable lies within two standard deviations.
const WITHIN_TWO: f32 = 0.954_499_7;

/// The words' top 24 bits as multiples of 2^-24 in [0, 1)
#[inline(always)]
fn unit(words: [u32; 4]) -> F32x4 {
    F32x4::load(&words.map(|word| (word >> 8) as f32 * (1.0 / 16_777_216.0)))
}

/// The words' top 23 bits as odd multiples of 2^-23 in (-1, 1): never 0, -1 or 1
#[inline(always)]
fn symmetric(words: [u32; 4]) -> F32x4 {
    F32x4::load(
        &words.map(|word| ((word >> 8 | 1) as i32 - (1 << 23)) as f32 * (1.0 / 8_388_608.0)),
    )
}

/// The inverse of the error function, for -1 < x < 1, relative error below 1e-6: a polynomial in
/// w = -ln(1 - x^2) near 0 and one in sqrt(w) in the tails, after M. Giles, "Approximating the
/// erfinv function" (2010), with coefficients of our own.
#[inline(always)]
fn erfinv<L: Lane>(x: L) -> L {
    let one = L::splat(1.0);
    let w = -math::log((one - x) * (one + x));
    let near = math::polynomial(
        w - L::splat(2.5),
        [
            1.501_409_4,
            0.246_640_28,
            -0.004_177_387,
            -0.001_252_741_9,
            0.000_218_344_43,
            -4.963_349e-6,
            -3.462_704_2e-6,
            4.661_709_2e-7,
            2.323_259_1e-8,
            -8.791_073e-9,
        ],
    );
    let far = math::polynomial(
        w.sqrt() - L::splat(3.0),
        [
            2.832_977,
            1.001_674_3,
            0.009_434_042,
            -0.007_628_062,
            0.005_771_804,
            -0.003_649_810_3,
            0.001_278_989_5,
            7.594_517e-5,
            -0.000_150_354_13,
        ],
    );
    x * L::select(w.lt(L::splat(5.0)), near, far)
}

/// Fills `out` with the stream's elements from `first` on.
#[inline(never)]
pub fn random(dist: Distribution, p: [f32; 2], stream: &Stream, first: usize, out: &mut [f32]) {
    let [p0, p1] = p.map(F32x4::splat);
    // The share of the probability that counts, and the deviations it reaches to.
    let (share, cut) = match dist {
        Distribution::Uniform => {
            // p0 + u (p1 - p0) may round up to p1.
            let last = F32x4::splat(if p[0] < p[1] { p[1].next_down() } else { p[1] });
            return fill(stream, first, out, |words| (p0 + unit(words) * (p1 - p0)).pick_min(last));
        }
        Distribution::Normal => (1.0, f32::INFINITY),
        Distribution::TruncatedNormal => (WITHIN_TWO, 2.0),
    };
    let (share, cut) = (F32x4::splat(share), F32x4::splat(cut));
    let sqrt2 = F32x4::splat(core::f32::consts::SQRT_2);
    fill(stream, first, out, |words| {
        let z = sqrt2 * erfinv(symmetric(words) * share);
        p0 + p1 * z.pick_max(-cut).pick_min(cut)
    });
}

#[inline(always)]
fn fill(stream: &Stream, first: usize, out: &mut [f32], f: impl Fn([u32; 4]) -> F32x4) {
    let len = out.len();
    stream.for_blocks(first, len, |at, words| {
        let skip = (-at).max(0) as usize;
        let values = f(words).to_array();
        let target = out[(at + skip as isize) as usize..].iter_mut();
        target.zip(&values[skip..]).for_each(|(out, value)| *out = *value);
    });
}

/// y = x / (1 - rate) with probability 1 - rate, else 0. The mask belongs to the elements
/// first.. of the stream, so the same call on dy gives dx.
#[inline(never)]
pub fn dropout(rate: f32, stream: &Stream, first: usize, x: &[f32], y: &mut [f32]) {
    let scale = F32x4::splat(1.0 / (1.0 - rate));
    let (rate, zero) = (F32x4::splat(rate), F32x4::splat(0.0));
    stream.for_blocks(first, x.len().min(y.len()), |at, words| {
        let u = unit(words);
        let drop = |x: F32x4| F32x4::select(u.lt(rate), zero, x * scale);
        let skip = (-at).max(0) as usize;
        let (x, y) = (&x[(at + skip as isize) as usize..], &mut y[(at + skip as isize) as usize..]);
        match (skip, x.first_chunk(), y.first_chunk_mut()) {
            (0, Some(x), Some(y)) => drop(F32x4::load(x)).store(y),
            _ => {
                let mut block = [0.0; 4];
                block[skip..].iter_mut().zip(x).for_each(|(block, x)| *block = *x);
                let kept = drop(F32x4::load(&block)).to_array();
                y.iter_mut().zip(&kept[skip..]).for_each(|(y, kept)| *y = *kept);
            }
        }
    });
}

#[cfg(test)]
mod tests {
    use super::*;

    const STREAM: Stream = Stream { seed: [1, 2], stream: 3, step: 4 };

    /// (mean, variance, fourth central moment over variance squared)
    fn moments(x: &[f32]) -> (f64, f64, f64) {
        let n = x.len() as f64;
        let mean = x.iter().map(|&x| x as f64).sum::<f64>() / n;
        let central = |p| x.iter().map(|&x| (x as f64 - mean).powi(p)).sum::<f64>() / n;
        (mean, central(2), central(4) / central(2).powi(2))
    }

    fn draw(dist: Distribution, p: [f32; 2]) -> Vec<f32> {
        let mut out = vec![f32::NAN; 1 << 18];
        random(dist, p, &STREAM, 0, &mut out);
        out
    }

    fn assert_moments(x: &[f32], (mean, variance, kurtosis): (f64, f64, f64)) {
        let found = moments(x);
        assert!((found.0 - mean).abs() < 0.01 * variance.sqrt(), "mean {}", found.0);
        assert!((found.1 / variance - 1.0).abs() < 0.01, "variance {}", found.1);
        assert!((found.2 / kurtosis - 1.0).abs() < 0.02, "kurtosis {}", found.2);
    }

    #[test]
    fn uniform_fills_its_half_open_interval() {
        let x = draw(Distribution::Uniform, [-1.0, 3.0]);
        assert!(x.iter().all(|x| (-1.0..3.0).contains(x)));
        assert_moments(&x, (1.0, 16.0 / 12.0, 1.8));
        let narrow = draw(Distribution::Uniform, [1.0, 1.0 + 2.0 * f32::EPSILON]);
        assert!(narrow.iter().all(|&x| (1.0..1.0 + 2.0 * f32::EPSILON).contains(&x)));
        assert!(draw(Distribution::Uniform, [2.0, 2.0]).iter().all(|&x| x == 2.0));
    }

    #[test]
    fn normal_has_the_moments_asked_for() {
        assert_moments(&draw(Distribution::Normal, [2.0, 3.0]), (2.0, 9.0, 3.0));
    }

    #[test]
    fn truncated_normal_stays_within_two_deviations() {
        let x = draw(Distribution::TruncatedNormal, [1.0, 0.5]);
        assert!(x.iter().all(|x| (0.0..=2.0).contains(x)));
        // variance 1 - 4 phi(2) / (Phi(2) - Phi(-2)) = 0.7737413 of the untruncated one
        assert_moments(&x, (1.0, 0.25 * 0.773_741_3, 2.365_5));
    }

    #[test]
    fn erfinv_inverts_the_error_function() {
        for i in -8_388_607i32..8_388_608 {
            if i.rem_euclid(173) == 0 || i.abs() > 8_388_000 {
                let x = i as f32 / 8_388_608.0;
                let y = f64::from(erfinv(x));
                // A step of Newton's method tells the distance to the exact inverse.
                let slope = core::f64::consts::FRAC_2_SQRT_PI * (-y * y).exp();
                let error = if i > 0 {
                    1.0 - x as f64 - libm::erfc(y)
                } else {
                    libm::erfc(-y) - 1.0 - x as f64
                };
                assert!((error / slope).abs() <= 1e-6 * y.abs(), "erfinv({x}) = {y}");
            }
        }
    }

    #[test]
    fn shares_of_any_cut_give_the_same_numbers() {
        for dist in Distribution::ALL {
            let mut whole = [0.0; 23];
            random(*dist, [0.5, 2.0], &STREAM, 6, &mut whole);
            for cut in 0..=23 {
                let mut parts = [0.0; 23];
                let (head, tail) = parts.split_at_mut(cut);
                random(*dist, [0.5, 2.0], &STREAM, 6, head);
                random(*dist, [0.5, 2.0], &STREAM, 6 + cut, tail);
                assert_eq!(parts, whole);
            }
        }
    }

    #[test]
    fn dropout_keeps_its_share_scaled_and_its_mask() {
        let x = vec![3.0; 1 << 16];
        let mut y = vec![f32::NAN; x.len()];
        dropout(0.25, &STREAM, 0, &x, &mut y);
        let kept = y.iter().filter(|&&y| y != 0.0).count() as f64 / x.len() as f64;
        assert!((kept - 0.75).abs() < 0.01, "kept {kept}");
        assert!(y.iter().all(|&y| y == 0.0 || y == 4.0));
        let mut tail = vec![f32::NAN; x.len() - 5];
        dropout(0.25, &STREAM, 5, &x[5..], &mut tail);
        assert_eq!(tail, y[5..]);
        dropout(0.0, &STREAM, 0, &x, &mut y);
        assert_eq!(x, y);
    }
}
