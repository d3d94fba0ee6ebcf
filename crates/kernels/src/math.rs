//! Elementary functions over [`Lane`], of our own so that every machine gives the same bits.
//!
//! Each is branch-free: exact at 0 and at the infinities, NaN for NaN, and right for subnormal
//! arguments and results. Errors are stated in units in the last place (ULP), measured over all
//! exponents in tests/math.rs. Polynomials are minimax fits made for these ranges.

use crate::lane::{HALVES_MAGIC, Lane, POW2_MAGIC};
use crate::logarithm::{LN2_HIGH, LN2_LOW};
pub use crate::logarithm::{log, log1p, log1p_unit, softplus};
pub(crate) use crate::polynomial::polynomial;
use crate::{power, trig};

const LOG2_E: f32 = core::f32::consts::LOG2_E;
/// From here on tanh x rounds to 1.
const TANH_END: f32 = 9.02;

/// e^r times `unit`, a power of two, for |r| <= ln 2 / 2, relative error 3e-9. The terms are added up
/// from the smallest, so that only the last sum rounds at the size of the result.
#[inline(always)]
fn exp_small<L: Lane>(r: L, unit: f32) -> L {
    let c = |c: f32| L::splat(c * unit);
    let r2 = r * r;
    let high = c(0.041_668_266) + r * c(0.008_368_677) + r2 * c(0.001_382_073_4);
    let q = c(0.499_999_94) + r * c(0.166_665_21) + r2 * high;
    c(1.0) + (r * c(1.0) + r2 * q)
}

/// x - n ln 2
#[inline(always)]
fn rest<L: Lane>(x: L, n: L) -> L {
    x - n * L::splat(LN2_HIGH) - n * L::splat(LN2_LOW)
}

/// e^x, within 2 ULP.
#[inline(always)]
pub fn exp<L: Lane>(x: L) -> L {
    // Outside of [-104, 89] the result is 0 or infinite anyway.
    let (r, shifted) =
        exp_parts(x.pick_max(L::splat(-104.0)).pick_min(L::splat(89.0)), HALVES_MAGIC);
    // 2^n in two factors, since n goes from -150 to 128; only the last product rounds.
    let (u, v) = shifted.pow2_halves();
    exp_small(r, 1.0) * u * v
}

/// (r, n + magic) with x = n ln 2 + r
#[inline(always)]
fn exp_parts<L: Lane>(x: L, magic: f32) -> (L, L) {
    let magic = L::splat(magic);
    let shifted = x * L::splat(LOG2_E) + magic;
    (rest(x, shifted - magic), shifted)
}

/// Up to this |x|, e^x is a normal float, and [`exp_begin`] with [`exp_end`] give the bits of [`exp`].
pub const EXP_NORMAL: f32 = 87.0;

/// (r, 2^n) with x = n ln 2 + r. Half of e^x: loops that go twice over a block, once with each half,
/// keep a processor busier than one with a chain of steps twice as long.
#[inline(always)]
pub fn exp_begin<L: Lane>(x: L) -> (L, L) {
    let (r, shifted) = exp_parts(x, POW2_MAGIC);
    (r, shifted.pow2_above_magic())
}

/// The other half of e^x.
#[inline(always)]
pub fn exp_end<L: Lane>(r: L, scale: L) -> L {
    exp_small(r, 1.0) * scale
}

/// e^-a for a >= 0, within 2 ULP: what gates are made of, in fewer steps than [`exp`].
#[inline(always)]
pub fn exp_minus<L: Lane>(a: L) -> L {
    let (r, scale) = exp_minus_begin(a);
    exp_minus_end(r, scale)
}

/// (r, 2^(n + 64)) with -a = n ln 2 + r: half of e^-a.
#[inline(always)]
pub fn exp_minus_begin<L: Lane>(a: L) -> (L, L) {
    // n is from -150 to 0, and 2^(n + 64) is a normal float.
    let magic = L::splat(POW2_MAGIC + 64.0);
    let a = a.pick_min(L::splat(104.0));
    let shifted = magic - a * L::splat(LOG2_E);
    let n = shifted - magic;
    let r = n * L::splat(-LN2_HIGH) - a - n * L::splat(LN2_LOW);
    (r, shifted.pow2_above_magic())
}

/// The other half of e^-a; only the product rounds to a subnormal number.
#[inline(always)]
pub fn exp_minus_end<L: Lane>(r: L, scale: L) -> L {
    exp_small(r, 1.0 / 18_446_744_073_709_551_616.0) * scale
}

/// 1 / (1 + e^-x) with e = e^-|x|, within 3 ULP.
#[inline(always)]
pub fn sigmoid<L: Lane>(x: L, e: L) -> L {
    let one = L::splat(1.0);
    L::select(x.lt(L::splat(0.0)), e, one) / (one + e)
}

/// (sigmoid(x), sigmoid(-x)) with e = e^-|x|, neither of which cancels.
#[inline(always)]
pub fn sigmoids<L: Lane>(x: L, e: L) -> (L, L) {
    let one = L::splat(1.0);
    let large = one / (one + e);
    let small = e * large;
    let negative = x.lt(L::splat(0.0));
    (L::select(negative, small, large), L::select(negative, large, small))
}

