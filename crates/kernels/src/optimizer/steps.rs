//! The loops of the rules: each one pass over parameters, gradients and state.

use core::array::from_fn;

use super::{Coefficients, MAX_SLOTS};
use crate::elementwise::sign;
use crate::lane::{F32x4, Lane};
use crate::vector::Four;

pub fn sgd(
    &[rate, ..]: &Coefficients<F32x4>,
    w: &mut [Four],
    slots: [&mut [Four]; MAX_SLOTS],
    g: &[Four],
) {
    each(w, slots, g, |w, [], g| (w - rate * g, []));
}

pub fn momentum(
    &[mu, of_g, of_v, ..]: &Coefficients<F32x4>,
    w: &mut [Four],
    slots: [&mut [Four]; MAX_SLOTS],
    g: &[Four],
) {
    each(w, slots, g, |w, [v], g| {
        let v = mu * v + g;
        (w - (of_g * g + of_v * v), [v])
    });
}

/// w −= (of_g·g + of_m·m) / (k·√v + ε)
pub fn moments(
    &[blend1, keep2, blend2, k, epsilon, of_g, of_m]: &Coefficients<F32x4>,
    w: &mut [Four],
    slots: [&mut [Four]; MAX_SLOTS],
    g: &[Four],
) {
    each(w, slots, g, |w, [m, v], g| {
        let m = m + (g - m) * blend1;
        let v = keep2 * v + g * g * blend2;
        (w - (of_g * g + of_m * m) / (k * v.sqrt() + epsilon), [m, v])
    });
}

pub fn amsgrad(
    &[blend1, keep2, blend2, k, epsilon, _, of_m]: &Coefficients<F32x4>,
    w: &mut [Four],
    slots: [&mut [Four]; MAX_SLOTS],
    g: &[Four],
) {
    each(w, slots, g, |w, [m, v, largest], g| {
        let m = m + (g - m) * blend1;
        let v = keep2 * v + g * g * blend2;
        let largest = largest.pick_max(v);
        (w - of_m * m / (k * largest.sqrt() + epsilon), [m, v, largest])
    });
}

pub fn adamax(
    &[blend1, keep2, epsilon, rate, ..]: &Coefficients<F32x4>,
    w: &mut [Four],
    slots: [&mut [Four]; MAX_SLOTS],
    g: &[Four],
) {
    each(w, slots, g, |w, [m, u], g| {
        let m = m + (g - m) * blend1;
        let u = (keep2 * u).pick_max(g.abs() + epsilon);
        (w - rate * m / u, [m, u])
    });
}

pub fn scaled(
    &[keep, blend, rate, epsilon, ..]: &Coefficients<F32x4>,
    w: &mut [Four],
    slots: [&mut [Four]; MAX_SLOTS],
    g: &[Four],
) {
    each(w, slots, g, |w, [v], g| {
        let v = keep * v + g * g * blend;
        (w - rate * g / (v.sqrt() + epsilon), [v])
    });
}

pub fn rmsprop(
    &[keep, blend, rate, epsilon, mu, centered, _]: &Coefficients<F32x4>,
    w: &mut [Four],
    slots: [&mut [Four]; MAX_SLOTS],
    g: &[Four],
) {
    each(w, slots, g, |w, [v, a, b], g| {
        let v = keep * v + g * g * blend;
        let a = a + (g - a) * blend;
        // A difference of rounded numbers: never below 0 in truth.
        let variance = F32x4::splat(0.0).pick_max(v - centered * (a * a));
        let b = mu * b + g / (variance.sqrt() + epsilon);
        (w - rate * b, [v, a, b])
    });
}

pub fn adadelta(
    &[keep, blend, rate, epsilon, ..]: &Coefficients<F32x4>,
    w: &mut [Four],
    slots: [&mut [Four]; MAX_SLOTS],
    g: &[Four],
) {
    each(w, slots, g, |w, [v, u], g| {
        let v = keep * v + g * g * blend;
        let d = ((u + epsilon) / (v + epsilon)).sqrt() * g;
        (w - rate * d, [v, keep * u + d * d * blend])
    });
}

pub fn lion(
    &[rate, blend1, blend2, ..]: &Coefficients<F32x4>,
    w: &mut [Four],
    slots: [&mut [Four]; MAX_SLOTS],
    g: &[Four],
) {
    each(w, slots, g, |w, [m], g| (w - rate * sign(m + (g - m) * blend1), [m + (g - m) * blend2]));
}

/// Runs a formula of N slots over whole fours. Slots that it has no use for may be empty.
#[inline(always)]
fn each<const N: usize>(
    w: &mut [Four],
    [a, b, c]: [&mut [Four]; MAX_SLOTS],
    g: &[Four],
    f: impl Fn(F32x4, [F32x4; N], F32x4) -> (F32x4, [F32x4; N]),
) {
    let n = w.len();
    let used = |slot: usize| if slot < N { n } else { 0 };
    // All of one length, so that the loop has one bound.
    let (Some(g), Some(a), Some(b), Some(c)) =
        (g.get(..n), a.get_mut(..used(0)), b.get_mut(..used(1)), c.get_mut(..used(2)))
    else {
        return;
    };
    for i in 0..n {
        let old = from_fn(|slot| match slot {
            0 => F32x4::load(&a[i]),
            1 => F32x4::load(&b[i]),
            _ => F32x4::load(&c[i]),
        });
        let (new_w, new) = f(F32x4::load(&w[i]), old, F32x4::load(&g[i]));
        new_w.store(&mut w[i]);
        for (slot, new) in new.into_iter().enumerate() {
            match slot {
                0 => new.store(&mut a[i]),
                1 => new.store(&mut b[i]),
                _ => new.store(&mut c[i]),
            }
        }
    }
}
