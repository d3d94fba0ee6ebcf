//! The loops of the rows, and their formulas for one lane.

use crate::activation::{self, Activation};
use crate::lane::{F32x4, Lane};
use crate::vector;

/// A function of one number: a formula, or a row of the activation table, which may know more than one
/// loop for it.
pub trait Function {
    fn map(self, x: &[f32], y: &mut [f32]);
}

impl<F: Fn(F32x4) -> F32x4> Function for F {
    #[inline(always)]
    fn map(self, x: &[f32], y: &mut [f32]) {
        vector::map(x, y, self);
    }
}

impl Function for Activation {
    #[inline(always)]
    fn map(self, x: &[f32], y: &mut [f32]) {
        activation::forward(self, [0.0; 2], x, y);
    }
}

/// What a value is multiplied by, and what is then added, each rounded.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Scaled {
    pub scale: f32,
    pub shift: f32,
}

impl Scaled {
    /// The value itself: -0 is the number which added to any other leaves it as it is.
    pub const AS_IS: Scaled = Scaled { scale: 1.0, shift: -0.0 };

    #[inline(always)]
    pub(super) fn of(self, x: F32x4) -> F32x4 {
        x * F32x4::splat(self.scale) + F32x4::splat(self.shift)
    }
}

/// A function of two numbers: a formula, or one so short that its loop takes four vectors in a turn.
pub trait Function2 {
    /// y = then(f(a, b))
    fn map2(self, a: &[f32], b: &[f32], y: &mut [f32], then: impl Fn(F32x4) -> F32x4);
}

impl<F: Fn(F32x4, F32x4) -> F32x4> Function2 for F {
    #[inline(always)]
    fn map2(self, a: &[f32], b: &[f32], y: &mut [f32], then: impl Fn(F32x4) -> F32x4) {
        vector::map2(a, b, y, |a, b| then(self(a, b)));
    }
}

pub struct Short<F>(pub F);

impl<F: Fn(F32x4, F32x4) -> F32x4> Function2 for Short<F> {
    #[inline(always)]
    fn map2(self, a: &[f32], b: &[f32], y: &mut [f32], then: impl Fn(F32x4) -> F32x4) {
        vector::map2_by_four(a, b, y, |a, b| then((self.0)(a, b)));
    }
}

/// A function of one number, for lanes of any kind.
pub trait Formula1<L> {
    fn of(self, x: [L; 1]) -> L;
}

impl<L: Lane, F: Fn(L) -> L> Formula1<L> for F {
    fn of(self, [x]: [L; 1]) -> L {
        self(x)
    }
}

impl<L: Lane> Formula1<L> for Activation {
    fn of(self, [x]: [L; 1]) -> L {
        activation::formula(self, x, [L::splat(0.0); 2])
    }
}

/// A function of two numbers, for lanes of any kind.
pub trait Formula2<L> {
    fn of(self, x: [L; 2]) -> L;
}

impl<L: Lane, F: Fn(L, L) -> L> Formula2<L> for F {
    fn of(self, [a, b]: [L; 2]) -> L {
        self(a, b)
    }
}

impl<L: Lane, F: Fn(L, L) -> L> Formula2<L> for Short<F> {
    fn of(self, [a, b]: [L; 2]) -> L {
        (self.0)(a, b)
    }
}
