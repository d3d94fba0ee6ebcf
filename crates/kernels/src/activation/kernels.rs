//! The loops of a row, each compiled once, and the passes made of them.

use super::row::{Formula, Params};
use super::{Activation, KERNELS};
use crate::lane::{F32x4, Lane};
use crate::vector::{self, Four};

type Splat = [F32x4; 2];

/// The loops of a row, over whole vectors.
pub(super) struct Kernels {
    forward: fn(Splat, &mut [Four]),
    backward: fn(Splat, &[Four], &[Four], &mut [Four]),
}

impl Kernels {
    pub(super) const fn of<A: Formula>() -> Self {
        Self { forward: forward_of::<A>, backward: backward_of::<A> }
    }
}

impl Activation {
    fn kernels(self) -> &'static Kernels {
        &KERNELS[self as usize]
    }
}

/// Floats that are passed over twice while in the L1 cache.
const BLOCK: usize = 1024;

/// y = f(x), block by block copied and computed
pub fn forward(act: Activation, params: Params, x: &[f32], y: &mut [f32]) {
    for (x, y) in x.chunks(BLOCK).zip(y.chunks_mut(BLOCK)) {
        y.copy_from_slice(x);
        forward_in_place(act, params, y);
    }
}

/// y = f(y)
pub fn forward_in_place(act: Activation, params: Params, y: &mut [f32]) {
    if act == Activation::NONE {
        return;
    }
    let (whole, params) = (act.kernels().forward, params.map(F32x4::splat));
    vector::run_in_place(y, &|y| whole(params, y));
}

/// dx = dy f'(xy), where xy is x or y as the row's `derivative_from` says
pub fn backward(act: Activation, params: Params, xy: &[f32], dy: &[f32], dx: &mut [f32]) {
    let (whole, params) = (act.kernels().backward, params.map(F32x4::splat));
    vector::run2(xy, dy, dx, &|xy, dy, dx| whole(params, xy, dy, dx));
}

/// Backward of f(x W + bias) over some rows: dz = dy f'(xy) and partial = the sum of these rows of
/// dz, one after the other from zero; xy, dy, dz: (rows, n), partial: (n)
pub fn backward_with_bias(
    act: Activation,
    params: Params,
    n: usize,
    xy: &[f32],
    dy: &[f32],
    dz: &mut [f32],
    partial: &mut [f32],
) {
    let n = n.max(1);
    let block = n * (BLOCK / n).max(1);
    let mut start = Some(0.0);
    for ((xy, dy), dz) in xy.chunks(block).zip(dy.chunks(block)).zip(dz.chunks_mut(block)) {
        backward(act, params, xy, dy, dz);
        vector::sum_rows(start.take(), dz, partial);
    }
    if start.is_some() {
        partial.fill(0.0); // no rows
    }
}

#[inline(never)]
fn forward_of<A: Formula>(params: Splat, y: &mut [Four]) {
    for y in y {
        A::f(F32x4::load(y), params).store(y);
    }
}

#[inline(never)]
fn backward_of<A: Formula>(params: Splat, xy: &[Four], dy: &[Four], dx: &mut [Four]) {
    for ((xy, dy), dx) in xy.iter().zip(dy).zip(dx) {
        (F32x4::load(dy) * A::df(F32x4::load(xy), params)).store(dx);
    }
}
