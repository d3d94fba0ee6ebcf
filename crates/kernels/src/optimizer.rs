//! Updates of parameters in place, by PyTorch's formulas: one row per rule.
//!
//! A row makes coefficients of the hyper-parameters and the number of the step, in f64, rounded
//! once; its loop is then one pass. Clipping and weight decay are the same for all rows: they make
//! the gradient that the row sees, block by block in L1.

mod bounds;
mod coefficients;
mod formulas;
mod prepare;
mod steps;
mod update;

use bounds::Bound;
pub use bounds::LIMIT;
use coefficients::{bias, filled, means, nadam_momentum, power};
pub use prepare::Prepared;
pub use update::{NUMBERS, Numbers, Update};

use crate::lane::{F32x4, Lane, sqrt64};
use crate::vector::Four;

/// Hyper-parameters of a rule: rate, weight decay, clip by value, by norm, by global norm (0 is
/// none), then the row's own numbers.
pub type Hyper = [f64; HYPER];
pub const HYPER: usize = 9;
/// State that a rule may keep for each parameter.
pub const MAX_SLOTS: usize = 3;

/// The row's own numbers.
type Own = [f64; 4];
/// Numbers of a step that its formula takes.
pub type Coefficients<T> = [T; 7];
type Loop = fn(&Coefficients<F32x4>, &mut [Four], [&mut [Four]; MAX_SLOTS], &[Four]);

/// One optimizer.
pub struct Row {
    pub name: &'static str,
    /// Floats of state per parameter, all 0 at first.
    pub slots: usize,
    /// From the rate, the row's own numbers and the step, counted from 1.
    coefficients: fn(f64, &Own, u32) -> Coefficients<f64>,
    step: Loop,
    /// How far a step goes, by magnitudes of the gradient and of the slot that w is changed by.
    bound: fn(&Coefficients<f64>, f64, f64) -> Bound,
    /// Which slot that is.
    pub carried: usize,
}

macro_rules! rules {
    ($($(#[doc = $doc:literal])+ $variant:ident {
        name: $name:literal, slots: $slots:literal, step: $step:ident, $(carried: $carried:literal,)?
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
            step: steps::$step,
            bound: bounds::$step,
            carried: [$($carried,)? 0][0],
        }),*];

        /// w and its slots after a step, by the formula that the row's loop has.
        pub fn formula<L: Lane>(
            rule: Rule,
            coefficients: &Coefficients<L>,
            w: L,
            slots: [L; MAX_SLOTS],
            g: L,
        ) -> (L, [L; MAX_SLOTS]) {
            match rule {
                $(Rule::$variant => formulas::with_all(slots, |slots| {
                    formulas::$step(coefficients, w, slots, g)
                }),)*
            }
        }
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
    RmsPropMomentum { name: "rmspropMomentum", slots: 3, step: rmsprop, carried: 2,
        |rate, [rho, e, mu, ..], _| [rho, 1.0 - rho, rate, e, mu, 0.0], }
    /// The same with the variance v − a² in the place of v, a the decaying mean of g. [ρ, ε, momentum]
    RmsPropCentered { name: "rmspropCentered", slots: 3, step: rmsprop, carried: 2,
        |rate, [rho, e, mu, ..], _| [rho, 1.0 - rho, rate, e, mu, 1.0], }
    /// s += g²; w −= rate·g / (√s + ε) (Duchi et al. 2011). [ε]
    Adagrad { name: "adagrad", slots: 1, step: scaled, |rate, [e, ..], _| [1.0, 1.0, rate, e], }
    /// v = ρ·v + (1 − ρ)·g²; d = √(u + ε) / √(v + ε)·g; u = ρ·u + (1 − ρ)·d²; w −= rate·d
    /// (Zeiler 2012). [ρ, ε]
    Adadelta { name: "adadelta", slots: 2, step: adadelta, carried: 1, |rate, [rho, e, ..], _| [rho, 1.0 - rho, rate, e], }
    /// w −= rate·sign(β₁·m + (1 − β₁)·g); m = β₂·m + (1 − β₂)·g (Chen et al. 2023). [β₁, β₂]
    Lion { name: "lion", slots: 1, step: lion, |rate, [b1, b2, ..], _| [rate, 1.0 - b1, 1.0 - b2], }
}

impl Rule {
    pub fn row(self) -> &'static Row {
        &ROWS[self as usize]
    }
}
