//! Elementary functions against f64, in units of the last place: 2^18 floats of all exponents, or
//! every float there is when FERROGRAD_LONG is 1.

mod common;

use common::long;
use ferrograd_kernels::activation::{self, Activation};
use ferrograd_kernels::math::*;

/// Distance of y from the exact value, in units of the last place of the f32 nearest to it.
fn ulps(y: f32, exact: f64) -> f64 {
    let nearest = exact as f32;
    if y.is_nan() || nearest.is_nan() {
        return if y.is_nan() && nearest.is_nan() { 0.0 } else { f64::INFINITY };
    }
    if y == nearest {
        return 0.0;
    }
    if y.is_infinite() || nearest.is_infinite() {
        return if (y as f64 - exact).abs() / exact.abs() < 1e-6 { 1.0 } else { f64::INFINITY };
    }
    let exponent = (nearest.abs().to_bits() >> 23).max(1) as i32 - 150;
    (y as f64 - exact).abs() / 2f64.powi(exponent)
}

/// 2^18 floats of every sign and exponent, NaN and infinities among them; in the long run all.
fn sweep() -> impl Iterator<Item = f32> {
    let (shift, mask) = if long() { (0, 0) } else { (14, 0x3fff) };
    let bits = (0..=u32::MAX >> shift)
        .map(move |i| (i << shift) | (i.wrapping_mul(2_654_435_761) >> 18 & mask));
    bits.map(f32::from_bits).chain([0.0, -0.0, f32::INFINITY, f32::NEG_INFINITY, f32::NAN])
}

/// As many floats again, 2^20 in the long run, evenly spaced where the functions bend.
fn dense() -> impl Iterator<Item = f32> {
    let half = if long() { 1 << 19 } else { 1 << 17 };
    (-half..half).map(move |i| i as f32 * (110.0 / half as f32))
}

/// No error is larger than `bound` ULP, or than `near_zero`.
fn check_beside(
    name: &str,
    f: impl Fn(f32) -> f32,
    exact: impl Fn(f64) -> f64,
    bound: f64,
    near_zero: f64,
) {
    let rounded = |x: f32| {
        let (y, exact) = (f(x), exact(x as f64));
        if (y as f64 - exact).abs() <= near_zero { exact as f32 } else { y }
    };
    check(name, rounded, &exact, bound);
}

fn check(name: &str, f: impl Fn(f32) -> f32, exact: impl Fn(f64) -> f64, bound: f64) {
    let (mut worst, mut at) = (0.0, 0.0);
    for x in sweep().chain(dense()) {
        let error = ulps(f(x), exact(x as f64));
        if error > worst {
            (worst, at) = (error, x);
        }
    }
    println!("{name}: {worst:.2} ULP at {at:e}");
    assert!(worst <= bound, "{name}: {worst} ULP at {at:e}, expected at most {bound}");
}

/// Never falls by more than 2 ULP from one point to the next where the function rises.
fn never_falls(name: &str, xs: impl Iterator<Item = f32>, f: impl Fn(f32) -> f32) {
    let mut last = f32::NEG_INFINITY;
    for x in xs {
        let y = f(x);
        if y < last {
            let fall = ulps(y, last as f64);
            assert!(fall <= 2.0, "{name} falls by {fall} ULP at {x:e}");
        }
        last = y;
    }
}

/// Over the positive floats from `from` on, whose bits rise with them, over the negative ones as
/// -f(-x), and over a dense grid.
fn check_rising(name: &str, from: f32, f: impl Fn(f32) -> f32) {
    let positive = || sweep().take_while(|x| !x.is_nan());
    never_falls(name, positive().filter(|&x| x >= from), &f);
    never_falls(name, positive().filter(|&x| -x >= from), |x| -f(-x));
    never_falls(name, dense().filter(|&x| x >= from), &f);
}

/// e^-|x|
fn e(x: f32) -> f32 {
    exp_minus(x.abs())
}

fn sigmoid1(x: f32) -> f32 {
    sigmoid(x, e(x))
}

fn softplus1(x: f32) -> f32 {
    softplus(x, e(x))
}

fn tail(x: f32) -> f32 {
    normal_tail(x.abs().min(200.0), exp_minus(x * x * 0.5))
}

fn sigmoid64(x: f64) -> f64 {
    if x < 0.0 { x.exp() / (1.0 + x.exp()) } else { 1.0 / (1.0 + (-x).exp()) }
}

fn softplus64(x: f64) -> f64 {
    if x.is_nan() { x } else { x.max(0.0) + (-x.abs()).exp().ln_1p() }
}

/// What the row does with the tail.
fn gelu(x: f32) -> f32 {
    let mut y = [0.0];
    activation::forward(Activation::Gelu, [0.0; 2], &[x], &mut y);
    y[0]
}

fn gelu64(x: f64) -> f64 {
    if x == f64::NEG_INFINITY { 0.0 } else { 0.5 * x * libm::erfc(-x / 2f64.sqrt()) }
}

#[test]
fn errors_stay_within_the_stated_bounds() {
    check("exp", exp, f64::exp, 2.0);
    check("exp_minus", |x| exp_minus(x.abs()), |x| (-x.abs()).exp(), 2.0);
    check("sigmoid", sigmoid1, sigmoid64, 3.0);
    check("sigmoids.0", |x| sigmoids(x, e(x)).0, sigmoid64, 3.0);
    check("sigmoids.1", |x| sigmoids(x, e(x)).1, |x| sigmoid64(-x), 3.0);
    check("tanh", tanh, f64::tanh, 4.0);
    check("log", log, f64::ln, 2.0);
    check("log1p", log1p, f64::ln_1p, 3.0);
    check("softplus", softplus1, softplus64, 3.0);
    check("expm1", |x| expm1(-x.abs()), |x| (-x.abs()).exp_m1(), 3.0);
    check("sin", sin, |x| if x.abs() < 1e6 { x.sin() } else { libm::sin(x) }, 1.0);
    check("cos", cos, |x| if x.abs() < 1e6 { x.cos() } else { libm::cos(x) }, 1.0);
}

