//! Elementary functions over [`Lane`], of our own so that every machine gives the same bits.
//!
//! Each is branch-free: exact at 0 and at the infinities, NaN for NaN, and right for subnormal
//! arguments and results. Errors are stated in units in the last place (ULP), measured over all
//! exponents in the tests below. Polynomials are minimax fits made for these ranges.

use crate::lane::Lane;
use crate::trig;

const LOG2_E: f32 = core::f32::consts::LOG2_E;
/// ln 2 = LN2_HIGH + LN2_LOW; the high part has so few bits that n * LN2_HIGH is exact.
const LN2_HIGH: f32 = 0.693_359_4;
const LN2_LOW: f32 = -2.121_944_4e-4;

/// c[0] + c[1] x + c[2] x^2 + ...
#[inline(always)]
pub(crate) fn polynomial<L: Lane, const N: usize>(x: L, c: [f32; N]) -> L {
    let mut sum = L::splat(c[N - 1]);
    for &c in c[..N - 1].iter().rev() {
        sum = sum * x + L::splat(c);
    }
    sum
}

/// (n, e^r - 1) with x = n ln 2 + r and |r| <= ln 2 / 2
#[inline(always)]
fn reduce<L: Lane>(x: L) -> (L, L) {
    let n = (x * L::splat(LOG2_E)).round();
    let r = x - n * L::splat(LN2_HIGH) - n * L::splat(LN2_LOW);
    // (e^r - 1 - r) / r^2, relative error of e^r 3e-9
    let q = polynomial(r, [0.5, 0.166_665_17, 0.041_666_2, 0.008_369_088, 0.001_395_089]);
    (n, r + r * r * q)
}

/// e^x, within 2 ULP.
#[inline(always)]
pub fn exp<L: Lane>(x: L) -> L {
    // Outside of [-104, 89] the result is 0 or infinite anyway.
    let x = x.pick_max(L::splat(-104.0)).pick_min(L::splat(89.0));
    let (n, p) = reduce(x);
    // 2^n in two factors, since n goes from -150 to 128; only the last product rounds.
    let half = (n * L::splat(0.5)).round();
    (L::splat(1.0) + p) * half.pow2() * (n - half).pow2()
}

/// 1 / (1 + e^-x), within 3 ULP.
#[inline(always)]
pub fn sigmoid<L: Lane>(x: L) -> L {
    let one = L::splat(1.0);
    let e = exp(-x.abs());
    L::select(x.lt(L::splat(0.0)), e, one) / (one + e)
}

/// tanh x, within 3 ULP.
#[inline(always)]
pub fn tanh<L: Lane>(x: L) -> L {
    // From 9.02 on, tanh rounds to 1.
    let (n, p) = reduce((x.abs() + x.abs()).pick_min(L::splat(18.1)));
    let scale = n.pow2();
    // e^2|x| - 1, without cancellation for small x, where n = 0
    let em1 = scale * p + (scale - L::splat(1.0));
    (em1 / (em1 + L::splat(2.0))).copysign(x)
}

/// ln x, within 2 ULP.
#[inline(always)]
pub fn log<L: Lane>(x: L) -> L {
    let zero = L::splat(0.0);
    let infinity = L::splat(f32::INFINITY);
    let subnormal = x.lt(L::splat(f32::MIN_POSITIVE));
    let (e, m) = L::select(subnormal, x * L::splat(33_554_432.0), x).split();
    let e = e - L::select(subnormal, L::splat(25.0), zero);
    let f = m - L::splat(1.0);
    // (ln(1 + f) - f + f^2 / 2) / f^3
    let p = polynomial(
        f,
        [
            0.333_333_1,
            -0.249_999_87,
            0.200_022_27,
            -0.166_692_51,
            0.142_186_69,
            -0.123_843_39,
            0.118_728_95,
            -0.117_898_39,
            0.069_155_864,
        ],
    );
    let f2 = f * f;
    let y = f2 * f * p + e * L::splat(LN2_LOW) - L::splat(0.5) * f2 + f + e * L::splat(LN2_HIGH);
    // 0 -> -infinity, infinity -> infinity, negative or NaN -> NaN
    let y = L::select(x.eq(infinity), infinity, y);
    let y = L::select(x.eq(zero), -infinity, y);
    L::select(zero.le(x), y, L::splat(f32::NAN))
}

/// ln(1 + x), within 3 ULP.
#[inline(always)]
pub fn log1p<L: Lane>(x: L) -> L {
    let one = L::splat(1.0);
    let u = one + x;
    let y = log(u);
    // What rounding 1 + x lost. At u = 0 and infinity it is no number, and y is exact.
    let lost = (x - (u - one)) / u;
    let y = L::select(lost.eq(lost), y + lost, y);
    L::select(x.eq(L::splat(0.0)), x, y)
}

/// sin x of an angle in radians, within 1 ULP, float by float.
#[inline(always)]
pub fn sin<L: Lane>(x: L) -> L {
    x.map(trig::sin)
}

