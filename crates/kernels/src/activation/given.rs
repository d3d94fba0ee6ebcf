//! Powers of e that rows are given: strip by strip in the L1 cache, by loops that they share. A loop
//! with a short chain of steps keeps a processor busier than one with all of a row's steps.

use crate::lane::{F32x4, Lane};
use crate::math;
use crate::vector::Four;

/// Vectors that are gone over several times.
pub(super) const STRIP: usize = 32;
pub(super) type Strip = [Four; STRIP];

/// y = f(x) for at most a strip; the last one is room to work in.
pub(super) type Given = fn(&[Four], &mut Strip, &mut Strip);

/// y = e^-|x|
#[inline(never)]
pub(super) fn exp_minus(x: &[Four], y: &mut Strip, room: &mut Strip) {
    in_two(x, y, room, |x| math::exp_minus_begin(x.abs()), math::exp_minus_end);
}

/// y = e^x
#[inline(never)]
pub(super) fn exp(x: &[Four], y: &mut Strip, room: &mut Strip) {
    in_two(x, y, room, math::exp_begin, math::exp_end);
}

/// y = e^x - 1 for x <= 0
#[inline(never)]
pub(super) fn expm1(x: &[Four], y: &mut Strip, room: &mut Strip) {
    in_two(x, y, room, math::expm1_begin, math::expm1_end);
}

#[inline(always)]
fn in_two(
    x: &[Four],
    y: &mut Strip,
    room: &mut Strip,
    begin: impl Fn(F32x4) -> (F32x4, F32x4),
    end: impl Fn(F32x4, F32x4) -> F32x4,
) {
    for ((x, y), room) in x.iter().zip(&mut *y).zip(&mut *room) {
        let (first, second) = begin(F32x4::load(x));
        first.store(y);
        second.store(room);
    }
    for (y, room) in y.iter_mut().zip(room).take(x.len()) {
        end(F32x4::load(y), F32x4::load(room)).store(y);
    }
}