#[test]
fn the_sine_of_a_zero_is_that_zero() {
    for x in [0.0_f32, -0.0] {
        assert_eq!(sin(x).to_bits(), x.to_bits());
    }
}

#[test]
fn gelu_is_within_6_ulp_or_nearly_0() {
    let eps = f64::from(f32::EPSILON);
    check_beside("gelu", gelu, gelu64, 6.0, eps);
    check_beside("tail", tail, |x| 0.5 * libm::erfc(x.abs() / 2f64.sqrt()), 6.0, eps);
}

/// The row's loop has a shorter way where no result overflows or is subnormal.
#[test]
fn the_exponential_row_has_the_bits_of_exp() {
    let all: Vec<f32> = dense().step_by(97).chain([f32::INFINITY, f32::NAN, -0.0]).collect();
    let normal: Vec<f32> = all.iter().copied().filter(|x| x.abs() <= 87.0).collect();
    for x in [all, normal] {
        let mut y = vec![0.0; x.len()];
        activation::forward(Activation::Exponential, [0.0; 2], &x, &mut y);
        for (&x, y) in x.iter().zip(y) {
            assert!(y.to_bits() == exp(x).to_bits() || (x.is_nan() && y.is_nan()), "{x}: {y}");
        }
    }
}

#[test]
fn rising_functions_rise() {
    let lowest = f32::NEG_INFINITY;
    check_rising("exp", lowest, exp);
    check_rising("sigmoid", lowest, sigmoid1);
    check_rising("tanh", lowest, tanh);
    check_rising("softplus", lowest, softplus1);
    check_rising("log", 0.0, log);
    check_rising("log1p", -1.0, log1p);
    check_rising("gelu", 0.0, gelu);
    check_rising("expm1", lowest, |x| expm1(x.min(0.0)));
}

#[test]
fn exact_where_the_value_is_a_float() {
    assert_eq!((exp(0.0f32), exp(-0.0f32)), (1.0, 1.0));
    assert_eq!((exp(f32::INFINITY), exp(f32::NEG_INFINITY)), (f32::INFINITY, 0.0));
    assert_eq!((sigmoid1(0.0), sigmoid1(f32::INFINITY)), (0.5, 1.0));
    assert_eq!(sigmoid1(f32::NEG_INFINITY), 0.0);
    assert_eq!((tanh(f32::INFINITY), tanh(f32::NEG_INFINITY)), (1.0, -1.0));
    assert_eq!(tanh(-0.0).to_bits(), (-0.0f32).to_bits());
    assert_eq!((log(1.0f32), log(0.0f32)), (0.0, f32::NEG_INFINITY));
    assert_eq!((log1p(-1.0f32), log1p(f32::INFINITY)), (f32::NEG_INFINITY, f32::INFINITY));
    assert_eq!(log1p(-0.0f32).to_bits(), (-0.0f32).to_bits());
    assert_eq!((softplus1(f32::INFINITY), softplus1(f32::NEG_INFINITY)), (f32::INFINITY, 0.0));
    assert_eq!((expm1(0.0f32), expm1(f32::NEG_INFINITY)), (0.0, -1.0));
    assert_eq!((tail(0.0), tail(f32::INFINITY)), (0.5, 0.0));
    assert!(log(-1.0f32).is_nan() && log1p(-1.5f32).is_nan());
}

#[test]
fn floor_expm1_and_erf() {
    check("floor", floor, f64::floor, 0.0);
    check("expm1", expm1_all, f64::exp_m1, 5.0);
    check("erf", erf, libm::erf, 4.0);
}

#[test]
fn powers_of_pairs_and_of_what_is_no_number() {
    let some: Vec<f32> = sweep().step_by(997).chain((-8..8).map(|i| i as f32 * 0.5)).collect();
    let mut worst = 0.0f64;
    for &a in &some {
        for &b in some.iter().step_by(3) {
            let (y, exact) = (pow(a, b), f64::from(a).powf(f64::from(b)));
            assert!(ulps(y, exact) <= 1.0, "{a:e}^{b:e} = {y:e}, not {exact:e}");
            worst = worst.max(ulps(y, exact));
        }
    }
    println!("pow: {worst:.2} ULP");
    for (a, b, y) in
        [(-0.0, 3.0, -0.0), (-0.0, -3.0, f32::NEG_INFINITY), (-1.0, f32::INFINITY, 1.0)]
    {
        assert_eq!(pow(a, b).to_bits(), f32::to_bits(y), "{a}^{b}");
    }
}

#[test]
fn remainders_have_the_sign_of_the_divisor() {
    for (a, b, y) in
        [(5.0, 3.0, 2.0), (-5.0, 3.0, 1.0), (5.0, -3.0, -1.0), (1e30, 7.0, 1.0), (-3.0, 3.0, 0.0)]
    {
        assert_eq!(modulo(a, b).to_bits(), f32::to_bits(y), "{a} mod {b}");
    }
    assert!(modulo(1.0f32, 0.0).is_nan() && modulo(f32::INFINITY, 2.0).is_nan());
}
