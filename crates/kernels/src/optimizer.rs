//! Updates of parameters in place, by PyTorch's formulas. Hyper-parameters are f64 and rounded
//! once.

use crate::lane::{F32x4, Lane};
use crate::vector;

#[inline(always)]
fn round(x: f64) -> F32x4 {
    F32x4::splat(x as f32)
}

/// p -= lr g
#[inline(never)]
pub fn sgd(lr: f64, p: &mut [f32], g: &[f32]) {
    let lr = round(lr);
    vector::update(p, g, |p, g| p - lr * g);
}

/// v = momentum v + g; p -= lr v, or with Nesterov's look-ahead p -= lr (g + momentum v)
#[inline(never)]
pub fn momentum(lr: f64, momentum: f64, nesterov: bool, p: &mut [f32], v: &mut [f32], g: &[f32]) {
    let (lr, momentum) = (round(lr), round(momentum));
    vector::update(v, g, |v, g| momentum * v + g);
    if nesterov {
        vector::update(p, g, |p, g| p - lr * g);
        vector::update(p, v, |p, v| p - lr * (momentum * v));
    } else {
        vector::update(p, v, |p, v| p - lr * v);
    }
}

/// Adam (Kingma and Ba, 2014), as `torch.optim.Adam`.
#[derive(Clone, Copy, Debug)]
pub struct Adam {
    pub lr: f64,
    pub beta1: f64,
    pub beta2: f64,
    pub epsilon: f64,
    /// From 1.
    pub step: u32,
}

/// m += (1 - beta1) (g - m); v = beta2 v + (1 - beta2) g^2;
/// p -= lr / (1 - beta1^step) m / (sqrt(v) / sqrt(1 - beta2^step) + epsilon)
#[inline(never)]
pub fn adam(hyper: &Adam, p: &mut [f32], m: &mut [f32], v: &mut [f32], g: &[f32]) {
    let &Adam { lr, beta1, beta2, epsilon, step } = hyper;
    let rate = round(lr / (1.0 - power(beta1, step)));
    let correction = round(crate::lane::sqrt64(1.0 - power(beta2, step)));
    let (blend1, blend2) = (round(1.0 - beta1), round(1.0 - beta2));
    let (beta2, epsilon) = (round(beta2), round(epsilon));
    let formula = |[p, m, v, g]: [F32x4; 4]| {
        let m = m + (g - m) * blend1;
        let v = v * beta2 + g * g * blend2;
        [p - rate * (m / (v.sqrt() / correction + epsilon)), m, v]
    };

    let (p4, p_tail) = p.as_chunks_mut::<4>();
    let (m4, m_tail) = m.as_chunks_mut::<4>();
    let (v4, v_tail) = v.as_chunks_mut::<4>();
    let (g4, g_tail) = g.as_chunks::<4>();
    for (((p, m), v), g) in p4.iter_mut().zip(m4).zip(v4).zip(g4) {
        let [new_p, new_m, new_v] =
            formula([F32x4::load(p), F32x4::load(m), F32x4::load(v), F32x4::load(g)]);
        new_p.store(p);
        new_m.store(m);
        new_v.store(v);
    }
    let tails = [&*p_tail, &*m_tail, &*v_tail, g_tail].map(|x| F32x4::load_partial(x, 0.0));
    let [new_p, new_m, new_v] = formula(tails);
    new_p.store_partial(p_tail);
    new_m.store_partial(m_tail);
    new_v.store_partial(v_tail);
}

/// x^n by squaring: the same bits everywhere, unlike `powi`.
fn power(mut x: f64, mut n: u32) -> f64 {
    let mut result = 1.0;
    while n > 0 {
        if n & 1 == 1 {
            result *= x;
        }
        x *= x;
        n >>= 1;
    }
    result
}

#[cfg(test)]
mod tests {
    use super::*;

    const N: usize = 7;
    const P: [f32; N] = [1.0, -2.0, 0.5, 3.0, -0.25, 0.0, 10.0];
    const G: [f32; N] = [0.1, -0.2, 3.0, 0.0, 1e-3, -5.0, 0.7];

    fn assert_close(found: &[f32], expected: &[f64]) {
        for (&a, &b) in found.iter().zip(expected) {
            assert!((a as f64 - b).abs() <= 1e-6 * b.abs().max(1.0), "{a} {b}");
        }
    }

    #[test]
    fn sgd_follows_the_gradient() {
        let mut p = P;
        sgd(0.1, &mut p, &G);
        let expected: Vec<f64> =
            P.iter().zip(&G).map(|(&p, &g)| p as f64 - 0.1 * g as f64).collect();
        assert_close(&p, &expected);
    }

    #[test]
    fn momentum_follows_the_formula_with_and_without_nesterov() {
        for nesterov in [false, true] {
            let (mut p, mut v) = (P, [0.0; N]);
            let mut expected = P.map(f64::from);
            let mut velocity = [0.0; N];
            for _ in 0..3 {
                momentum(0.1, 0.9, nesterov, &mut p, &mut v, &G);
                for i in 0..N {
                    let g = G[i] as f64;
                    velocity[i] = 0.9 * velocity[i] + g;
                    expected[i] -= 0.1 * if nesterov { g + 0.9 * velocity[i] } else { velocity[i] };
                }
            }
            assert_close(&p, &expected);
            assert_close(&v, &velocity);
        }
    }

    #[test]
    fn adam_follows_the_formula() {
        let (mut p, mut m, mut v) = (P, [0.0; N], [0.0; N]);
        let (mut ep, mut em, mut ev) = (P.map(f64::from), [0.0; N], [0.0; N]);
        for step in 1..=5 {
            let hyper = Adam { lr: 0.01, beta1: 0.9, beta2: 0.999, epsilon: 1e-8, step };
            adam(&hyper, &mut p, &mut m, &mut v, &G);
            for i in 0..N {
                let g = G[i] as f64;
                em[i] = 0.9 * em[i] + 0.1 * g;
                ev[i] = 0.999 * ev[i] + 0.001 * g * g;
                let (m, v) = (
                    em[i] / (1.0 - 0.9f64.powi(step as i32)),
                    ev[i] / (1.0 - 0.999f64.powi(step as i32)),
                );
                ep[i] -= 0.01 * m / (v.sqrt() + 1e-8);
            }
        }
        assert_close(&p, &ep);
        assert_close(&m, &em);
        assert_close(&v, &ev);
    }

    #[test]
    fn power_is_repeated_multiplication() {
        assert_eq!(
            (power(0.9, 0), power(0.5, 10), power(2.0, 31)),
            (1.0, 1.0 / 1024.0, 2147483648.0)
        );
        assert!((power(0.999, 1000) - 0.999f64.powi(1000)).abs() < 1e-12);
    }
}
