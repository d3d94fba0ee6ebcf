//! The table of activations: one row is all there is to know about one.
//!
//! Everything else (the enum, its codes, the metadata that error messages, documentation and
//! TypeScript types are made of, and one loop per kernel) is generated from the rows. A new
//! activation is a new row here and an independent f64 line in the tests.

use crate::lane::{F32x4, Lane};
use crate::math;
use crate::vector;

/// Values of a row's parameters, in its order; what a row has no use for is ignored.
pub type Params = [f32; 2];

/// Where the slope of an activation goes to zero, so that gradients die.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Side {
    None,
    Low,
    High,
    Both,
}

/// What the derivative is computed from.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Source {
    /// The input of the activation.
    X,
    /// Its output, so that the input need not be kept.
    Y,
}

/// A parameter, as a user sets it.
#[derive(Clone, Copy, Debug)]
pub struct Param {
    pub name: &'static str,
    pub default: f32,
    pub doc: &'static str,
    pub min: f32,
    pub max: f32,
}

/// What is known about an activation beside its formulas.
#[derive(Clone, Copy, Debug)]
pub struct Row {
    pub name: &'static str,
    pub doc: &'static str,
    pub range: &'static str,
    pub saturates: Side,
    pub derivative_from: Source,
    pub params: &'static [Param],
    /// The initializer that keeps the variance of a layer with this activation.
    pub initializer: &'static str,
    /// So cheap that a matrix product applies it before it stores its tile.
    pub in_registers: bool,
}

/// The formulas of a row.
trait Formula {
    const ROW: Row;
    fn f<L: Lane>(x: L, params: [L; 2]) -> L;
    /// From x or y, as the row's `derivative_from` says.
    fn df<L: Lane>(xy: L, params: [L; 2]) -> L;
}

