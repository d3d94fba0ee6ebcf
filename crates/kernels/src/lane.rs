//! One float or four: formulas are written once over [`Lane`] and give the same bits for `f32`,
//! for a WebAssembly `v128` and for the portable `[f32; 4]` of native builds.

use core::ops::{Add, Div, Mul, Neg, Sub};

/// What a formula may use. All operations are exact IEEE 754 ones (NaN payloads aside).
pub trait Lane:
    Copy
    + Add<Output = Self>
    + Sub<Output = Self>
    + Mul<Output = Self>
    + Div<Output = Self>
    + Neg<Output = Self>
{
    /// One truth value per float.
    type Mask: Copy;

    fn splat(x: f32) -> Self;
    fn abs(self) -> Self;
    fn sqrt(self) -> Self;
    /// To the nearest integer, ties to even.
    fn round(self) -> Self;
    /// `other < self ? other : self`: the first operand when either is NaN.
    fn pick_min(self, other: Self) -> Self;
    /// `self < other ? other : self`: the first operand when either is NaN.
    fn pick_max(self, other: Self) -> Self;
    /// NaN when either is NaN; -0 is less than +0.
    fn minimum(self, other: Self) -> Self;
    /// NaN when either is NaN; -0 is less than +0.
    fn maximum(self, other: Self) -> Self;
    /// The magnitude of `self` with the sign of `sign`.
    fn copysign(self, sign: Self) -> Self;
    fn lt(self, other: Self) -> Self::Mask;
    fn le(self, other: Self) -> Self::Mask;
    fn eq(self, other: Self) -> Self::Mask;
    fn not(mask: Self::Mask) -> Self::Mask;
    fn select(mask: Self::Mask, yes: Self, no: Self) -> Self;
    /// 2^self for an integer in -126..=127; anything else gives some float.
    #[inline(always)]
    fn pow2(self) -> Self {
        (self + Self::splat(POW2_MAGIC)).pow2_above_magic()
    }
    /// 2^n from n + [`POW2_MAGIC`].
    fn pow2_above_magic(self) -> Self;
    /// (2^u, 2^v) with u + v = n, both normal floats, from n + [`HALVES_MAGIC`].
    fn pow2_halves(self) -> (Self, Self);
    /// (e, m) with self = 2^e * m and m in [sqrt(1/2), sqrt(2)), for positive normal floats;
    /// anything else gives some floats.
    fn split(self) -> (Self, Self);
    /// Applies a function to every float.
    fn map(self, f: impl Fn(f32) -> f32) -> Self;
    /// Applies a function to every pair of floats.
    fn map2(self, other: Self, f: impl Fn(f32, f32) -> f32) -> Self;
}

/// The root in f64, correctly rounded.
pub fn sqrt64(x: f64) -> f64 {
    #[cfg(all(target_arch = "wasm32", target_feature = "simd128"))]
    {
        use core::arch::wasm32::{f64x2_extract_lane, f64x2_splat, f64x2_sqrt};
        f64x2_extract_lane::<0>(f64x2_sqrt(f64x2_splat(x)))
    }
    #[cfg(not(all(target_arch = "wasm32", target_feature = "simd128")))]
    libm::sqrt(x)
}

/// Added to an integer n in -126..=127, it leaves n + 127 in the low nine bits; added to another
/// number, it rounds it to the nearest integer first.
pub const POW2_MAGIC: f32 = 12_582_912.0 + 127.0;
/// As [`POW2_MAGIC`], for n in -252..=254: it leaves n + 254.
pub const HALVES_MAGIC: f32 = POW2_MAGIC + 127.0;
/// The bits of sqrt(1/2), from which `split` counts.
pub const SQRT_HALF: i32 = 0x3f35_04f3;

impl Lane for f32 {
    type Mask = bool;

    fn splat(x: f32) -> f32 {
        x
    }
    fn abs(self) -> f32 {
        f32::abs(self)
    }
    fn sqrt(self) -> f32 {
        libm::sqrtf(self)
    }
    fn round(self) -> f32 {
        libm::rintf(self)
    }
    fn pick_min(self, other: f32) -> f32 {
        if other < self { other } else { self }
    }
    fn pick_max(self, other: f32) -> f32 {
        if self < other { other } else { self }
    }
    fn minimum(self, other: f32) -> f32 {
        -Lane::maximum(-self, -other)
    }
    fn maximum(self, other: f32) -> f32 {
        if self.is_nan() || other.is_nan() {
            f32::NAN
        } else if self == other {
            f32::from_bits(self.to_bits() & other.to_bits())
        } else {
            self.pick_max(other)
        }
    }
    fn copysign(self, sign: f32) -> f32 {
        f32::copysign(self, sign)
    }
    fn lt(self, other: f32) -> bool {
        self < other
    }
    fn le(self, other: f32) -> bool {
        self <= other
    }
    fn eq(self, other: f32) -> bool {
        self == other
    }
    fn not(mask: bool) -> bool {
        !mask
    }
    fn select(mask: bool, yes: f32, no: f32) -> f32 {
        if mask { yes } else { no }
    }
    fn pow2_above_magic(self) -> f32 {
        f32::from_bits(self.to_bits() << 23)
    }
    fn pow2_halves(self) -> (f32, f32) {
        let u = self.to_bits() >> 1;
        let v = self.to_bits() - u;
        (f32::from_bits(u << 23), f32::from_bits(v << 23))
    }
    fn split(self) -> (f32, f32) {
        let bits = self.to_bits() as i32;
        let e = bits.wrapping_sub(SQRT_HALF) >> 23;
        (e as f32, f32::from_bits(bits.wrapping_sub(e << 23) as u32))
    }
    fn map(self, f: impl Fn(f32) -> f32) -> f32 {
        f(self)
    }
    fn map2(self, other: f32, f: impl Fn(f32, f32) -> f32) -> f32 {
        f(self, other)
    }
}

