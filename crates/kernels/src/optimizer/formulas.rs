//! The formulas of the rules: w and the slots after a step, from those before it and the gradient.

use core::array::from_fn;

use super::{Coefficients, MAX_SLOTS};
use crate::elementwise::sign;
use crate::lane::Lane;

#[inline(always)]
pub fn sgd<L: Lane>(&[rate, ..]: &Coefficients<L>, w: L, []: [L; 0], g: L) -> (L, [L; 0]) {
    (w - rate * g, [])
}

#[inline(always)]
pub fn momentum<L: Lane>(
    &[mu, of_g, of_v, ..]: &Coefficients<L>,
    w: L,
    [v]: [L; 1],
    g: L,
) -> (L, [L; 1]) {
    let v = mu * v + g;
    (w - (of_g * g + of_v * v), [v])
}

/// w −= (of_g·g + of_m·m) / (k·√v + ε)
#[inline(always)]
pub fn moments<L: Lane>(
    &[blend1, keep2, blend2, k, epsilon, of_g, of_m]: &Coefficients<L>,
    w: L,
    [m, v]: [L; 2],
    g: L,
) -> (L, [L; 2]) {
    let m = m + (g - m) * blend1;
    let v = keep2 * v + g * g * blend2;
    (w - (of_g * g + of_m * m) / (k * v.sqrt() + epsilon), [m, v])
}

#[inline(always)]
pub fn amsgrad<L: Lane>(
    &[blend1, keep2, blend2, k, epsilon, _, of_m]: &Coefficients<L>,
    w: L,
    [m, v, largest]: [L; 3],
    g: L,
) -> (L, [L; 3]) {
    let m = m + (g - m) * blend1;
    let v = keep2 * v + g * g * blend2;
    let largest = largest.pick_max(v);
    (w - of_m * m / (k * largest.sqrt() + epsilon), [m, v, largest])
}

#[inline(always)]
pub fn adamax<L: Lane>(
    &[blend1, keep2, epsilon, rate, ..]: &Coefficients<L>,
    w: L,
    [m, u]: [L; 2],
    g: L,
) -> (L, [L; 2]) {
    let m = m + (g - m) * blend1;
    let u = (keep2 * u).pick_max(g.abs() + epsilon);
    (w - rate * m / u, [m, u])
}

#[inline(always)]
pub fn scaled<L: Lane>(
    &[keep, blend, rate, epsilon, ..]: &Coefficients<L>,
    w: L,
    [v]: [L; 1],
    g: L,
) -> (L, [L; 1]) {
    let v = keep * v + g * g * blend;
    (w - rate * g / (v.sqrt() + epsilon), [v])
}

#[inline(always)]
pub fn rmsprop<L: Lane>(
    &[keep, blend, rate, epsilon, mu, centered, _]: &Coefficients<L>,
    w: L,
    [v, a, b]: [L; 3],
    g: L,
) -> (L, [L; 3]) {
    let v = keep * v + g * g * blend;
    let a = a + (g - a) * blend;
    // A difference of rounded numbers: never below 0 in truth.
    let variance = L::splat(0.0).pick_max(v - centered * (a * a));
    let b = mu * b + g / (variance.sqrt() + epsilon);
    (w - rate * b, [v, a, b])
}

#[inline(always)]
pub fn adadelta<L: Lane>(
    &[keep, blend, rate, epsilon, ..]: &Coefficients<L>,
    w: L,
    [v, u]: [L; 2],
    g: L,
) -> (L, [L; 2]) {
    let v = keep * v + g * g * blend;
    let d = ((u + epsilon) / (v + epsilon)).sqrt() * g;
    (w - rate * d, [v, keep * u + d * d * blend])
}

#[inline(always)]
pub fn lion<L: Lane>(
    &[rate, blend1, blend2, ..]: &Coefficients<L>,
    w: L,
    [m]: [L; 1],
    g: L,
) -> (L, [L; 1]) {
    (w - rate * sign(m + (g - m) * blend1), [m + (g - m) * blend2])
}

/// A formula of N slots, given all that there may be; those beyond stay as they are.
pub fn with_all<L: Lane, const N: usize>(
    mut slots: [L; MAX_SLOTS],
    formula: impl Fn([L; N]) -> (L, [L; N]),
) -> (L, [L; MAX_SLOTS]) {
    let (w, new) = formula(from_fn(|slot| slots[slot]));
    slots[..N].copy_from_slice(&new);
    (w, slots)
}