macro_rules! activations {
    ($(
        $(#[doc = $doc:literal])+
        $variant:ident {
            name: $name:literal, range: $range:literal, saturates: $side:ident,
            params: [$($param:expr),*], initializer: $initializer:literal,
            in_registers: $in_registers:literal,
            f: |$x:ident, $p:pat_param| $f:expr,
            df_from: $source:ident, df: |$xy:ident, $q:pat_param| $df:expr,
        }
    )*) => {
        crate::codes::coded_enum! {
            pub enum Activation { $($(#[doc = $doc])+ $variant),* }
        }

        /// The table, in the order of the codes.
        pub const ROWS: &[Row] = &[$(<rows::$variant as Formula>::ROW),*];

        mod rows {
            $(pub struct $variant;)*
        }

        $(impl Formula for rows::$variant {
            const ROW: Row = Row {
                name: $name,
                doc: concat!($($doc, "\n"),+),
                range: $range,
                saturates: Side::$side,
                derivative_from: Source::$source,
                params: &[$($param),*],
                initializer: $initializer,
                in_registers: $in_registers,
            };
            #[inline(always)]
            fn f<L: Lane>($x: L, $p: [L; 2]) -> L { $f }
            #[inline(always)]
            fn df<L: Lane>($xy: L, $q: [L; 2]) -> L { $df }
        })*

        const KERNELS: &[Kernels] = &[$(Kernels::of::<rows::$variant>()),*];
    };
}

/// The loops of a row.
struct Kernels {
    forward_in_place: fn(Params, &mut [f32]),
    forward_tile: fn(Params, &mut [[f32; 4]]),
    backward: fn(Params, &[f32], &[f32], &mut [f32]),
    in_registers: bool,
}

impl Kernels {
    const fn of<A: Formula>() -> Self {
        Self {
            forward_in_place: forward_in_place_of::<A>,
            forward_tile: forward_tile_of::<A>,
            backward: backward_of::<A>,
            in_registers: A::ROW.in_registers,
        }
    }
}

activations! {
    /// f(x) = x: no activation. f'(x) = 1. Layers that follow one another without an activation
    /// between them are worth no more than one layer.
    Linear {
        name: "linear", range: "(-inf, inf)", saturates: None,
        params: [], initializer: "glorotUniform", in_registers: true,
        f: |x, _| x,
        df_from: Y, df: |_y, _| L::splat(1.0),
    }

    /// f(x) = 1 / (1 + exp(-x)), the logistic function. f'(x) = y (1 - y), at most 1/4, at x = 0.
    /// Tends to 0 and 1, where its gradient vanishes; its output is not centred on zero.
    Sigmoid {
        name: "sigmoid", range: "(0, 1)", saturates: Both,
        params: [], initializer: "glorotUniform", in_registers: false,
        f: |x, _| math::sigmoid(x),
        df_from: Y, df: |y, _| y * (L::splat(1.0) - y),
    }

    /// f(x) = tanh(x). f'(x) = 1 - y^2, at most 1, at x = 0. Tends to -1 and 1, where its gradient
    /// vanishes; its output is centred on zero.
    Tanh {
        name: "tanh", range: "(-1, 1)", saturates: Both,
        params: [], initializer: "glorotUniform", in_registers: false,
        f: |x, _| math::tanh(x),
        df_from: Y, df: |y, _| L::splat(1.0) - y * y,
    }

    /// f(x) = max(x, 0). f'(x) = 1 where x > 0, else 0, also at the kink x = 0. A unit whose input
    /// is never positive gets no gradient and stays dead.
    Relu {
        name: "relu", range: "[0, inf)", saturates: Low,
        params: [], initializer: "heNormal", in_registers: true,
        f: |x, _| x.pick_max(L::splat(0.0)),
        df_from: Y, df: |y, _| L::select(y.le(L::splat(0.0)), L::splat(0.0), L::splat(1.0)),
    }

    /// f(x) = x where x > 0, else negativeSlope x. f'(x) = 1 where x > 0, else negativeSlope, also
    /// at the kink x = 0. No unit dies as long as the slope is not 0.
    LeakyRelu {
        name: "leakyRelu", range: "(-inf, inf)", saturates: None,
        params: [Param {
            name: "negativeSlope", default: 0.01, doc: "The slope below zero.", min: 0.0, max: 1.0
        }],
        initializer: "heNormal", in_registers: true,
        f: |x, [slope, _]| L::select(x.le(L::splat(0.0)), x * slope, x),
        df_from: Y, df: |y, [slope, _]| L::select(y.le(L::splat(0.0)), slope, L::splat(1.0)),
    }
}

impl Activation {
    /// What the table says of it.
    pub fn row(self) -> &'static Row {
        &ROWS[self as usize]
    }

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
    (act.kernels().forward_in_place)(params, y);
}

/// Does a matrix product apply it before it stores its tile?
pub(crate) fn in_registers(act: Activation) -> bool {
    act.kernels().in_registers
}

/// f on a tile of a matrix product, for rows with `in_registers`.
pub(crate) fn forward_tile(act: Activation, params: Params, tile: &mut [[f32; 4]]) {
    (act.kernels().forward_tile)(params, tile);
}

/// dx = dy f'(xy), where xy is x or y as the row's `derivative_from` says
pub fn backward(act: Activation, params: Params, xy: &[f32], dy: &[f32], dx: &mut [f32]) {
    (act.kernels().backward)(params, xy, dy, dx);
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
    partial.fill(0.0);
    let n = n.max(1);
    let block = n * (BLOCK / n).max(1);
    for ((xy, dy), dz) in xy.chunks(block).zip(dy.chunks(block)).zip(dz.chunks_mut(block)) {
        backward(act, params, xy, dy, dz);
        for dz in dz.chunks_exact(n) {
            vector::update(partial, dz, |sum, dz| sum + dz);
        }
    }
}

#[inline(never)]
fn forward_in_place_of<A: Formula>(params: Params, y: &mut [f32]) {
    let params = params.map(F32x4::splat);
    vector::map_in_place(y, |y| A::f(y, params));
}

#[inline(never)]
fn forward_tile_of<A: Formula>(params: Params, tile: &mut [[f32; 4]]) {
    if A::ROW.in_registers {
        let params = params.map(F32x4::splat);
        tile.iter_mut().for_each(|x| A::f(F32x4::load(x), params).store(x));
    }
}

#[inline(never)]
fn backward_of<A: Formula>(params: Params, xy: &[f32], dy: &[f32], dx: &mut [f32]) {
    let params = params.map(F32x4::splat);
    vector::map2(xy, dy, dx, |xy, dy| dy * A::df(xy, params));
}
