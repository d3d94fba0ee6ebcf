//! Logarithms over [`Lane`], as `math.rs` has its functions.

use crate::lane::Lane;
use crate::polynomial::polynomial;

/// ln 2 = LN2_HIGH + LN2_LOW; the high part has so few bits that n * LN2_HIGH is exact.
pub(crate) const LN2_HIGH: f32 = 0.693_359_4;
pub(crate) const LN2_LOW: f32 = -2.121_944_4e-4;

/// ln(1 + t) for 0 <= t <= 1, within 2 ULP; relative error of the polynomial 3e-8.
#[inline(always)]
pub fn log1p_unit<L: Lane>(t: L) -> L {
    let c = L::splat;
    let t2 = t * t;
    let low = c(0.333_213_3) + t * c(-0.248_572_17);
    let middle = c(0.191_538_48) + t * c(-0.137_541_88);
    let high = c(0.079_208_83) + t * c(-0.030_068_3) + t2 * c(0.005_365_422_5);
    let q = low + middle * t2 + high * (t2 * t2);
    t + t2 * (c(-0.499_996_48) + t * q)
}

/// ln(1 + e^x) with e = e^-|x|, within 3 ULP.
#[inline(always)]
pub fn softplus<L: Lane>(x: L, e: L) -> L {
    x.pick_max(L::splat(0.0)) + log1p_unit(e)
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
