//! Every row of the table against an f64 formula of its own.

mod common;

use common::same;
use ferrograd_kernels::activation::{
    Activation, Params, ROWS, Row, Source, backward, backward_with_bias, curvature, formula,
    forward, forward_in_place, one, slope,
};
use ferrograd_kernels::sum::add_columns;

/// The independent formula.
fn exact(act: Activation, [p, q]: [f64; 2], x: f64) -> f64 {
    let sigmoid = |x: f64| 1.0 / (1.0 + (-x).exp());
    let softplus = |x: f64| x.max(0.0) + (-x.abs()).exp().ln_1p();
    // A gate that has closed stays closed at -infinity.
    let gated = |gate: f64| if x == f64::NEG_INFINITY { 0.0 } else { x * gate };
    match act {
        Activation::Linear => x,
        Activation::Sigmoid => sigmoid(x),
        Activation::Tanh => x.tanh(),
        Activation::Relu => x.max(0.0),
        Activation::LeakyRelu => x * if x > 0.0 { 1.0 } else { p },
        Activation::Relu6 => x.clamp(0.0, 6.0),
        Activation::Elu => {
            if x > 0.0 {
                x
            } else {
                p * x.exp_m1()
            }
        }
        Activation::Selu => {
            let a = 1.673_263_242_354_377_2;
            1.050_700_987_355_480_5 * if x > 0.0 { x } else { a * x.exp_m1() }
        }
        Activation::Celu => {
            if x > 0.0 {
                x
            } else {
                p * (x / p).exp_m1()
            }
        }
        Activation::Gelu => gated(0.5 * libm::erfc(-x / 2f64.sqrt())),
        Activation::GeluTanh => {
            let u = (2.0 / std::f64::consts::PI).sqrt() * (x + 0.044715 * x.powi(3));
            gated(0.5 * (1.0 + u.tanh()))
        }
        Activation::HardSigmoid => (x + 3.0).clamp(0.0, 6.0) / 6.0,
        Activation::HardTanh => x.clamp(-1.0, 1.0),
        Activation::Silu => gated(sigmoid(x)),
        Activation::HardSilu => gated((x + 3.0).clamp(0.0, 6.0) / 6.0),
        Activation::Mish => gated(softplus(x).tanh()),
        Activation::Softplus => softplus(x),
        Activation::Softsign => {
            if x.is_infinite() {
                x.signum()
            } else {
                x / (1.0 + x.abs())
            }
        }
        Activation::SoftShrink => x.signum() * (x.abs() - p).max(0.0),
        Activation::HardShrink => {
            if x.abs() > p {
                x
            } else {
                0.0
            }
        }
        Activation::TanhShrink => x - x.tanh(),
        Activation::Threshold => {
            if x > p {
                x
            } else {
                q
            }
        }
        Activation::LogSigmoid => -softplus(-x),
        Activation::Exponential => x.exp(),
        Activation::Squareplus => {
            let root = (x * x + p).sqrt();
            if x < 0.0 { p / (root - x) / 2.0 } else { (x + root) / 2.0 }
        }
        Activation::SparsePlus => {
            if x >= 1.0 {
                x
            } else {
                (x.max(-1.0) + 1.0).powi(2) / 4.0
            }
        }
        Activation::SparseSigmoid => ((x + 1.0) / 2.0).clamp(0.0, 1.0),
    }
}

/// Points apart from the kinks at 0, of both signs.
fn points() -> Vec<f32> {
    (-203..203).map(|i| (i as f32 + 0.5) * 0.05).collect()
}

/// The defaults, and the ends of what is allowed.
fn settings(row: &Row) -> Vec<Params> {
    let choice = |pick: fn(&ferrograd_kernels::activation::Param) -> f32| {
        let mut params = [0.0; 2];
        params.iter_mut().zip(row.params).for_each(|(value, param)| *value = pick(param));
        params
    };
    vec![
        choice(|p| p.default),
        choice(|p| p.min),
        choice(|p| p.max),
        choice(|p| (p.default * 20.0).min(p.max)),
    ]
}

fn outputs(act: Activation, params: Params, x: &[f32]) -> Vec<f32> {
    let mut y = vec![f32::NAN; x.len()];
    forward(act, params, x, &mut y);
    y
}

fn gradients(act: Activation, params: Params, x: &[f32], dy: &[f32]) -> Vec<f32> {
    let y = outputs(act, params, x);
    let xy = if act.row().derivative_from == Source::X { x } else { &y };
    let mut dx = vec![f32::NAN; x.len()];
    backward(act, params, xy, dy, &mut dx);
    dx
}

