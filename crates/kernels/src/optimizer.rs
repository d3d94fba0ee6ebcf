//! Updates of parameters in place, by PyTorch's formulas: one row per rule.
//!
//! A row makes coefficients of the hyper-parameters and the number of the step, in f64, rounded
//! once; its loop is then one pass. Clipping and weight decay are the same for all rows: they make
//! the gradient that the row sees, block by block in L1.

use core::array::from_fn;

use crate::elementwise::sign;
use crate::lane::{F32x4, Lane, sqrt64};
use crate::vector::{self, Four, padded};

/// Hyper-parameters of a rule: rate, weight decay, clip by value, by norm, by global norm (0 is
/// none), then the row's own numbers.
pub type Hyper = [f64; HYPER];
pub const HYPER: usize = 9;
/// State that a rule may keep for each parameter.
pub const MAX_SLOTS: usize = 3;

/// The row's own numbers.
type Own = [f64; 4];
type Coefficients<T> = [T; 7];
type Loop = fn(&Coefficients<F32x4>, &mut [Four], [&mut [Four]; MAX_SLOTS], &[Four]);

/// One optimizer.
pub struct Row {
    pub name: &'static str,
    /// Floats of state per parameter, all 0 at first.
    pub slots: usize,
    /// From the rate, the row's own numbers and the step, counted from 1.
    coefficients: fn(f64, &Own, u32) -> Coefficients<f64>,
    step: Loop,
}

