//! Powers and remainders, float by float.

use core::f64::consts::{LN_2, LOG2_E};

/// a^b as IEEE 754 has it, within 1 ULP: 1 for b = 0 whatever a is, NaN for a negative a and a b that is no
/// integer. Computed in f64 as 2^(b log2 |a|).
pub fn pow(a: f32, b: f32) -> f32 {
    if b == 0.0 || a == 1.0 {
        return 1.0;
    }
    let size = if a == -1.0 && b.is_infinite() {
        1.0
    } else {
        exp2(f64::from(b) * log2(f64::from(a.abs())))
    };
    let whole = b.abs() >= 8_388_608.0 || b as i32 as f32 == b;
    let odd = whole && b.abs() < 16_777_216.0 && b as i32 & 1 == 1;
    match a.is_sign_negative() {
        true if odd => -size,
        true if !whole && a != 0.0 && a.is_finite() => f32::NAN,
        _ => size,
    }
}

/// log2 x of a float that is no subnormal f64, x >= 0; -infinity of 0.
fn log2(x: f64) -> f64 {
    if x == 0.0 || !x.is_finite() {
        return if x == 0.0 { f64::NEG_INFINITY } else { x };
    }
    // x = 2^e m with m in [sqrt(1/2), sqrt(2)): counted from the bits of sqrt(1/2).
    const SQRT_HALF: i64 = 0x3fe6_a09e_0000_0000;
    let bits = x.to_bits() as i64;
    let e = (bits - SQRT_HALF) >> 52;
    let m = f64::from_bits((bits - (e << 52)) as u64);
    // ln m = 2 (s + s^3 / 3 + s^5 / 5 + ..)
    let s = (m - 1.0) / (m + 1.0);
    let series = (0..8).rev().fold(0.0, |sum, k| sum * (s * s) + 1.0 / f64::from(2 * k + 1));
    e as f64 + 2.0 * LOG2_E * s * series
}

/// 2^y, rounded once.
fn exp2(y: f64) -> f32 {
    let y = if y.is_nan() { return f32::NAN } else { y.clamp(-200.0, 200.0) };
    /// Added, it leaves the nearest integer in the low bits.
    const MAGIC: f64 = 6_755_399_441_055_744.0;
    let shifted = y + MAGIC;
    let r = (y - (shifted - MAGIC)) * LN_2;
    let series = (1..11).rev().fold(1.0, |sum, k| 1.0 + sum * r / f64::from(k));
    let scale = f64::from_bits((shifted.to_bits() << 52).wrapping_add(1023 << 52));
    (series * scale) as f32
}

/// a - b floor(a / b), exact: the remainder with the sign of b.
pub fn modulo(a: f32, b: f32) -> f32 {
    let rest = libm::fmodf(a, b);
    if rest == 0.0 {
        rest.abs().copysign(b)
    } else if (rest < 0.0) != (b < 0.0) {
        rest + b
    } else {
        rest
    }
}
