//! Four floats in a WebAssembly vector register.

mod splats;

pub use splats::{Splats, picked};

use super::{Lane, SQRT_HALF};
use core::arch::wasm32::*;
use core::ops::{Add, Div, Mul, Neg, Sub};

#[derive(Clone, Copy, Debug)]
#[repr(transparent)]
pub struct F32x4(v128);

/// The first W floats of each of so many rows of n, if x has them.
#[inline(always)]
pub fn rows<const W: usize>(
    x: &[f32],
    n: usize,
    rows: usize,
) -> Option<impl Iterator<Item = &[f32; W]>> {
    let last = rows.saturating_sub(1) as u64 * n as u64;
    // SAFETY: the last row begins at `last`, and x has W floats from there on; the others lie before.
    let row = move |row: usize| unsafe { &*x.as_ptr().add(row * n).cast() };
    (last + W as u64 <= x.len() as u64).then(|| (0..rows).map(row))
}

impl F32x4 {
    #[inline(always)]
    pub fn load(x: &[f32; 4]) -> Self {
        // SAFETY: the reference makes 16 bytes readable, and v128.load asks for no alignment.
        Self(unsafe { v128_load(x.as_ptr().cast()) })
    }

    /// The first four floats of each of R rows of n, if x has them.
    #[inline(always)]
    pub fn load_rows<const R: usize>(x: &[f32], n: usize) -> Option<[Self; R]> {
        let last = (R as u64 - 1) * n as u64;
        // SAFETY: the last row begins at `last`, and x has four floats from there on; the others lie before.
        let load = |row: usize| Self(unsafe { v128_load(x.as_ptr().add(row * n).cast()) });
        (last + 4 <= x.len() as u64).then(|| core::array::from_fn(load))
    }

    #[inline(always)]
    pub fn store(self, y: &mut [f32; 4]) {
        // SAFETY: the reference makes 16 bytes writable, and v128.store asks for no alignment.
        unsafe { v128_store(y.as_mut_ptr().cast(), self.0) }
    }

    /// Stores where [`F32x4::load_rows`] loads, if y has all of it.
    #[inline(always)]
    pub fn store_rows<const R: usize>(rows: [Self; R], y: &mut [f32], n: usize) -> bool {
        let last = (R as u64 - 1) * n as u64;
        let fits = last + 4 <= y.len() as u64;
        if fits {
            for (i, row) in rows.into_iter().enumerate() {
                // SAFETY: the last row begins at `last`, and y has four floats from there on; the others lie before.
                unsafe { v128_store(y.as_mut_ptr().add(i * n).cast(), row.0) }
            }
        }
        fits
    }

    /// From four floats in registers: they are not stored to be loaded again, which waits.
    #[inline(always)]
    pub fn of([a, b, c, d]: [f32; 4]) -> Self {
        Self(f32x4(a, b, c, d))
    }

    /// self + a b. The relaxed build rounds once where the machine can, so its bits are its own.
    #[inline(always)]
    pub fn madd(self, a: Self, b: Self) -> Self {
        #[cfg(target_feature = "relaxed-simd")]
        return Self(f32x4_relaxed_madd(a.0, b.0, self.0));
        #[cfg(not(target_feature = "relaxed-simd"))]
        return self + a * b;
    }

    /// The larger of self, which is not negative, and |x|; infinity is larger than any number, NaN than infinity.
    #[inline(always)]
    pub fn peak(self, x: Self) -> Self {
        // Without their sign, floats are ordered as integers are. As a mask, which is set before a loop: for
        // `f32x4_abs` engines make one at each turn, which takes 1.6 times as long.
        Self(i32x4_max(self.0, v128_and(x.0, i32x4_splat(i32::MAX))))
    }

