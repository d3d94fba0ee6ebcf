//! Every row of the table against an f64 formula of its own.

use ferrograd_kernels::activation::{
    Activation, Params, ROWS, Row, Source, backward, backward_with_bias, forward, forward_in_place,
};

/// The independent formula.
fn exact(act: Activation, [p, _]: [f64; 2], x: f64) -> f64 {
    match act {
        Activation::Linear => x,
        Activation::Sigmoid => 1.0 / (1.0 + (-x).exp()),
        Activation::Tanh => x.tanh(),
        Activation::Relu => {
            if x > 0.0 {
                x
            } else {
                0.0
            }
        }
        Activation::LeakyRelu => {
            if x > 0.0 {
                x
            } else {
                p * x
            }
        }
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
    vec![choice(|p| p.default), choice(|p| p.min), choice(|p| p.max), choice(|p| p.default * 20.0)]
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

fn assert_close(found: f32, expected: f64, tolerance: f64, what: &str) {
    let close = (f64::from(found) - expected).abs() <= tolerance * expected.abs().max(1.0);
    assert!(close, "{what}: expected {expected}, got {found}");
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
    const H: f64 = 1e-4;
    for &act in Activation::ALL {
        for params in settings(act.row()) {
            let x = points();
            let dy: Vec<f32> = x.iter().map(|x| 1.5 - x * 0.1).collect();
            let f = |x: f64| exact(act, params.map(f64::from), x);
            for ((&x, &dy), dx) in x.iter().zip(&dy).zip(gradients(act, params, &x, &dy)) {
                let slope = (f(f64::from(x) + H) - f(f64::from(x) - H)) / (2.0 * H);
                let what = format!("{}'({x})", act.row().name);
                assert_close(dx, slope * f64::from(dy), 1e-6, &what);
            }
        }
    }
}

#[test]
fn kinks_have_the_slope_of_the_left_side() {
    let slope = |act, params| gradients(act, params, &[0.0, -0.0], &[1.0, 1.0]);
    assert_eq!(slope(Activation::Relu, [0.0; 2]), [0.0, 0.0]);
    assert_eq!(slope(Activation::LeakyRelu, [0.25, 0.0]), [0.25, 0.25]);
}

#[test]
fn nan_stays_and_infinities_reach_the_limits() {
    for &act in Activation::ALL {
        let params = settings(act.row())[0];
        let y = outputs(act, params, &[f32::NAN, f32::INFINITY, f32::NEG_INFINITY]);
        assert!(y[0].is_nan(), "{}(NaN) = {}", act.row().name, y[0]);
        for (y, x) in [(y[1], f64::INFINITY), (y[2], f64::NEG_INFINITY)] {
            assert_eq!(f64::from(y), exact(act, params.map(f64::from), x), "{}", act.row().name);
        }
    }
}

#[test]
fn bias_gradients_are_sums_of_rows_in_order() {
    let (rows, n) = (5, 7);
    let x: Vec<f32> = (0..rows * n).map(|i| (i as f32 * 0.37) % 2.0 - 1.0).collect();
    let dy: Vec<f32> = (0..rows * n).map(|i| (i as f32 * 0.73) % 1.0 - 0.4).collect();
    for &act in Activation::ALL {
        let params = settings(act.row())[0];
        let y = outputs(act, params, &x);
        let xy = if act.row().derivative_from == Source::X { &x } else { &y };
        let (mut dz, mut partial) = (vec![f32::NAN; rows * n], vec![f32::NAN; n]);
        backward_with_bias(act, params, n, xy, &dy, &mut dz, &mut partial);
        assert_eq!(dz, gradients(act, params, &x, &dy));
        for (j, partial) in partial.iter().enumerate() {
            assert_eq!(*partial, (0..rows).fold(0.0, |sum, i| sum + dz[i * n + j]));
        }
    }
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
