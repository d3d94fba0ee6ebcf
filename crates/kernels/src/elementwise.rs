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
}

#[cfg(test)]
mod tests {
    use super::*;

    fn values() -> Vec<f32> {
        let mut x: Vec<f32> = (-30..30).map(|i| i as f32 * 0.37).collect();
        x.extend([0.0, -0.0, f32::NAN, f32::INFINITY, f32::NEG_INFINITY, 1e-40, 1e30]);
        x
    }

    fn close(a: f32, b: f64) -> bool {
        if a.is_nan() || a.is_infinite() {
            return (a.is_nan() && b.is_nan()) || a as f64 == b || a == b as f32;
        }
        (a as f64 - b).abs() <= 1e-6 * b.abs().max(1.0)
    }

    fn unary_reference(op: Unary, x: f64) -> f64 {
        match op {
            Unary::Neg => -x,
            Unary::Abs => x.abs(),
            Unary::Sign => {
                if x == 0.0 || x.is_nan() {
                    x
                } else {
                    x.signum()
                }
            }
            Unary::Sqrt => x.sqrt(),
            Unary::Square => x * x,
            Unary::Reciprocal => 1.0 / x,
            Unary::Exp => x.exp(),
            Unary::Log => x.ln(),
            Unary::Log1p => x.ln_1p(),
            Unary::Sin => libm::sin(x),
            Unary::Cos => libm::cos(x),
        }
    }

    fn binary_reference(op: Binary, a: f64, b: f64) -> f64 {
        let nan = a.is_nan() || b.is_nan();
        match op {
            Binary::Add => a + b,
            Binary::Sub => a - b,
            Binary::Mul => a * b,
            Binary::Div => a / b,
            Binary::Maximum => {
                if nan {
                    f64::NAN
                } else {
                    a.max(b)
                }
            }
            Binary::Minimum => {
                if nan {
                    f64::NAN
                } else {
                    a.min(b)
                }
            }
            Binary::Greater => f64::from(u8::from(a > b)),
            Binary::GreaterEqual => f64::from(u8::from(a >= b)),
            Binary::Equal => f64::from(u8::from(a == b)),
            Binary::SquaredDifference => (a - b).powi(2),
            Binary::BceWithLogits => {
                (if a < 0.0 { 0.0 } else { a }) - a * b + (-a.abs()).exp().ln_1p()
            }
        }
    }

    #[test]
    fn unary_rows_match_f64() {
        let x = values();
        for &op in Unary::ALL {
            let mut y = vec![0.0; x.len()];
            unary(op, &x, &mut y);
            for (&x, &y) in x.iter().zip(&y) {
                assert!(close(y, unary_reference(op, x as f64)), "{}({x}) = {y}", op.name());
            }
        }
    }

    #[test]
    fn binary_rows_match_f64() {
        let a = values();
        for &op in Binary::ALL {
            for shift in 0..a.len() {
                let mut b = a.clone();
                b.rotate_left(shift);
                let mut y = vec![0.0; a.len()];
                binary(op, Scaled::AS_IS, &a, &b, &mut y);
                for ((&a, &b), &y) in a.iter().zip(&b).zip(&y) {
                    let expected = binary_reference(op, a as f64, b as f64);
                    assert!(close(y, expected), "{}({a}, {b}) = {y}, not {expected}", op.name());
                }
            }
        }
    }

    #[test]
    fn formulas_are_what_the_loops_compute() {
        let same = |a: f32, b: f32| a.to_bits() == b.to_bits() || (a.is_nan() && b.is_nan());
        let x = values();
        let mut y = vec![0.0; x.len()];
        for &op in Unary::ALL {
            unary(op, &x, &mut y);
            let other = x.iter().zip(&y).find(|&(&x, &y)| !same(op.formula([x]), y));
            assert_eq!(other, None, "{}", op.name());
        }
        for &op in Binary::ALL {
            let mut b = x.clone();
            b.rotate_left(7);
            binary(op, Scaled::AS_IS, &x, &b, &mut y);
            let equal = |i: usize| same(op.formula([x[i], b[i]]), y[i]);
            assert!((0..x.len()).all(equal), "{}", op.name());
        }
    }

    #[test]
    fn scaling_rounds_twice() {
        let x = values();
        let scaled = |scale, shift| Scaled { scale, shift };
        for scaled in [scaled(0.1, 0.7), Scaled::AS_IS, scaled(-1.0, 3.3), scaled(1e38, 1.0)] {
            let of = |x: f32| x * scaled.scale + scaled.shift;
            let mut results = [vec![0.0; x.len()], vec![0.0; x.len()]];
            let [y, doubled] = &mut results;
            affine(scaled, &x, y);
            binary(Binary::Add, scaled, &x, &x, doubled);
            for (i, &x) in x.iter().enumerate() {
                for (y, expected) in results.iter().zip([of(x), of(x + x)]) {
                    assert!(
                        y[i].to_bits() == expected.to_bits()
                            || (y[i].is_nan() && expected.is_nan())
                    );
                }
            }
        }
    }

    #[test]
    fn codes_round_trip() {
        assert_eq!((UNARY.len(), BINARY.len()), (Unary::ALL.len(), Binary::ALL.len()));
        assert_eq!((UNARY[0].name, UNARY[0].doc), ("neg", "-x"));
        for (code, &op) in Unary::ALL.iter().enumerate() {
            assert_eq!((op as usize, Unary::from_code(code as u32)), (code, Some(op)));
        }
        for (code, &op) in Binary::ALL.iter().enumerate() {
            assert_eq!((op as usize, Binary::from_code(code as u32)), (code, Some(op)));
        }
        assert_eq!(Unary::from_code(Unary::ALL.len() as u32), None);
        assert_eq!(Binary::from_code(u32::MAX), None);
    }
}