/// What a row may be given, by its name.
fn give(name: &str, x: f32) -> f32 {
    match name {
        "exp_minus" => one::exp_minus(x),
        "tanh" => one::tanh(x),
        "exp" => one::exp(x),
        "expm1" => one::expm1(x),
        _ => panic!("{name}: expected what rows are given"),
    }
}

/// f''(x) = df' where df is of x, df' · f'(x) where it is of y.
fn second(act: Activation, params: Params, x: f32) -> f32 {
    let y = outputs(act, params, &[x])[0];
    if act.row().derivative_from == Source::X {
        return curvature(act, x, params, give);
    }
    curvature(act, y, params, give) * slope(act, y, params)
}

fn assert_close(found: f32, expected: f64, tolerance: f64, what: &str) {
    let found = f64::from(found);
    let close = (found - expected).abs() <= tolerance * expected.abs().max(1.0);
    assert!(found == expected || close, "{what}: expected {expected}, got {found}");
}

/// The limit at an infinity, by what is far out on that side: infinite where it grows and grows, as e^x and x^2 do.
fn limit(side: f64, f: impl Fn(f64) -> f64) -> f64 {
    let [near, far] = [f(side * 200.0), f(side * 400.0)];
    let grows = far.abs() > 1.0 && far / near > 1.5;
    if grows { f64::INFINITY.copysign(far) } else { f(side * 1e6) }
}

#[test]
fn outputs_follow_the_formula() {
    for &act in Activation::ALL {
        for params in settings(act.row()) {
            let x = points();
            let y = outputs(act, params, &x);
            let mut in_place = x.clone();
            forward_in_place(act, params, &mut in_place);
            assert_eq!(y, in_place);
            for (&x, &y) in x.iter().zip(&y) {
                let expected = exact(act, params.map(f64::from), f64::from(x));
                assert_close(y, expected, 1e-6, &format!("{}({x})", act.row().name));
            }
        }
    }
}

#[test]
fn derivatives_match_finite_differences() {
    const H: f64 = 1e-5;
    for &act in Activation::ALL {
        for params in settings(act.row()) {
            let x = points();
            let dy: Vec<f32> = x.iter().map(|x| 1.5 - x * 0.1).collect();
            let f = |x: f64| exact(act, params.map(f64::from), x);
            for ((&x, &dy), dx) in x.iter().zip(&dy).zip(gradients(act, params, &x, &dy)) {
                let slope = (f(f64::from(x) + H) - f(f64::from(x) - H)) / (2.0 * H);
                let what = format!("{}'({x})", act.row().name);
                // From y, the slope is as good as y is.
                let tolerance = 1e-6 * f(f64::from(x)).abs().max(1.0);
                assert_close(dx, slope * f64::from(dy), tolerance, &what);
            }
        }
    }
}

#[test]
fn second_derivatives_match_finite_differences() {
    const H: f64 = 5e-5;
    for &act in Activation::ALL {
        for params in settings(act.row()) {
            let f = |x: f64| exact(act, params.map(f64::from), x);
            let numeric = |x: f64| (f(x + H) - 2.0 * f(x) + f(x - H)) / (H * H);
            for &x in &points() {
                let at = f64::from(x);
                let what = format!("{}''({x}) {params:?}", act.row().name);
                // From y, the slope is as good as y is, times the curvature.
                let y = outputs(act, params, &[x])[0];
                let from_y = f64::from(curvature(act, y, params, give)).abs();
                let tolerance = 2e-6 * f(at).abs().max(1.0) * from_y.max(1.0);
                assert_close(second(act, params, x), numeric(at), tolerance, &what);
            }
        }
    }
}