/// cos x of an angle in radians, within 1 ULP, float by float.
#[inline(always)]
pub fn cos<L: Lane>(x: L) -> L {
    x.map(trig::cos)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Distance of y from the exact value, in units of the last place of the f32 nearest to it.
    fn ulps(y: f32, exact: f64) -> f64 {
        let nearest = exact as f32;
        if y.is_nan() || nearest.is_nan() {
            return if y.is_nan() && nearest.is_nan() { 0.0 } else { f64::INFINITY };
        }
        if y == nearest {
            return 0.0;
        }
        if y.is_infinite() || nearest.is_infinite() {
            return if (y as f64 - exact).abs() / exact.abs() < 1e-6 { 1.0 } else { f64::INFINITY };
        }
        let exponent = (nearest.abs().to_bits() >> 23).max(1) as i32 - 150;
        (y as f64 - exact).abs() / 2f64.powi(exponent)
    }

    /// 2^20 floats of every sign and exponent, NaN and infinities among them, in rising order.
    fn sweep() -> impl Iterator<Item = f32> {
        let bits = (0..1u32 << 20).map(|i| (i << 12) | (i.wrapping_mul(2_654_435_761) >> 20));
        bits.map(f32::from_bits).chain([0.0, -0.0, f32::INFINITY, f32::NEG_INFINITY, f32::NAN])
    }

    /// As many floats again, evenly spaced where the functions bend.
    fn dense() -> impl Iterator<Item = f32> {
        (-(1 << 19)..1 << 19).map(|i| i as f32 * (110.0 / (1 << 19) as f32))
    }

    fn check(name: &str, f: impl Fn(f32) -> f32, exact: impl Fn(f64) -> f64, bound: f64) {
        let (mut worst, mut at) = (0.0, 0.0);
        for x in sweep().chain(dense()) {
            let error = ulps(f(x), exact(x as f64));
            if error > worst {
                (worst, at) = (error, x);
            }
        }
        println!("{name}: {worst:.2} ULP at {at:e}");
        assert!(worst <= bound, "{name}: {worst} ULP at {at:e}, expected at most {bound}");
    }

    /// Never falls by more than 2 ULP where the function rises.
    fn check_rising(name: &str, f: impl Fn(f32) -> f32) {
        let mut x: Vec<f32> = sweep().chain(dense()).filter(|x| !x.is_nan()).collect();
        x.sort_by(f32::total_cmp);
        let mut highest = f32::NEG_INFINITY;
        for x in x {
            let y = f(x);
            if y < highest {
                let fall = ulps(y, highest as f64);
                assert!(fall <= 2.0, "{name} falls by {fall} ULP at {x:e}");
            } else if !y.is_nan() {
                highest = y;
            }
        }
    }

    #[test]
    fn errors_stay_within_the_stated_bounds() {
        check("exp", exp, f64::exp, 2.0);
        check(
            "sigmoid",
            sigmoid,
            |x| {
                if x < 0.0 { x.exp() / (1.0 + x.exp()) } else { 1.0 / (1.0 + (-x).exp()) }
            },
            3.0,
        );
        check("tanh", tanh, f64::tanh, 3.0);
        check("log", log, f64::ln, 2.0);
        check("log1p", log1p, f64::ln_1p, 3.0);
        check("sin", sin, |x| if x.abs() < 1e6 { x.sin() } else { libm::sin(x) }, 1.0);
        check("cos", cos, |x| if x.abs() < 1e6 { x.cos() } else { libm::cos(x) }, 1.0);
    }

    #[test]
    fn rising_functions_rise() {
        check_rising("exp", exp);
        check_rising("sigmoid", sigmoid);
        check_rising("tanh", tanh);
        check_rising("log", |x| if x < 0.0 { f32::NEG_INFINITY } else { log(x) });
        check_rising("log1p", |x| if x < -1.0 { f32::NEG_INFINITY } else { log1p(x) });
    }

    #[test]
    fn exact_where_the_value_is_a_float() {
        assert_eq!((exp(0.0f32), exp(-0.0f32)), (1.0, 1.0));
        assert_eq!((exp(f32::INFINITY), exp(f32::NEG_INFINITY)), (f32::INFINITY, 0.0));
        assert_eq!((sigmoid(0.0f32), sigmoid(f32::INFINITY)), (0.5, 1.0));
        assert_eq!(sigmoid(f32::NEG_INFINITY), 0.0);
        assert_eq!((tanh(f32::INFINITY), tanh(f32::NEG_INFINITY)), (1.0, -1.0));
        assert_eq!(tanh(-0.0f32).to_bits(), (-0.0f32).to_bits());
        assert_eq!((log(1.0f32), log(0.0f32)), (0.0, f32::NEG_INFINITY));
        assert_eq!((log1p(-1.0f32), log1p(f32::INFINITY)), (f32::NEG_INFINITY, f32::INFINITY));
        assert_eq!(log1p(-0.0f32).to_bits(), (-0.0f32).to_bits());
        assert!(log(-1.0f32).is_nan() && log1p(-1.5f32).is_nan());
    }
}
