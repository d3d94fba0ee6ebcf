//! The loops of a row, each compiled once, and the passes made of them.

use super::given::{STRIP, Strip};
use super::row::{Formula, Params, Source};
use super::{Activation, KERNELS};
use crate::lane::{F32x4, Lane};
use crate::sum::{TREE, add_columns};
use crate::vector::{self, Four};

type Splat = [F32x4; 2];

/// The loops of a row, over whole vectors.
pub(super) struct Kernels {
    forward: fn(Splat, &[Four], &mut [Four]),
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

/// y = f(x)
pub fn forward(act: Activation, params: Params, x: &[f32], y: &mut [f32]) {
    let (whole, params) = (act.kernels().forward, params.map(F32x4::splat));
    vector::run(x, y, &|x, y| whole(params, x, y));
}

/// y = f(y)
pub fn forward_in_place(act: Activation, params: Params, y: &mut [f32]) {
    if act == Activation::NONE {
        return;
    }
    let mut x = [0.0; 4 * STRIP];
    for y in y.chunks_mut(x.len()) {
        if let Some(x) = x.get_mut(..y.len()) {
            x.copy_from_slice(y);
            forward(act, params, x, y);
        }
    }
}

/// dx = dy f'(xy), where xy is x or y as the row's `derivative_from` says
pub fn backward(act: Activation, params: Params, xy: &[f32], dy: &[f32], dx: &mut [f32]) {
    let (whole, params) = (act.kernels().backward, params.map(F32x4::splat));
    vector::run2(xy, dy, dx, &|xy, dy, dx| whole(params, xy, dy, dx));
}

/// Backward of f(x W + bias) over some rows: dz = dy f'(xy) and partial = the sum of these rows of
/// dz; xy, dy, dz: (rows, n), partial: (n)
pub fn backward_with_bias(
    act: Activation,
    params: Params,
    n: usize,
    xy: &[f32],
    dy: &[f32],
    dz: &mut [f32],
    partial: &mut [f64],
) {
    let n = n.max(1);
    let block = n * ((BLOCK / n).max(TREE) / TREE * TREE);
    partial.fill(0.0);
    for ((xy, dy), dz) in xy.chunks(block).zip(dy.chunks(block)).zip(dz.chunks_mut(block)) {
        backward(act, params, xy, dy, dz);
        add_columns(n, dz.len() / n, dz, partial);
    }
}

#[inline(never)]
fn forward_of<A: Formula>(params: Splat, x: &[Four], y: &mut [Four]) {
    let zero = F32x4::splat(0.0);
    if A::GIVEN.is_none() {
        for (x, y) in x.iter().zip(y) {
            A::f(F32x4::load(x), zero, params).store(y);
        }
        return;
    }
    let mut room = room();
    for (x, y) in x.chunks(STRIP).zip(y.chunks_mut(STRIP)) {
        give::<A>(params, x, y, &mut room);
        for (x, y) in x.iter().zip(y) {
            A::f(F32x4::load(x), F32x4::load(y), params).store(y);
        }
    }
}

#[inline(never)]
fn backward_of<A: Formula>(params: Splat, xy: &[Four], dy: &[Four], dx: &mut [Four]) {
    let zero = F32x4::splat(0.0);
    if A::GIVEN.is_none() || matches!(A::ROW.derivative_from, Source::Y) {
        for ((xy, dy), dx) in xy.iter().zip(dy).zip(dx) {
            (F32x4::load(dy) * A::df(F32x4::load(xy), zero, params)).store(dx);
        }
        return;
    }
    let mut room = room();
    for ((x, dy), dx) in xy.chunks(STRIP).zip(dy.chunks(STRIP)).zip(dx.chunks_mut(STRIP)) {
        give::<A>(params, x, dx, &mut room);
        for ((x, dy), dx) in x.iter().zip(dy).zip(dx) {
            (F32x4::load(dy) * A::df(F32x4::load(x), F32x4::load(dx), params)).store(dx);
        }
    }
}

/// Writes what `f` and `df` are given for a strip x to where their result will be.
#[inline(always)]
fn give<A: Formula>(params: Splat, x: &[Four], given: &mut [Four], room: &mut [Strip; 2]) {
    let [kept, argument] = room;
    match A::GIVEN {
        Some(make) if A::HAS_ARGUMENT => {
            for (x, argument) in x.iter().zip(&mut *argument) {
                A::argument(F32x4::load(x), params).store(argument);
            }
            make(argument.get(..x.len()).unwrap_or(argument), given, kept);
        }
        Some(make) => make(x, given, kept),
        None => {}
    }
}

#[inline(never)]
fn room() -> [Strip; 2] {
    [[[0.0; 4]; STRIP]; 2]
}
