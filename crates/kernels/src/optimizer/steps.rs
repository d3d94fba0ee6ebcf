//! The loops of the rules: each one pass over parameters, gradients and state.

use core::array::from_fn;

use super::{Coefficients, MAX_SLOTS, formulas};
use crate::lane::F32x4;
use crate::vector::Four;

macro_rules! loops {
    ($($name:ident)*) => {
        $(pub fn $name(
            coefficients: &Coefficients<F32x4>,
            w: &mut [Four],
            slots: [&mut [Four]; MAX_SLOTS],
            g: &[Four],
        ) {
            each(w, slots, g, |w, slots, g| formulas::$name(coefficients, w, slots, g));
        })*
    };
}

loops! { sgd momentum moments amsgrad adamax scaled rmsprop adadelta lion }

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