    /// Rows to columns of a 4x4 block.
    #[inline(always)]
    pub fn transpose([a, b, c, d]: [Self; 4]) -> [Self; 4] {
        let ab = i32x4_shuffle::<0, 4, 1, 5>(a.0, b.0);
        let cd = i32x4_shuffle::<0, 4, 1, 5>(c.0, d.0);
        let ab_high = i32x4_shuffle::<2, 6, 3, 7>(a.0, b.0);
        let cd_high = i32x4_shuffle::<2, 6, 3, 7>(c.0, d.0);
        [
            Self(i64x2_shuffle::<0, 2>(ab, cd)),
            Self(i64x2_shuffle::<1, 3>(ab, cd)),
            Self(i64x2_shuffle::<0, 2>(ab_high, cd_high)),
            Self(i64x2_shuffle::<1, 3>(ab_high, cd_high)),
        ]
    }
}

/// Four integers beside four floats.
#[derive(Clone, Copy, Debug)]
#[repr(transparent)]
pub struct I32x4(v128);

impl I32x4 {
    #[inline(always)]
    pub fn splat(x: i32) -> Self {
        Self(i32x4_splat(x))
    }

    #[inline(always)]
    pub fn load(x: &[i32; 4]) -> Self {
        // SAFETY: the reference makes 16 bytes readable, and v128.load asks for no alignment.
        Self(unsafe { v128_load(x.as_ptr().cast()) })
    }

    #[inline(always)]
    pub fn store(self, y: &mut [i32; 4]) {
        // SAFETY: the reference makes 16 bytes writable, and v128.store asks for no alignment.
        unsafe { v128_store(y.as_mut_ptr().cast(), self.0) }
    }

    #[inline(always)]
    pub fn equals(self, other: Self) -> <F32x4 as Lane>::Mask {
        i32x4_eq(self.0, other.0)
    }

    #[inline(always)]
    pub fn select(mask: <F32x4 as Lane>::Mask, yes: Self, no: Self) -> Self {
        Self(v128_bitselect(yes.0, no.0, mask))
    }
}

/// Two doubles in a vector register.
#[derive(Clone, Copy, Debug)]
#[repr(transparent)]
pub struct F64x2(v128);

impl F64x2 {
    /// The four floats of x.
    #[inline(always)]
    pub fn of(x: F32x4) -> [Self; 2] {
        let high = i64x2_shuffle::<1, 1>(x.0, x.0);
        [Self(f64x2_promote_low_f32x4(x.0)), Self(f64x2_promote_low_f32x4(high))]
    }

    /// Two floats where they lie: engines read and convert them at once.
    #[inline(always)]
    pub fn of_pair(x: &[f32; 2]) -> Self {
        // SAFETY: the reference makes 8 bytes readable, and v128.load64_zero asks for no alignment.
        Self(f64x2_promote_low_f32x4(unsafe { v128_load64_zero(x.as_ptr().cast()) }))
    }

    /// The nearest floats.
    #[inline(always)]
    pub fn rounded([low, high]: [Self; 2]) -> F32x4 {
        let (low, high) = (f32x4_demote_f64x2_zero(low.0), f32x4_demote_f64x2_zero(high.0));
        F32x4(i64x2_shuffle::<0, 2>(low, high))
    }

    #[inline(always)]
    pub fn load(x: &[f64; 2]) -> Self {
        // SAFETY: the reference makes 16 bytes readable, and v128.load asks for no alignment.
        Self(unsafe { v128_load(x.as_ptr().cast()) })
    }

    #[inline(always)]
    pub fn store(self, y: &mut [f64; 2]) {
        // SAFETY: the reference makes 16 bytes writable, and v128.store asks for no alignment.
        unsafe { v128_store(y.as_mut_ptr().cast(), self.0) }
    }

    pub fn splat(x: f64) -> Self {
        Self(f64x2_splat(x))
    }

    pub fn to_array(self) -> [f64; 2] {
        [f64x2_extract_lane::<0>(self.0), f64x2_extract_lane::<1>(self.0)]
    }
}

impl Add for F64x2 {
    type Output = Self;
    #[inline(always)]
    fn add(self, other: Self) -> Self {
        Self(f64x2_add(self.0, other.0))
    }
}

impl Mul for F64x2 {
    type Output = Self;
    #[inline(always)]
    fn mul(self, other: Self) -> Self {
        Self(f64x2_mul(self.0, other.0))
    }
}

impl Add for F32x4 {
    type Output = Self;
    #[inline(always)]
    fn add(self, other: Self) -> Self {
        Self(f32x4_add(self.0, other.0))
    }
}