macro_rules! rules {
    ($($(#[doc = $doc:literal])+ $variant:ident {
        name: $name:literal, slots: $slots:literal, step: $step:ident,
        |$rate:pat_param, $own:pat_param, $t:pat_param| $coefficients:expr,
    })*) => {
        crate::codes::coded_enum! {
            pub enum Rule { $($(#[doc = $doc])+ $variant),* }
        }

        /// The table, in the order of the codes.
        pub const ROWS: &[Row] = &[$(Row {
            name: $name,
            slots: $slots,
            coefficients: |$rate, &$own, $t| filled($coefficients),
            step: $step,
        }),*];
    };
}

rules! {
    /// w −= rate·g
    Sgd { name: "sgd", slots: 0, step: sgd, |rate, [..], _| [rate], }
    /// v = momentum·v + g; w −= rate·v. [momentum]
    Momentum { name: "momentum", slots: 1, step: momentum, |rate, [mu, ..], _| [mu, 0.0, rate], }
    /// v = momentum·v + g; w −= rate·(g + momentum·v) (Nesterov 1983). [momentum]
    Nesterov { name: "nesterov", slots: 1, step: momentum, |rate, [mu, ..], _| [mu, rate, rate * mu], }
    /// m and v are decaying means of g and g²; w −= rate·m̂ / (√v̂ + ε) with m̂ = m/(1 − β₁ᵗ),
    /// v̂ = v/(1 − β₂ᵗ) (Kingma & Ba 2015). [β₁, β₂, ε]
    Adam { name: "adam", slots: 2, step: moments,
        |rate, [b1, b2, e, ..], t| means(b1, b2, [bias(b2, t), e, 0.0, rate / (1.0 - power(b1, t))]), }
    /// Adam with the largest v so far in the place of v (Reddi et al. 2018). [β₁, β₂, ε]
    AmsGrad { name: "amsgrad", slots: 3, step: amsgrad,
        |rate, [b1, b2, e, ..], t| means(b1, b2, [bias(b2, t), e, 0.0, rate / (1.0 - power(b1, t))]), }
    /// Adam with Nesterov's momentum on a schedule (Dozat 2016). [β₁, β₂, ε, decay of the momentum]
    Nadam { name: "nadam", slots: 2, step: moments, |rate, [b1, b2, e, decay], t| {
        let [mu, next, product] = nadam_momentum(b1, decay, t);
        means(b1, b2, [
            bias(b2, t), e, rate * (1.0 - mu) / (1.0 - product), rate * next / (1.0 - product * next),
        ])
    }, }
    /// Adam whose adaptive rate waits until its variance is known (Liu et al. 2020). [β₁, β₂, ε]
    Radam { name: "radam", slots: 2, step: moments, |rate, [b1, b2, e, ..], t| {
        let rate = rate / (1.0 - power(b1, t));
        let (limit, left) = (2.0 / (1.0 - b2) - 1.0, 1.0 - power(b2, t));
        let r = limit - 2.0 * f64::from(t) * (1.0 - left) / left;
        if r > 5.0 {
            let known = (r - 4.0) * (r - 2.0) * limit / ((limit - 4.0) * (limit - 2.0) * r);
            means(b1, b2, [1.0, e, 0.0, rate * sqrt64(known * left)])
        } else {
            means(b1, b2, [0.0, 1.0, 0.0, rate])
        }
    }, }
    /// m as in Adam; u = max(β₂·u, |g| + ε); w −= rate/(1 − β₁ᵗ)·m/u (Kingma & Ba 2015). [β₁, β₂, ε]
    Adamax { name: "adamax", slots: 2, step: adamax,
        |rate, [b1, b2, e, ..], t| [1.0 - b1, b2, e, rate / (1.0 - power(b1, t))], }
    /// v = ρ·v + (1 − ρ)·g²; w −= rate·g / (√v + ε) (Tieleman & Hinton 2012). [ρ, ε]
    RmsProp { name: "rmsprop", slots: 1, step: scaled, |rate, [rho, e, ..], _| [rho, 1.0 - rho, rate, e], }
    /// v as in rmsprop; b = momentum·b + g / (√v + ε); w −= rate·b. [ρ, ε, momentum]
    RmsPropMomentum { name: "rmspropMomentum", slots: 3, step: rmsprop,
        |rate, [rho, e, mu, ..], _| [rho, 1.0 - rho, rate, e, mu, 0.0], }
    /// The same with the variance v − a² in the place of v, a the decaying mean of g. [ρ, ε, momentum]
    RmsPropCentered { name: "rmspropCentered", slots: 3, step: rmsprop,
        |rate, [rho, e, mu, ..], _| [rho, 1.0 - rho, rate, e, mu, 1.0], }
    /// s += g²; w −= rate·g / (√s + ε) (Duchi et al. 2011). [ε]
    Adagrad { name: "adagrad", slots: 1, step: scaled, |rate, [e, ..], _| [1.0, 1.0, rate, e], }
    /// v = ρ·v + (1 − ρ)·g²; d = √(u + ε) / √(v + ε)·g; u = ρ·u + (1 − ρ)·d²; w −= rate·d
    /// (Zeiler 2012). [ρ, ε]
    Adadelta { name: "adadelta", slots: 2, step: adadelta, |rate, [rho, e, ..], _| [rho, 1.0 - rho, rate, e], }
    /// w −= rate·sign(β₁·m + (1 − β₁)·g); m = β₂·m + (1 − β₂)·g (Chen et al. 2023). [β₁, β₂]
    Lion { name: "lion", slots: 1, step: lion, |rate, [b1, b2, ..], _| [rate, 1.0 - b1, 1.0 - b2], }
}

impl Rule {
    pub fn row(self) -> &'static Row {
        &ROWS[self as usize]
    }
}

fn sgd(&[rate, ..]: &Coefficients<F32x4>, w: &mut [Four], slots: [&mut [Four]; 3], g: &[Four]) {
    each(w, slots, g, |w, [], g| (w - rate * g, []));
}

fn momentum(
    &[mu, of_g, of_v, ..]: &Coefficients<F32x4>,
    w: &mut [Four],
    slots: [&mut [Four]; 3],
    g: &[Four],
) {
    each(w, slots, g, |w, [v], g| {
        let v = mu * v + g;
        (w - (of_g * g + of_v * v), [v])
    });
}

/// w −= (of_g·g + of_m·m) / (k·√v + ε)
fn moments(
    &[blend1, keep2, blend2, k, epsilon, of_g, of_m]: &Coefficients<F32x4>,
    w: &mut [Four],
    slots: [&mut [Four]; 3],
    g: &[Four],
) {
    each(w, slots, g, |w, [m, v], g| {
        let m = m + (g - m) * blend1;
        let v = keep2 * v + g * g * blend2;
        (w - (of_g * g + of_m * m) / (k * v.sqrt() + epsilon), [m, v])
    });
}

fn amsgrad(
    &[blend1, keep2, blend2, k, epsilon, _, of_m]: &Coefficients<F32x4>,
    w: &mut [Four],
    slots: [&mut [Four]; 3],
    g: &[Four],
) {
    each(w, slots, g, |w, [m, v, largest], g| {
        let m = m + (g - m) * blend1;
        let v = keep2 * v + g * g * blend2;
        let largest = largest.pick_max(v);
        (w - of_m * m / (k * largest.sqrt() + epsilon), [m, v, largest])
    });
}

fn adamax(
    &[blend1, keep2, epsilon, rate, ..]: &Coefficients<F32x4>,
    w: &mut [Four],
    slots: [&mut [Four]; 3],
    g: &[Four],
) {
    each(w, slots, g, |w, [m, u], g| {
        let m = m + (g - m) * blend1;
        let u = (keep2 * u).pick_max(g.abs() + epsilon);
        (w - rate * m / u, [m, u])
    });
}

fn scaled(
    &[keep, blend, rate, epsilon, ..]: &Coefficients<F32x4>,
    w: &mut [Four],
    slots: [&mut [Four]; 3],
    g: &[Four],
) {
    each(w, slots, g, |w, [v], g| {
        let v = keep * v + g * g * blend;
        (w - rate * g / (v.sqrt() + epsilon), [v])
    });
}

fn rmsprop(
    &[keep, blend, rate, epsilon, mu, centered, _]: &Coefficients<F32x4>,
    w: &mut [Four],
    slots: [&mut [Four]; 3],
    g: &[Four],
) {
    each(w, slots, g, |w, [v, a, b], g| {
        let v = keep * v + g * g * blend;
        let a = a + (g - a) * blend;
        // A difference of rounded numbers: never below 0 in truth.
        let variance = F32x4::splat(0.0).pick_max(v - centered * (a * a));
        let b = mu * b + g / (variance.sqrt() + epsilon);
        (w - rate * b, [v, a, b])
    });
}

fn adadelta(
    &[keep, blend, rate, epsilon, ..]: &Coefficients<F32x4>,
    w: &mut [Four],
    slots: [&mut [Four]; 3],
    g: &[Four],
) {
    each(w, slots, g, |w, [v, u], g| {
        let v = keep * v + g * g * blend;
        let d = ((u + epsilon) / (v + epsilon)).sqrt() * g;
        (w - rate * d, [v, keep * u + d * d * blend])
    });
}

fn lion(
    &[rate, blend1, blend2, ..]: &Coefficients<F32x4>,
    w: &mut [Four],
    slots: [&mut [Four]; 3],
    g: &[Four],
) {
    each(w, slots, g, |w, [m], g| (w - rate * sign(m + (g - m) * blend1), [m + (g - m) * blend2]));
}

/// Runs a formula of N slots over whole fours. Slots that it has no use for may be empty.
#[inline(always)]
fn each<const N: usize>(
    w: &mut [Four],
    [a, b, c]: [&mut [Four]; MAX_SLOTS],
    g: &[Four],
    f: impl Fn(F32x4, [F32x4; N], F32x4) -> (F32x4, [F32x4; N]),
) {
    let n = w.len();
    let used = |slot: usize| if slot < N { n } else { 0 };
    // All of one length, so that the loop has one bound.
    let (Some(g), Some(a), Some(b), Some(c)) =
        (g.get(..n), a.get_mut(..used(0)), b.get_mut(..used(1)), c.get_mut(..used(2)))
    else {
        return;
    };
    for i in 0..n {
        let old = from_fn(|slot| match slot {
            0 => F32x4::load(&a[i]),
            1 => F32x4::load(&b[i]),
            _ => F32x4::load(&c[i]),
        });
        let (new_w, new) = f(F32x4::load(&w[i]), old, F32x4::load(&g[i]));
        new_w.store(&mut w[i]);
        for (slot, new) in new.into_iter().enumerate() {
            match slot {
                0 => new.store(&mut a[i]),
                1 => new.store(&mut b[i]),
                _ => new.store(&mut c[i]),
            }
        }
    }
}

/// Elements whose gradient is clipped and decayed at a time.
const BLOCK: usize = 256;

/// One step of a rule, its coefficients ready.
pub struct Update {
    step: Loop,
    coefficients: Coefficients<F32x4>,
    /// Gradients beyond are clipped.
    limit: f32,
    /// Added to the gradient, times w.
    decay: f32,
    /// w is multiplied by it first.
    shrink: f32,
    clip_norm: f64,
    global_clip_norm: f64,
}

impl Update {
    /// The `step`-th step, from 1. Decay is coupled (L2: it joins the gradient) or decoupled (it
    /// shrinks w by 1 − rate·decay; Loshchilov & Hutter 2019).
    pub fn new(rule: Rule, decoupled: bool, hyper: &Hyper, step: u32) -> Update {
        let &[rate, decay, clip_value, clip_norm, global_clip_norm, ref own @ ..] = hyper;
        let row = rule.row();
        Update {
            step: row.step,
            coefficients: (row.coefficients)(rate, own, step).map(|x| F32x4::splat(x as f32)),
            limit: if clip_value > 0.0 { clip_value as f32 } else { f32::INFINITY },
            decay: if decoupled { 0.0 } else { decay as f32 },
            shrink: if decoupled { (1.0 - rate * decay) as f32 } else { 1.0 },
            clip_norm,
            global_clip_norm,
        }
    }

    /// The factor of all gradients, by the sum of their squares; asks for it when it matters.
    pub fn global_scale(&self, squares: impl FnOnce() -> f64) -> f64 {
        scale_to(self.global_clip_norm, squares)
    }

    /// The factor of one variable's gradient.
    pub fn scale(&self, squares: impl FnOnce() -> f64) -> f64 {
        scale_to(self.clip_norm, squares)
    }

    /// Changes w and its slots by the gradient g, times `scale`.
    pub fn run(&self, scale: f64, w: &mut [f32], slots: [&mut [f32]; MAX_SLOTS], g: &[f32]) {
        let as_is = self.limit == f32::INFINITY && self.decay == 0.0 && self.shrink == 1.0;
        if as_is && scale == 1.0 {
            return self.step(w, slots, g);
        }
        let mut buffer = [0.0; BLOCK];
        let mut slots = slots.map(|slot| slot.chunks_mut(BLOCK));
        let [limit, scale, decay, shrink] =
            [self.limit, scale as f32, self.decay, self.shrink].map(F32x4::splat);
        for (w, g) in w.chunks_mut(BLOCK).zip(g.chunks(BLOCK)) {
            let Some(seen) = buffer.get_mut(..g.len()) else { return };
            vector::map2(w, g, seen, |w, g| {
                let clipped = g.pick_min(limit).pick_max(-limit);
                clipped * scale + decay * w
            });
            vector::map_in_place(w, |w| w * shrink);
            let slots = slots.each_mut().map(|blocks| blocks.next().unwrap_or_default());
            self.step(w, slots, seen);
        }
    }

    fn step(&self, w: &mut [f32], slots: [&mut [f32]; MAX_SLOTS], g: &[f32]) {
        let (w, w_tail) = w.as_chunks_mut();
        let (g, g_tail) = g.as_chunks();
        let [(a, a_tail), (b, b_tail), (c, c_tail)] = slots.map(<[f32]>::as_chunks_mut);
        (self.step)(&self.coefficients, w, [a, b, c], g);
        if w_tail.is_empty() {
            return;
        }
        let tails = [w_tail, a_tail, b_tail, c_tail];
        let mut last = tails.each_ref().map(|tail| [padded(tail)]);
        let [w, a, b, c] = &mut last;
        (self.step)(&self.coefficients, w, [a, b, c], &[padded(g_tail)]);
        for (tail, [four]) in tails.into_iter().zip(&last) {
            F32x4::load(four).store_partial(tail);
        }
    }
}

/// What makes a norm at most `limit`, as `torch.nn.utils.clip_grad_norm_`; 1 without a limit.
fn scale_to(limit: f64, squares: impl FnOnce() -> f64) -> f64 {
    if limit > 0.0 { (limit / (sqrt64(squares()) + 1e-6)).min(1.0) } else { 1.0 }
}

fn filled<const N: usize>(x: [f64; N]) -> Coefficients<f64> {
    from_fn(|i| x.get(i).copied().unwrap_or(0.0))
}

/// The coefficients of the decaying means of g and g², then the others.
fn means(b1: f64, b2: f64, [k, epsilon, of_g, of_m]: [f64; 4]) -> Coefficients<f64> {
    [1.0 - b1, b2, 1.0 - b2, k, epsilon, of_g, of_m]
}

/// 1/√(1 − bᵗ): the root of a decaying mean times this is the root of its unbiased estimate.
fn bias(b: f64, t: u32) -> f64 {
    1.0 / sqrt64(1.0 - power(b, t))
}

/// μₜ = β₁(1 − ½·0.96^(t·decay)), μₜ₊₁ and μ₁·…·μₜ.
fn nadam_momentum(b1: f64, decay: f64, t: u32) -> [f64; 3] {
    /// ln 0.96
    const LN: f64 = -0.040_821_994_520_255_166;
    /// Below, a factor or a product is no different from 0.
    const NEGLIGIBLE: f64 = 1e-18;
    let q = exp_negative(LN * decay);
    let mu = |power: f64| b1 * (1.0 - 0.5 * power);
    let (mut product, mut qi, mut done) = (1.0, 1.0, 0);
    while done < t.min(1 << 14) && qi > NEGLIGIBLE && product > NEGLIGIBLE {
        qi *= q;
        product *= mu(qi);
        done += 1;
    }
    let qt = power(q, t);
    [mu(qt), mu(qt * q), product * power(b1, t - done)]
}

/// eˣ for x <= 0 in f64: the series of x/1024, squared ten times. Below -42 as at -42.
fn exp_negative(x: f64) -> f64 {
    let x = x.max(-42.0) / 1024.0;
    let series = (1..=9).rev().fold(1.0, |sum, n| 1.0 + x / f64::from(n) * sum);
    power(series, 1024)
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

    #[test]
    fn powers_match_the_library() {
        assert_eq!(
            (power(0.9, 0), power(0.5, 10), power(2.0, 31)),
            (1.0, 1.0 / 1024.0, 2147483648.0)
        );
        assert!((power(0.999, 1000) - 0.999f64.powi(1000)).abs() < 1e-12);
        for x in [0.0, -1e-6, -0.04, -1.0, -7.5, -41.0] {
            assert!((exp_negative(x) / x.exp() - 1.0).abs() < 1e-12, "{x}");
        }
    }

    #[test]
    fn the_momentum_of_nadam_is_the_product_of_all_steps() {
        for (b1, decay) in [(0.9, 0.004), (0.999, 0.004), (0.9999, 10.0), (0.5, 0.0), (0.0, 1.0)] {
            let mu = |t: u32| b1 * (1.0 - 0.5 * 0.96f64.powf(f64::from(t) * decay));
            let mut product = 1.0;
            for t in 1..=3000 {
                product *= mu(t);
                let expected = [mu(t), mu(t + 1), product];
                for (a, b) in nadam_momentum(b1, decay, t).into_iter().zip(expected) {
                    assert!((a - b).abs() < 1e-10, "{b1} {decay} {t}: {a} {b}");
                }
            }
        }
    }
}