#[test]
fn second_derivatives_at_kinks_are_those_of_pytorch_and_at_infinities_limits() {
    use Activation::*;
    for &act in Activation::ALL {
        let params = settings(act.row())[0];
        let f = |x| exact(act, params.map(f64::from), x);
        for side in [1.0, -1.0] {
            let expected = limit(side, |x| f(x + 1.0) - 2.0 * f(x) + f(x - 1.0));
            let found = second(act, params, f32::INFINITY * side as f32);
            assert_close(found, expected, 1e-6, act.row().name);
        }
    }
    let cases: [(Activation, Params, Slopes); 12] = [
        (Relu, [0.0; 2], &[(0.0, 0.0), (-0.0, 0.0)]),
        (LeakyRelu, [0.25, 0.0], &[(0.0, 0.0)]),
        (Relu6, [0.0; 2], &[(0.0, 0.0), (6.0, 0.0)]),
        (Elu, [0.5, 0.0], &[(0.0, 0.0), (-0.0, 0.0), (-1e-30, 0.5)]),
        (Selu, [0.0; 2], &[(0.0, 0.0), (-1e-30, 1.7580993)]),
        (Celu, [2.0, 0.0], &[(0.0, 0.0), (-1e-30, 0.5)]),
        (Gelu, [0.0; 2], &[(0.0, 0.797_884_6)]),
        (HardSilu, [0.0; 2], &[(-3.0, 0.0), (3.0, 0.0), (0.0, 1.0 / 3.0)]),
        (Softsign, [0.0; 2], &[(0.0, 0.0), (1.0, -0.25), (-1.0, 0.25)]),
        (LogSigmoid, [0.0; 2], &[(0.0, -0.25)]),
        (SparsePlus, [0.0; 2], &[(-1.0, 0.0), (1.0, 0.0), (0.0, 0.5)]),
        (SparseSigmoid, [0.0; 2], &[(-1.0, 0.0), (1.0, 0.0), (0.0, 0.0)]),
    ];
    for (act, params, slopes) in cases {
        for &(x, expected) in slopes {
            assert_eq!(second(act, params, x), expected, "{}''({x})", act.row().name);
        }
    }
}

/// Inputs with their slopes.
type Slopes = &'static [(f32, f32)];

/// Slopes at kinks and jumps, as PyTorch has them.
#[test]
fn kinks_have_the_slopes_of_pytorch() {
    use Activation::*;
    let cases: [(Activation, Params, Slopes); 15] = [
        (Relu, [0.0; 2], &[(0.0, 0.0), (-0.0, 0.0)]),
        (LeakyRelu, [0.25, 0.0], &[(0.0, 0.25), (-0.0, 0.25)]),
        (Relu6, [0.0; 2], &[(0.0, 0.0), (6.0, 0.0), (5.999, 1.0)]),
        (Elu, [0.5, 0.0], &[(0.0, 0.5), (-0.0, 0.5), (1e-30, 1.0)]),
        (Selu, [0.0; 2], &[(0.0, 1.7580993), (1e-30, 1.050701)]),
        (Celu, [2.0, 0.0], &[(0.0, 1.0), (-0.0, 1.0)]),
        (HardSigmoid, [0.0; 2], &[(-3.0, 0.0), (3.0, 0.0), (0.0, 1.0 / 6.0)]),
        (HardTanh, [0.0; 2], &[(-1.0, 0.0), (1.0, 0.0), (0.0, 1.0)]),
        (HardSilu, [0.0; 2], &[(-3.0, 0.0), (3.0, 1.0), (0.0, 0.5)]),
        (SoftShrink, [0.5, 0.0], &[(-0.5, 0.0), (0.5, 0.0), (0.625, 1.0)]),
        (HardShrink, [0.5, 0.0], &[(-0.5, 0.0), (0.5, 0.0), (0.625, 1.0)]),
        (TanhShrink, [0.0; 2], &[(0.0, 0.0)]),
        (Threshold, [1.0, 7.0], &[(1.0, 0.0), (1.125, 1.0)]),
        (SparsePlus, [0.0; 2], &[(-1.0, 0.0), (1.0, 1.0), (0.0, 0.5)]),
        (SparseSigmoid, [0.0; 2], &[(-1.0, 0.0), (1.0, 0.0), (0.0, 0.5)]),
    ];
    for (act, params, slopes) in cases {
        for &(x, slope) in slopes {
            assert_eq!(gradients(act, params, &[x], &[1.0]), [slope], "{}'({x})", act.row().name);
        }
    }
}

#[test]
fn slopes_at_the_infinities_are_their_limits() {
    for &act in Activation::ALL {
        let params = settings(act.row())[0];
        let dx = gradients(act, params, &[f32::INFINITY, f32::NEG_INFINITY], &[1.0, 1.0]);
        let f = |x| exact(act, params.map(f64::from), x);
        for (dx, side) in dx.into_iter().zip([1.0, -1.0]) {
            let expected = limit(side, |x| (f(x + 1.0) - f(x - 1.0)) / 2.0);
            assert_close(dx, expected, 1e-5, act.row().name);
        }
    }
}

