//! The rows of both tables against f64, and their formulas beside the loops.

mod common;

use common::same;
use ferrograd_kernels::elementwise::{BINARY, Binary, Scaled, UNARY, Unary, affine, binary, unary};

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
        Unary::Round => libm::rint(x),
        Unary::Floor => x.floor(),
        Unary::Expm1 => x.exp_m1(),
        Unary::Erf => libm::erf(x),
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
        Binary::BceWithLogits => (if a < 0.0 { 0.0 } else { a }) - a * b + (-a.abs()).exp().ln_1p(),
        Binary::Keep => {
            if b > 0.0 {
                a
            } else {
                0.0
            }
        }
        Binary::Choose => {
            if b != 0.0 {
                a
            } else {
                0.0
            }
        }
        Binary::Drop => {
            if b != 0.0 {
                0.0
            } else {
                a
            }
        }
        Binary::Pow => a.powf(b),
        Binary::Mod => {
            let rest = a % b;
            if rest != 0.0 && (rest < 0.0) != (b < 0.0) { rest + b } else { rest }
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
                assert!(same(y[i], expected));
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
