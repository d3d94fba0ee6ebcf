//! What several rows are made of.

use crate::lane::Lane;

/// s and s a of selu.
pub const SELU_SCALE: f32 = 1.050_701;
pub const SELU_FLOOR: f32 = 1.758_099_3;

/// 2 sqrt(2 / pi), and that times 0.044715.
pub const GELU_SLOPE: f32 = 1.595_769;
pub const GELU_CUBE: f32 = 0.071_354_814;

/// `yes` where x > 0, else `no`; NaN keeps to `yes`.
#[inline(always)]
pub fn positive<L: Lane>(x: L, yes: L, no: L) -> L {
    L::select(x.le(L::splat(0.0)), no, yes)
}

/// `yes` where x < 0, else 0
#[inline(always)]
pub fn below<L: Lane>(x: L, yes: L) -> L {
    L::select(x.lt(L::splat(0.0)), yes, L::splat(0.0))
}

/// min(max(x, low), high)
#[inline(always)]
pub fn between<L: Lane>(x: L, low: f32, high: f32) -> L {
    x.pick_max(L::splat(low)).pick_min(L::splat(high))
}

/// `slope` where low < y < high, else 0
#[inline(always)]
pub fn slope_between<L: Lane>(y: L, low: f32, high: f32, slope: f32) -> L {
    let right = L::select(y.lt(L::splat(high)), L::splat(slope), L::splat(0.0));
    L::select(y.le(L::splat(low)), L::splat(0.0), right)
}

/// x above a point where gates have long become 0, so that -infinity times the gate is 0.
#[inline(always)]
pub fn low<L: Lane>(x: L) -> L {
    x.pick_max(L::splat(-200.0))
}

/// x between points where gates and their slopes have long become constant.
#[inline(always)]
pub fn finite<L: Lane>(x: L) -> L {
    between(x, -200.0, 200.0)
}

/// 2 sqrt(2 / pi) (x + 0.044715 x^3)
#[inline(always)]
pub fn gelu_angle<L: Lane>(x: L) -> L {
    x * (x * x * L::splat(GELU_CUBE) + L::splat(GELU_SLOPE))
}

/// (a, b) with a / b = tanh(softplus(x)) and e = e^-|x|:
/// (e^2x + 2 e^x) / (e^2x + 2 e^x + 2), for x >= 0 divided by e^2x.
#[inline(always)]
pub fn mish_parts<L: Lane>(x: L, e: L) -> (L, L) {
    let (one, two) = (L::splat(1.0), L::splat(2.0));
    let negative = x.lt(L::splat(0.0));
    let above = L::select(negative, e * (e + two), one + two * e);
    (above, above + two * L::select(negative, one, e * e))
}
