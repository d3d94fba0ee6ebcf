//! Arithmetic on equal shapes, element by element: two tables, one row per op.

mod loops;

pub use loops::Scaled;
use loops::{Formula1, Formula2, Function, Function2, Short};

use crate::activation::Activation;
use crate::lane::{F32x4, Lane};
use crate::math;
use crate::vector;

/// What is known about an op beside its formula.
#[derive(Clone, Copy, Debug)]
pub struct Row {
    pub name: &'static str,
    pub doc: &'static str,
}

/// Declares an enum with codes, its table of rows and the loop of each.
macro_rules! elementwise {
    (
        $(#[$meta:meta])* pub enum $op:ident = $loop:ident as $kernel:ty, $rows:ident;
        $formula:ident of $n:literal;
        $($(#[doc = $doc:literal])+ $row:ident $name:literal = $f:expr;)*
    ) => {
        crate::codes::coded_enum! {
            $(#[$meta])*
            pub enum $op { $($(#[doc = $doc])+ $row),* }
        }

        /// The table, in the order of the codes.
        pub const $rows: &[Row] =
            &[$(Row { name: $name, doc: concat!($($doc, "\n"),+).trim_ascii() }),*];

        impl $op {
            /// Its name in error messages and listings.
            pub fn name(self) -> &'static str {
                $rows[self as usize].name
            }

            fn kernel(self) -> $kernel {
                match self { $(Self::$row => $loop!($f)),* }
            }

            /// What its loop computes, for lanes of any kind.
            pub fn formula<V: Lane>(self, x: [V; $n]) -> V {
                match self { $(Self::$row => $formula::of($f, x)),* }
            }
        }
    };
}

macro_rules! loop1 {
    ($f:expr) => {
        |x, y| $f.map(x, y)
    };
}

macro_rules! loop2 {
    ($f:expr) => {
        |scaled, a, b, y| $f.map2(a, b, y, |y| scaled.of(y))
    };
}

/// y = op(x), of equal lengths
pub fn unary(op: Unary, x: &[f32], y: &mut [f32]) {
    op.kernel()(x, y);
}

/// y = scaled(op(a, b)), of equal lengths
pub fn binary(op: Binary, scaled: Scaled, a: &[f32], b: &[f32], y: &mut [f32]) {
    op.kernel()(scaled, a, b, y);
}

/// y = x everywhere.
#[inline(never)]
pub fn splat(x: f32, y: &mut [f32]) {
    vector::map_in_place(y, |_| F32x4::splat(x));
}

/// y = scaled(x)
#[inline(never)]
pub fn affine(scaled: Scaled, x: &[f32], y: &mut [f32]) {
    vector::map(x, y, |x| scaled.of(x));
}

/// 1 where the mask holds, else 0
#[inline(always)]
fn truth<L: Lane>(mask: L::Mask) -> L {
    L::select(mask, L::splat(1.0), L::splat(0.0))
}

/// -1, 0 or 1; zeros and NaN as they are
#[inline(always)]
pub(crate) fn sign<L: Lane>(x: L) -> L {
    let zero = L::splat(0.0);
    let one = L::splat(1.0).copysign(x);
    L::select(zero.lt(x.abs()), one, x)
}

/// max(x, 0) - x t + ln(1 + e^-|x|), which is -t ln s - (1 - t) ln(1 - s) with s = sigmoid(x)
#[inline(always)]
fn bce_with_logits<L: Lane>(x: L, t: L) -> L {
    x.pick_max(L::splat(0.0)) - x * t + math::log1p_unit(math::exp_minus(x.abs()))
}

/// a where b > 0, else 0
#[inline(always)]
fn keep<L: Lane>(a: L, b: L) -> L {
    let zero = L::splat(0.0);
    L::select(zero.lt(b), a, zero)
}

/// a where b is not 0, else -0, which added to any number leaves it as it is
#[inline(always)]
fn choose<L: Lane>(a: L, b: L) -> L {
    L::select(b.eq(L::splat(0.0)), L::splat(-0.0), a)
}

/// a where b is 0, else -0
#[inline(always)]
fn drop<L: Lane>(a: L, b: L) -> L {
    L::select(b.eq(L::splat(0.0)), a, L::splat(-0.0))
}

/// What formulas work on in loops.
type V = F32x4;

elementwise! {
    /// Functions of one number.
    pub enum Unary = loop1 as fn(&[f32], &mut [f32]), UNARY;
    Formula1 of 1;
    /// -x
    Neg "neg" = |x: V| -x;
    /// |x|
    Abs "abs" = Lane::abs;
    /// -1, 0 or 1; NaN for NaN
    Sign "sign" = sign;
    /// The square root, NaN below 0
    Sqrt "sqrt" = Lane::sqrt;
    /// x^2
    Square "square" = |x: V| x * x;
    /// 1 / x
    Reciprocal "reciprocal" = |x: V| V::splat(1.0) / x;
    /// e^x
    Exp "exp" = Activation::Exponential;
    /// ln x
    Log "log" = math::log;
    /// ln(1 + x)
    Log1p "log1p" = math::log1p;
    /// The sine of an angle in radians
    Sin "sin" = math::sin;
    /// The cosine of an angle in radians
    Cos "cos" = math::cos;
    /// To the nearest integer, ties to even
    Round "round" = Lane::round;
    /// The largest integer that is not above x
    Floor "floor" = math::floor;
    /// e^x - 1
    Expm1 "expm1" = math::expm1_all;
    /// The error function
    Erf "erf" = math::erf;
}

elementwise! {
    /// Functions of two numbers. Comparisons give 1 or 0.
    pub enum Binary = loop2 as fn(Scaled, &[f32], &[f32], &mut [f32]), BINARY;
    Formula2 of 2;
    /// a + b
    Add "add" = Short(|a: V, b: V| a + b);
    /// a - b
    Sub "sub" = Short(|a: V, b: V| a - b);
    /// a b
    Mul "mul" = Short(|a: V, b: V| a * b);
    /// a / b
    Div "div" = |a: V, b: V| a / b;
    /// The larger one; NaN when either is NaN
    Maximum "maximum" = Lane::maximum;
    /// The smaller one; NaN when either is NaN
    Minimum "minimum" = Lane::minimum;
    /// 1 where a > b
    Greater "greater" = |a: V, b: V| truth::<V>(b.lt(a));
    /// 1 where a >= b
    GreaterEqual "greaterEqual" = |a: V, b: V| truth::<V>(b.le(a));
    /// 1 where a = b
    Equal "equal" = |a: V, b: V| truth::<V>(a.eq(b));
    /// (a - b)^2
    SquaredDifference "squaredDifference" = |a: V, b: V| (a - b) * (a - b);
    /// Binary cross-entropy of logits a and targets b: max(a, 0) - a b + ln(1 + e^-|a|)
    BceWithLogits "bceWithLogits" = bce_with_logits;
    /// a where b > 0, else 0, whatever a is there: infinite or NaN too
    Keep "keep" = keep;
    /// a where b is not 0, else -0
    Choose "choose" = choose;
    /// a where b is 0, else -0
    Drop "drop" = drop;
    /// a^b
    Pow "pow" = math::pow;
    /// a - b floor(a / b)
    Mod "mod" = math::modulo;
}
