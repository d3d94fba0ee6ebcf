//! Powers of e, and tanh, that rows are given: strip by strip in the L1 cache, by loops that they share.
//! A loop with a short chain of steps keeps a processor busier than one with all of a row's steps.

use crate::lane::{F32x4, Lane};
use crate::math;
use crate::vector::Four;

/// Vectors that are gone over several times.
pub(super) const STRIP: usize = 64;
pub(super) type Strip = [Four; STRIP];

/// y = f(x) for at most a strip, of equal lengths, with room to work in.
pub(super) type Given = fn(&[Four], &mut [Four], &mut Strip);

/// The same for one lane.
pub mod one {
    use crate::lane::Lane;
    pub use crate::math::{exp, expm1, tanh};

    pub fn exp_minus<L: Lane>(x: L) -> L {
        crate::math::exp_minus(x.abs())
    }
}

/// y = tanh x
#[inline(never)]
pub(super) fn tanh(x: &[Four], y: &mut [Four], room: &mut Strip) {
    in_two(x, y, room, math::tanh_begin, math::tanh_end);
}

/// y = e^-|x|
#[inline(never)]
pub(super) fn exp_minus(x: &[Four], y: &mut [Four], room: &mut Strip) {
    in_two(x, y, room, |x| math::exp_minus_begin(x.abs()), math::exp_minus_end);
}

/// y = e^x
#[inline(never)]
pub(super) fn exp(x: &[Four], y: &mut [Four], room: &mut Strip) {
    let mut largest = F32x4::splat(0.0);
    let begin = |x: F32x4| {
        largest = largest.pick_max(x.abs());
        math::exp_begin(x)
    };
    in_two(x, y, room, begin, math::exp_end);
    if largest.to_array().iter().any(|&x| x > math::EXP_NORMAL) {
        for (x, y) in x.iter().zip(y) {
            math::exp(F32x4::load(x)).store(y);
        }
    }
}

/// y = e^x - 1 for x <= 0
#[inline(never)]
pub(super) fn expm1(x: &[Four], y: &mut [Four], room: &mut Strip) {
    in_two(x, y, room, math::expm1_begin, math::expm1_end);
}

#[inline(always)]
fn in_two(
    x: &[Four],
    y: &mut [Four],
    room: &mut Strip,
    mut begin: impl FnMut(F32x4) -> (F32x4, F32x4),
    end: impl Fn(F32x4, F32x4) -> F32x4,
) {
    for ((x, y), room) in x.iter().zip(&mut *y).zip(&mut *room) {
        let (first, second) = begin(F32x4::load(x));
        first.store(y);
        second.store(room);
    }
    for (y, room) in y.iter_mut().zip(room) {
        end(F32x4::load(y), F32x4::load(room)).store(y);
    }
}
