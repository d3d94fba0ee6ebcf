//! Elementary functions over [`Lane`], of our own so that every machine gives the same bits.
//!
//! Each is branch-free: exact at 0 and at the infinities, NaN for NaN, and right for subnormal
//! arguments and results. Errors are stated in units in the last place (ULP), measured over all
//! exponents in tests/math.rs. Polynomials are minimax fits made for these ranges.

use crate::lane::{Lane, POW2_MAGIC};
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

/// e^r - 1 for |r| <= ln 2 / 2, relative error of e^r 3e-9
#[inline(always)]
fn expm1_small<L: Lane>(r: L) -> L {
    // (e^r - 1 - r) / r^2
    let q = polynomial(r, [0.5, 0.166_665_17, 0.041_666_2, 0.008_369_088, 0.001_395_089]);
    r + r * r * q
}

/// (n, e^r - 1) with x = n ln 2 + r and |r| <= ln 2 / 2
#[inline(always)]
fn reduce<L: Lane>(x: L) -> (L, L) {
    let n = (x * L::splat(LOG2_E)).round();
    let r = x - n * L::splat(LN2_HIGH) - n * L::splat(LN2_LOW);
    (n, expm1_small(r))
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

/// e^-a for a >= 0, within 2 ULP: what gates are made of, in fewer steps than [`exp`].
#[inline(always)]
pub fn exp_minus<L: Lane>(a: L) -> L {
    // n is from -150 to 0, and 2^(n + 64) is a normal float; only the last product rounds.
    let magic = L::splat(POW2_MAGIC + 64.0);
    let a = a.pick_min(L::splat(104.0));
    let scale = magic - a * L::splat(LOG2_E);
    let n = scale - magic;
    let r = n * L::splat(-LN2_HIGH) - a - n * L::splat(LN2_LOW);
    let p = L::splat(1.0) + expm1_small(r);
    p * scale.pow2_above_magic() * L::splat(1.0 / 18_446_744_073_709_551_616.0)
}

/// 1 / (1 + e^-x), within 3 ULP.
#[inline(always)]
pub fn sigmoid<L: Lane>(x: L) -> L {
    let one = L::splat(1.0);
    let e = exp_minus(x.abs());
    L::select(x.lt(L::splat(0.0)), e, one) / (one + e)
}

/// (sigmoid(x), sigmoid(-x)), neither of which cancels.
#[inline(always)]
pub fn sigmoids<L: Lane>(x: L) -> (L, L) {
    let one = L::splat(1.0);
    let e = exp_minus(x.abs());
    let large = one / (one + e);
    let small = e * large;
    let negative = x.lt(L::splat(0.0));
    (L::select(negative, small, large), L::select(negative, large, small))
}

/// e^x - 1 for |x| up to 18.1, without cancellation for small x, where n = 0.
#[inline(always)]
fn expm1_near<L: Lane>(x: L) -> L {
    let (n, p) = reduce(x);
    let scale = n.pow2();
    scale * p + (scale - L::splat(1.0))
}

/// e^x - 1 for x <= 0 (above 18, some float), within 3 ULP.
#[inline(always)]
pub fn expm1_below<L: Lane>(x: L) -> L {
    // From -17.4 down it rounds to -1.
    expm1_near(x.pick_max(L::splat(-18.0)))
}

/// tanh x, within 3 ULP.
#[inline(always)]
pub fn tanh<L: Lane>(x: L) -> L {
    // From 9.02 on, tanh rounds to 1.
    let em1 = expm1_near((x.abs() + x.abs()).pick_min(L::splat(18.1)));
    (em1 / (em1 + L::splat(2.0))).copysign(x)
}

/// ln(1 + e^-a) for a >= 0, within 4 ULP.
#[inline(always)]
pub fn log1p_exp_minus<L: Lane>(a: L) -> L {
    let t = exp_minus(a);
    // ln(1 + t) = 2 artanh(s / 2), s = 2 t / (2 + t) <= 2/3
    let s = (t + t) / (L::splat(2.0) + t);
    // (2 artanh(s / 2) / s - 1) / s^2
    let z = s * s;
    let p = polynomial(z, [0.083_332_896, 0.012_507_783, 0.002_184_425_3, 0.000_550_354_84]);
    s + s * (z * p)
}

/// ln(1 + e^x), within 4 ULP.
#[inline(always)]
pub fn softplus<L: Lane>(x: L) -> L {
    x.pick_max(L::splat(0.0)) + log1p_exp_minus(x.abs())
}

/// (Phi(-a), e^(-a^2 / 2)) for a >= 0, Phi the normal distribution function. Their ratio, which is
/// smooth, is a rational function; absolute error of a Phi(-a) 5e-8.
#[inline(always)]
pub fn normal_tail<L: Lane>(a: L) -> (L, L) {
    // From 15 on, both are 0.
    let a = a.pick_min(L::splat(15.0));
    let e = exp_minus(a * a * L::splat(0.5));
    let above = polynomial(a, [0.5, 0.437_252_73, 0.182_462_75, 0.040_372_737, 0.004_077_601]);
    let below =
        polynomial(a, [1.0, 1.672_390_3, 1.199_295_5, 0.467_431_4, 0.101_206_25, 0.010_220_9]);
    (e * above / below, e)
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