impl Sub for F32x4 {
    type Output = Self;
    #[inline(always)]
    fn sub(self, other: Self) -> Self {
        Self(f32x4_sub(self.0, other.0))
    }
}

impl Mul for F32x4 {
    type Output = Self;
    #[inline(always)]
    fn mul(self, other: Self) -> Self {
        Self(f32x4_mul(self.0, other.0))
    }
}

impl Div for F32x4 {
    type Output = Self;
    #[inline(always)]
    fn div(self, other: Self) -> Self {
        Self(f32x4_div(self.0, other.0))
    }
}

impl Neg for F32x4 {
    type Output = Self;
    #[inline(always)]
    fn neg(self) -> Self {
        Self(f32x4_neg(self.0))
    }
}

impl Lane for F32x4 {
    type Mask = v128;

    #[inline(always)]
    fn splat(x: f32) -> Self {
        Self(f32x4_splat(x))
    }
    #[inline(always)]
    fn abs(self) -> Self {
        Self(f32x4_abs(self.0))
    }
    #[inline(always)]
    fn sqrt(self) -> Self {
        Self(f32x4_sqrt(self.0))
    }
    #[inline(always)]
    fn round(self) -> Self {
        Self(f32x4_nearest(self.0))
    }
    #[inline(always)]
    fn pick_min(self, other: Self) -> Self {
        Self(f32x4_pmin(self.0, other.0))
    }
    #[inline(always)]
    fn pick_max(self, other: Self) -> Self {
        Self(f32x4_pmax(self.0, other.0))
    }
    #[inline(always)]
    fn minimum(self, other: Self) -> Self {
        Self(f32x4_min(self.0, other.0))
    }
    #[inline(always)]
    fn maximum(self, other: Self) -> Self {
        Self(f32x4_max(self.0, other.0))
    }
    #[inline(always)]
    fn copysign(self, sign: Self) -> Self {
        let bit = f32x4_splat(-0.0);
        Self(v128_or(v128_andnot(self.0, bit), v128_and(sign.0, bit)))
    }
    #[inline(always)]
    fn lt(self, other: Self) -> v128 {
        f32x4_lt(self.0, other.0)
    }
    #[inline(always)]
    fn le(self, other: Self) -> v128 {
        f32x4_le(self.0, other.0)
    }
    #[inline(always)]
    fn eq(self, other: Self) -> v128 {
        f32x4_eq(self.0, other.0)
    }
    #[inline(always)]
    fn not(mask: v128) -> v128 {
        v128_not(mask)
    }
    #[inline(always)]
    fn select(mask: v128, yes: Self, no: Self) -> Self {
        Self(v128_bitselect(yes.0, no.0, mask))
    }
    #[inline(always)]
    fn pow2_above_magic(self) -> Self {
        Self(i32x4_shl(self.0, 23))
    }
    #[inline(always)]
    fn pow2_halves(self) -> (Self, Self) {
        let u = u32x4_shr(self.0, 1);
        let v = i32x4_sub(self.0, u);
        (Self(i32x4_shl(u, 23)), Self(i32x4_shl(v, 23)))
    }
    #[inline(always)]
    fn split(self) -> (Self, Self) {
        let e = i32x4_shr(i32x4_sub(self.0, i32x4_splat(SQRT_HALF)), 23);
        let m = i32x4_sub(self.0, i32x4_shl(e, 23));
        (Self(f32x4_convert_i32x4(e)), Self(m))
    }
    #[inline(always)]
    fn map(self, f: impl Fn(f32) -> f32) -> Self {
        Self(f32x4(
            f(f32x4_extract_lane::<0>(self.0)),
            f(f32x4_extract_lane::<1>(self.0)),
            f(f32x4_extract_lane::<2>(self.0)),
            f(f32x4_extract_lane::<3>(self.0)),
        ))
    }
    #[inline(always)]
    fn map2(self, other: Self, f: impl Fn(f32, f32) -> f32) -> Self {
        let (mut a, b) = (self.to_array(), other.to_array());
        for (a, b) in a.iter_mut().zip(b) {
            *a = f(*a, b);
        }
        Self::load(&a)
    }
}
