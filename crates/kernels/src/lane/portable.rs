//! Four floats in an array, for targets without `simd128`: each operation is `f32`'s, four times.

mod splats;

pub use splats::{Splats, picked};

use super::Lane;
use core::ops::{Add, Div, Mul, Neg, Sub};

#[derive(Clone, Copy, Debug)]
pub struct F32x4([f32; 4]);

/// The first W floats of each of so many rows of n, if x has them.
#[inline(always)]
pub fn rows<const W: usize>(
    x: &[f32],
    n: usize,
    rows: usize,
) -> Option<impl Iterator<Item = &[f32; W]>> {
    x.get(rows.saturating_sub(1) * n..)?.first_chunk::<W>()?;
    Some((0..rows).filter_map(move |row| x.get(row * n..)?.first_chunk()))
}

impl F32x4 {
    pub fn of(x: [f32; 4]) -> Self {
        Self(x)
    }
    #[inline(always)]
    pub fn load(x: &[f32; 4]) -> Self {
        Self(*x)
    }

    /// The first four floats of each of R rows of n, if x has them.
    #[inline(always)]
    pub fn load_rows<const R: usize>(x: &[f32], n: usize) -> Option<[Self; R]> {
        x.get((R - 1) * n + 3)?;
        Some(core::array::from_fn(|row| Self(core::array::from_fn(|i| x[row * n + i]))))
    }

    #[inline(always)]
    pub fn store(self, y: &mut [f32; 4]) {
        *y = self.0;
    }

    /// Stores where [`F32x4::load_rows`] loads, if y has all of it.
    pub fn store_rows<const R: usize>(rows: [Self; R], y: &mut [f32], n: usize) -> bool {
        let fits = (R - 1) * n + 4 <= y.len();
        if fits {
            for (i, row) in rows.into_iter().enumerate() {
                y[i * n..][..4].copy_from_slice(&row.0);
            }
        }
        fits
    }

    /// self + a b
    #[inline(always)]
    pub fn madd(self, a: Self, b: Self) -> Self {
        self + a * b
    }

    /// The larger of self, which is not negative, and |x|; infinity is larger than any number, NaN than infinity.
    pub fn peak(self, x: Self) -> Self {
        self.zip(x, |peak, x| f32::from_bits(peak.to_bits().max(x.abs().to_bits())))
    }

    /// Rows to columns of a 4x4 block.
    #[inline(always)]
    pub fn transpose(rows: [Self; 4]) -> [Self; 4] {
        core::array::from_fn(|j| Self(core::array::from_fn(|i| rows[i].0[j])))
    }

    fn zip(self, other: Self, f: impl Fn(f32, f32) -> f32) -> Self {
        Self(core::array::from_fn(|i| f(self.0[i], other.0[i])))
    }

    fn test(self, other: Self, f: impl Fn(f32, f32) -> bool) -> [bool; 4] {
        core::array::from_fn(|i| f(self.0[i], other.0[i]))
    }
}

/// Four integers beside four floats.
#[derive(Clone, Copy, Debug)]
pub struct I32x4([i32; 4]);

impl I32x4 {
    pub fn splat(x: i32) -> Self {
        Self([x; 4])
    }

    pub fn load(x: &[i32; 4]) -> Self {
        Self(*x)
    }

    pub fn store(self, y: &mut [i32; 4]) {
        *y = self.0;
    }

    pub fn equals(self, other: Self) -> <F32x4 as Lane>::Mask {
        core::array::from_fn(|i| self.0[i] == other.0[i])
    }

    pub fn select(mask: <F32x4 as Lane>::Mask, yes: Self, no: Self) -> Self {
        Self(core::array::from_fn(|i| if mask[i] { yes.0[i] } else { no.0[i] }))
    }
}

/// Two doubles in an array.
#[derive(Clone, Copy, Debug)]
pub struct F64x2([f64; 2]);

impl F64x2 {
    /// The four floats of x.
    #[inline(always)]
    pub fn of(x: F32x4) -> [Self; 2] {
        let [a, b, c, d] = x.0.map(f64::from);
        [Self([a, b]), Self([c, d])]
    }

    /// Two floats where they lie.
    #[inline(always)]
    pub fn of_pair(x: &[f32; 2]) -> Self {
        Self(x.map(f64::from))
    }