/// e^x - 1 for x <= 0 (above 18, some float), within 3 ULP. Small x have n = 0, so that nothing
/// cancels.
#[inline(always)]
pub fn expm1<L: Lane>(x: L) -> L {
    let (r, scale) = expm1_begin(x);
    expm1_end(r, scale)
}

/// (r, 2^n) with x = n ln 2 + r: half of e^x - 1.
#[inline(always)]
pub fn expm1_begin<L: Lane>(x: L) -> (L, L) {
    // From -17.4 down it rounds to -1.
    let x = x.pick_max(L::splat(-18.0));
    let magic = L::splat(POW2_MAGIC);
    let shifted = x * L::splat(LOG2_E) + magic;
    (rest(x, shifted - magic), shifted.pow2_above_magic())
}

/// The other half of e^x - 1.
#[inline(always)]
pub fn expm1_end<L: Lane>(r: L, scale: L) -> L {
    let c = L::splat;
    // (e^r - 1 - r) / r^2
    let r2 = r * r;
    let high = c(0.041_667_46) + r * c(0.008_366_432) + r2 * c(0.001_386_843_5);
    let q = c(0.499_999_97) + r * c(0.166_665_45) + r2 * high;
    scale * (r + r2 * q) + (scale - c(1.0))
}

/// tanh x, within 4 ULP.
#[inline(always)]
pub fn tanh<L: Lane>(x: L) -> L {
    let (a, b) = tanh_begin(x);
    tanh_end(a, b)
}

/// (2 a, u) with tanh(x / 2) = a / (1 + u): polynomials, whose error is below 8e-9 of tanh x. Half of
/// tanh x.
#[inline(always)]
pub fn tanh_begin<L: Lane>(x: L) -> (L, L) {
    let x = x.pick_max(L::splat(-TANH_END)).pick_min(L::splat(TANH_END));
    let z = x * x;
    let above = L::splat(0.029_773_494) + z * L::splat(1.142_444_9e-4);
    let below = polynomial(z, [0.113_106_795, 0.001_206_513_1, 1.228_731_9e-6]);
    (x + (x * z) * above, z * below)
}

/// The other half: with b = 1 + u, tanh x = 2 a b / (a^2 + b^2) = 2 a b / (2 a b + (b - a)^2) for
/// x > 0, where rounding 2 a b counts the less the nearer tanh x is to 1. (b - a)^2 = (1 + g)^2.
#[inline(always)]
pub fn tanh_end<L: Lane>(twice_a: L, u: L) -> L {
    let product = twice_a + twice_a * u;
    let g = u - twice_a.abs() * L::splat(0.5);
    product / (product.abs() + (L::splat(1.0) + g * (L::splat(2.0) + g)))
}

/// Phi(-a), Phi the normal distribution function, for a from 0 to 200 with e = e^(-a^2 / 2). Their ratio, which
/// is smooth, is a rational function; absolute error of max(a, 1) Phi(-a) 2e-8.
#[inline(always)]
pub fn normal_tail<L: Lane>(a: L, e: L) -> L {
    // Times 0.8: from 1 up, below would round twice as much, and gelu would fall for small x.
    let above = polynomial(a, [0.4, 0.150_937_26, 0.028_739_456]);
    let below = polynomial(a, [0.8, 0.940_183_46, 0.407_617_48, 0.068_005_934, 2.664_072_4e-4]);
    e * above / below
}

/// The largest integer that is not above x.
#[inline(always)]
pub fn floor<L: Lane>(x: L) -> L {
    let nearest = x.round();
    L::select(x.lt(nearest), nearest - L::splat(1.0), nearest)
}

/// e^x - 1 for every x, within 5 ULP: for x > 0, -(e^-x - 1) e^x.
#[inline(always)]
pub fn expm1_all<L: Lane>(x: L) -> L {
    let zero = L::splat(0.0);
    let below = expm1(-x.abs());
    let y = L::select(zero.lt(x), -below * exp(x), below);
    L::select(x.eq(zero), x, y)
}

/// erf x = 2 / sqrt(pi) times the integral of e^(-t^2) from 0 to x, within 4 ULP: below 1 x times a polynomial
/// of x^2, whose relative error is 1e-9, then 1 - 2 Phi(-sqrt(2) |x|).
#[inline(always)]
pub fn erf<L: Lane>(x: L) -> L {
    let one = L::splat(1.0);
    let a = x.abs().pick_min(L::splat(10.0));
    let tail = normal_tail(a * L::splat(core::f32::consts::SQRT_2), exp_minus(a * a));
    let near = polynomial(
        x * x,
        [
            core::f32::consts::FRAC_2_SQRT_PI,
            -0.376_126_27,
            0.112_835_95,
            -0.026_854_212,
            0.005_189_087,
            -0.000_801_686_4,
            7.875_875e-5,
        ],
    );
    L::select(a.lt(one), x * near, (one - L::splat(2.0) * tail).copysign(x))
}

/// a^b, within 1 ULP, float by float.
#[inline(always)]
pub fn pow<L: Lane>(a: L, b: L) -> L {
    a.map2(b, power::pow)
}

/// a - b floor(a / b), exact, float by float.
#[inline(always)]
pub fn modulo<L: Lane>(a: L, b: L) -> L {
    a.map2(b, power::modulo)
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