mod lying;
#[cfg(not(all(target_arch = "wasm32", target_feature = "simd128")))]
mod portable;
#[cfg(all(target_arch = "wasm32", target_feature = "simd128"))]
mod simd128;

pub use lying::Lying;
#[cfg(not(all(target_arch = "wasm32", target_feature = "simd128")))]
pub use portable::{F32x4, F64x2, I32x4, Splats, picked, rows};
#[cfg(all(target_arch = "wasm32", target_feature = "simd128"))]
pub use simd128::{F32x4, F64x2, I32x4, Splats, picked, rows};

impl F32x4 {
    pub const LEN: usize = 4;

    /// The first floats of `x`, then `pad`.
    #[inline(never)]
    pub fn load_partial(x: &[f32], pad: f32) -> Self {
        Self::of(match *x {
            [] => [pad; 4],
            [a] => [a, pad, pad, pad],
            [a, b] => [a, b, pad, pad],
            [a, b, c] => [a, b, c, pad],
            [a, b, c, d, ..] => [a, b, c, d],
        })
    }

    /// As many floats as `y` has room for.
    #[inline(never)]
    pub fn store_partial(self, y: &mut [f32]) {
        let lanes = self.to_array();
        match y {
            [] => {}
            [a] => *a = lanes[0],
            [a, b] => [*a, *b] = [lanes[0], lanes[1]],
            [a, b, c] => [*a, *b, *c] = [lanes[0], lanes[1], lanes[2]],
            [a, b, c, d, ..] => [*a, *b, *c, *d] = lanes,
        }
    }

    #[inline(always)]
    pub fn to_array(self) -> [f32; 4] {
        let mut lanes = [0.0; 4];
        self.store(&mut lanes);
        lanes
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const SPECIAL: [f32; 12] = [
        0.0,
        -0.0,
        1.0,
        -1.5,
        2.5,
        f32::NAN,
        f32::INFINITY,
        f32::NEG_INFINITY,
        f32::MIN_POSITIVE,
        1e-45,
        f32::MAX,
        -3.25,
    ];

    fn same(a: f32, b: f32) -> bool {
        a.to_bits() == b.to_bits() || (a.is_nan() && b.is_nan())
    }

    #[test]
    fn four_lanes_compute_what_one_does() {
        for a in SPECIAL {
            for b in SPECIAL {
                let (va, vb) = (F32x4::splat(a), F32x4::splat(b));
                let pairs = [
                    (va + vb, a + b),
                    (va.minimum(vb), Lane::minimum(a, b)),
                    (va.maximum(vb), Lane::maximum(a, b)),
                    (va.pick_min(vb), a.pick_min(b)),
                    (va.pick_max(vb), a.pick_max(b)),
                    (Lane::copysign(va, vb), Lane::copysign(a, b)),
                    (F32x4::select(va.lt(vb), va, vb), f32::select(a < b, a, b)),
                    (F32x4::select(va.le(vb), va, vb), f32::select(a <= b, a, b)),
                    (F32x4::select(F32x4::not(va.eq(vb)), va, vb), f32::select(a != b, a, b)),
                    (va.split().0, a.split().0),
                    (va.split().1, a.split().1),
                    (Lane::round(va), Lane::round(a)),
                ];
                for (i, (four, one)) in pairs.into_iter().enumerate() {
                    assert!(four.to_array().iter().all(|&x| same(x, one)), "{i}: {a} {b}");
                }
            }
        }
    }

    #[test]
    fn minimum_and_maximum_order_the_zeros_and_keep_nan() {
        assert!(same(Lane::maximum(-0.0, 0.0), 0.0));
        assert!(same(Lane::minimum(0.0, -0.0), -0.0));
        assert!(Lane::minimum(f32::NAN, 1.0).is_nan() && Lane::maximum(1.0, f32::NAN).is_nan());
        assert_eq!((Lane::minimum(1.0, 2.0), Lane::maximum(1.0, 2.0)), (1.0, 2.0));
    }

    #[test]
    fn pow2_is_exact() {
        for e in -126..=127 {
            assert_eq!(Lane::pow2(e as f32), 2f32.powi(e));
        }
    }

    #[test]
    fn halves_multiply_to_the_power() {
        for n in -150..=128 {
            let (u, v) = Lane::pow2_halves(HALVES_MAGIC + n as f32);
            assert!(u.is_normal() && v.is_normal());
            assert_eq!(f64::from(u) * f64::from(v), 2f64.powi(n));
        }
    }

    #[test]
    fn split_recomposes() {
        for x in [1.0, 0.7, 0.70710677, 1.5, 3e38, f32::MIN_POSITIVE, 123.456] {
            let (e, m) = Lane::split(x);
            assert!((0.70710677..1.4142137).contains(&m), "{x}: {m}");
            assert_eq!((2f64.powi(e as i32) * m as f64) as f32, x);
        }
    }

    #[test]
    fn partial_loads_pad_and_partial_stores_stop() {
        let v = F32x4::load_partial(&[1.0, 2.0], 9.0);
        assert_eq!(v.to_array(), [1.0, 2.0, 9.0, 9.0]);
        let mut y = [0.0; 3];
        v.store_partial(&mut y);
        assert_eq!(y, [1.0, 2.0, 9.0]);
    }
}