#[test]
fn nan_stays_and_infinities_reach_the_limits() {
    for &act in Activation::ALL {
        let params = settings(act.row())[0];
        let y = outputs(act, params, &[f32::NAN, f32::INFINITY, f32::NEG_INFINITY]);
        assert!(y[0].is_nan(), "{}(NaN) = {}", act.row().name, y[0]);
        for (y, x) in [(y[1], f64::INFINITY), (y[2], f64::NEG_INFINITY)] {
            let expected = exact(act, params.map(f64::from), x) as f32;
            assert_eq!(y, expected, "{}", act.row().name);
        }
    }
}

#[test]
fn bias_gradients_are_sums_of_the_rows() {
    let (rows, n) = (300, 7); // more than are passed over together
    let x: Vec<f32> = (0..rows * n).map(|i| (i as f32 * 0.37) % 2.0 - 1.0).collect();
    let dy: Vec<f32> = (0..rows * n).map(|i| (i as f32 * 0.73) % 1.0 - 0.4).collect();
    for &act in Activation::ALL {
        let params = settings(act.row())[0];
        let y = outputs(act, params, &x);
        let xy = if act.row().derivative_from == Source::X { &x } else { &y };
        let (mut dz, mut partial) = (vec![f32::NAN; rows * n], vec![f64::NAN; n]);
        backward_with_bias(act, params, n, xy, &dy, &mut dz, &mut partial);
        assert_eq!(dz, gradients(act, params, &x, &dy));
        let mut sums = vec![0.0; n];
        add_columns(n, rows, &dz, &mut sums);
        assert_eq!(partial, sums);
    }
}

#[test]
fn x_and_y_say_the_same_where_either_will_do() {
    let specials = [0.0, -0.0, 1.0, -1.0, 6.0, 1e-45, -1e-45, f32::MAX, f32::MIN];
    let x: Vec<f32> = (-4000..4000).map(|i| i as f32 * 2e-3).chain(specials).collect();
    let (dy, mut rows) = (vec![1.0; x.len()], 0);
    for &act in Activation::ALL {
        if act.row().derivative_from != Source::Either {
            continue;
        }
        rows += 1;
        for params in settings(act.row()) {
            let (mut from_x, mut from_y) = (dy.clone(), dy.clone());
            backward(act, params, &x, &dy, &mut from_x);
            backward(act, params, &outputs(act, params, &x), &dy, &mut from_y);
            let other = from_x.iter().zip(&from_y).position(|(x, y)| x != y);
            assert_eq!(other.map(|i| x[i]), None, "{}", act.row().name);
        }
    }
    assert_eq!(rows, 4);
}

#[test]
fn rows_are_complete_and_their_codes_round_trip() {
    assert_eq!(ROWS.len(), Activation::ALL.len());
    for (code, &act) in Activation::ALL.iter().enumerate() {
        assert_eq!((act as usize, Activation::from_code(code as u32)), (code, Some(act)));
        let row = act.row();
        assert!(row.doc.contains("f(x) =") && row.doc.contains("f'(x) ="), "{}", row.name);
        assert!(row.params.iter().all(|p| (p.min..=p.max).contains(&p.default)));
        assert_eq!(ROWS.iter().filter(|other| other.name == row.name).count(), 1);
    }
    assert_eq!(Activation::from_code(ROWS.len() as u32), None);
}

/// Lane by lane, also beyond where the loops that rows share take their short way.
#[test]
fn formulas_are_what_the_loops_compute() {
    let ends = [f32::NAN, f32::INFINITY, f32::NEG_INFINITY, 0.0, -0.0, 1e-45, 88.5, -103.5, 1e30];
    let x: Vec<f32> = points().into_iter().chain(ends).collect();
    let dy: Vec<f32> = x.iter().map(|x| 1.5 - x * 0.1).collect();
    for &act in Activation::ALL {
        for params in settings(act.row()) {
            let (y, dx) = (outputs(act, params, &x), gradients(act, params, &x, &dy));
            for i in 0..x.len() {
                let xy = if act.row().derivative_from == Source::X { x[i] } else { y[i] };
                let what = format!("{}({})", act.row().name, x[i]);
                assert!(same(y[i], formula(act, x[i], params)), "{what}");
                assert!(same(dx[i], dy[i] * slope(act, xy, params)), "{what}'");
            }
        }
    }
}
