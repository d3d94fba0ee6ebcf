//! What coefficients are made of, in f64.

use core::array::from_fn;

use super::Coefficients;
use crate::lane::sqrt64;

pub fn filled<const N: usize>(x: [f64; N]) -> Coefficients<f64> {
    from_fn(|i| x.get(i).copied().unwrap_or(0.0))
}

/// The coefficients of the decaying means of g and g², then the others.
pub fn means(b1: f64, b2: f64, [k, epsilon, of_g, of_m]: [f64; 4]) -> Coefficients<f64> {
    [1.0 - b1, b2, 1.0 - b2, k, epsilon, of_g, of_m]
}

/// 1/√(1 − bᵗ): the root of a decaying mean times this is the root of its unbiased estimate.
pub fn bias(b: f64, t: u32) -> f64 {
    1.0 / sqrt64(1.0 - power(b, t))
}

/// μₜ = β₁(1 − ½·0.96^(t·decay)), μₜ₊₁ and μ₁·…·μₜ.
pub fn nadam_momentum(b1: f64, decay: f64, t: u32) -> [f64; 3] {
    /// ln 0.96
    const LN: f64 = -0.040_821_994_520_255_166;
    /// Below, a factor or a product is no different from 0.
    const NEGLIGIBLE: f64 = 1e-18;
    let q = exp_negative(LN * decay);
    let mu = |power: f64| b1 * (1.0 - 0.5 * power);
    let (mut product, mut qi, mut done) = (1.0, 1.0, 0);
    while done < t.min(1 << 14) && qi > NEGLIGIBLE && product > NEGLIGIBLE {
        qi *= q;
        product *= mu(qi);
        done += 1;
    }
    let qt = power(q, t);
    [mu(qt), mu(qt * q), product * power(b1, t - done)]
}

/// eˣ for x <= 0 in f64: the series of x/1024, squared ten times. Below -42 as at -42.
pub fn exp_negative(x: f64) -> f64 {
    let x = x.max(-42.0) / 1024.0;
    let series = (1..=9).rev().fold(1.0, |sum, n| 1.0 + x / f64::from(n) * sum);
    power(series, 1024)
}

/// x^n by squaring: the same bits everywhere, unlike `powi`.
pub fn power(mut x: f64, mut n: u32) -> f64 {
    let mut result = 1.0;
    while n > 0 {
        if n & 1 == 1 {
            result *= x;
        }
        x *= x;
        n >>= 1;
    }
    result
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn powers_match_the_library() {
        assert_eq!(
            (power(0.9, 0), power(0.5, 10), power(2.0, 31)),
            (1.0, 1.0 / 1024.0, 2147483648.0)
        );
        assert!((power(0.999, 1000) - 0.999f64.powi(1000)).abs() < 1e-12);
        for x in [0.0, -1e-6, -0.04, -1.0, -7.5, -41.0] {
            assert!((exp_negative(x) / x.exp() - 1.0).abs() < 1e-12, "{x}");
        }
    }

    #[test]
    fn the_momentum_of_nadam_is_the_product_of_all_steps() {
        for (b1, decay) in [(0.9, 0.004), (0.999, 0.004), (0.9999, 10.0), (0.5, 0.0), (0.0, 1.0)] {
            let mu = |t: u32| b1 * (1.0 - 0.5 * 0.96f64.powf(f64::from(t) * decay));
            let mut product = 1.0;
            for t in 1..=3000 {
                product *= mu(t);
                let expected = [mu(t), mu(t + 1), product];
                for (a, b) in nadam_momentum(b1, decay, t).into_iter().zip(expected) {
                    assert!((a - b).abs() < 1e-10, "{b1} {decay} {t}: {a} {b}");
                }
            }
        }
    }
}