    /// The nearest floats.
    #[inline(always)]
    pub fn rounded([low, high]: [Self; 2]) -> F32x4 {
        let ([a, b], [c, d]) = (low.0, high.0);
        F32x4([a, b, c, d].map(|x| x as f32))
    }

    pub fn load(x: &[f64; 2]) -> Self {
        Self(*x)
    }

    pub fn store(self, y: &mut [f64; 2]) {
        *y = self.0;
    }

    pub fn splat(x: f64) -> Self {
        Self([x; 2])
    }

    pub fn to_array(self) -> [f64; 2] {
        self.0
    }
}

impl Add for F64x2 {
    type Output = Self;
    #[inline(always)]
    fn add(self, other: Self) -> Self {
        Self(core::array::from_fn(|i| self.0[i] + other.0[i]))
    }
}

impl Mul for F64x2 {
    type Output = Self;
    #[inline(always)]
    fn mul(self, other: Self) -> Self {
        Self(core::array::from_fn(|i| self.0[i] * other.0[i]))
    }
}

impl Add for F32x4 {
    type Output = Self;
    fn add(self, other: Self) -> Self {
        self.zip(other, |a, b| a + b)
    }
}

impl Sub for F32x4 {
    type Output = Self;
    fn sub(self, other: Self) -> Self {
        self.zip(other, |a, b| a - b)
    }
}

impl Mul for F32x4 {
    type Output = Self;
    fn mul(self, other: Self) -> Self {
        self.zip(other, |a, b| a * b)
    }
}

impl Div for F32x4 {
    type Output = Self;
    fn div(self, other: Self) -> Self {
        self.zip(other, |a, b| a / b)
    }
}

impl Neg for F32x4 {
    type Output = Self;
    fn neg(self) -> Self {
        self.map(|a| -a)
    }
}

impl Lane for F32x4 {
    type Mask = [bool; 4];

    fn splat(x: f32) -> Self {
        Self([x; 4])
    }
    fn abs(self) -> Self {
        self.map(f32::abs)
    }
    fn sqrt(self) -> Self {
        self.map(libm::sqrtf)
    }
    fn round(self) -> Self {
        self.map(Lane::round)
    }
    fn pick_min(self, other: Self) -> Self {
        self.zip(other, Lane::pick_min)
    }
    fn pick_max(self, other: Self) -> Self {
        self.zip(other, Lane::pick_max)
    }
    fn minimum(self, other: Self) -> Self {
        self.zip(other, Lane::minimum)
    }
    fn maximum(self, other: Self) -> Self {
        self.zip(other, Lane::maximum)
    }
    fn copysign(self, sign: Self) -> Self {
        self.zip(sign, f32::copysign)
    }
    fn lt(self, other: Self) -> [bool; 4] {
        self.test(other, |a, b| a < b)
    }
    fn le(self, other: Self) -> [bool; 4] {
        self.test(other, |a, b| a <= b)
    }
    fn eq(self, other: Self) -> [bool; 4] {
        self.test(other, |a, b| a == b)
    }
    fn not(mask: [bool; 4]) -> [bool; 4] {
        mask.map(|bit| !bit)
    }
    fn select(mask: [bool; 4], yes: Self, no: Self) -> Self {
        Self(core::array::from_fn(|i| if mask[i] { yes.0[i] } else { no.0[i] }))
    }
    fn pow2_above_magic(self) -> Self {
        self.map(Lane::pow2_above_magic)
    }
    fn pow2_halves(self) -> (Self, Self) {
        let parts = self.0.map(Lane::pow2_halves);
        (Self(parts.map(|part| part.0)), Self(parts.map(|part| part.1)))
    }
    fn split(self) -> (Self, Self) {
        let parts = self.0.map(Lane::split);
        (Self(parts.map(|part| part.0)), Self(parts.map(|part| part.1)))
    }
    fn map(self, f: impl Fn(f32) -> f32) -> Self {
        Self(self.0.map(f))
    }
    fn map2(self, other: Self, f: impl Fn(f32, f32) -> f32) -> Self {
        Self(core::array::from_fn(|i| f(self.0[i], other.0[i])))
    }
}
