//! How far a step can go, without looking at what it changes: one bound for each formula, by magnitudes.
//!
//! A finite w minus less than [`LIMIT`] is finite: half the distance of the largest floats is 2^103. So
//! are k·v + b·g² with k <= 1, and v + (g − v)·b with b <= 1. What has to be known is how large the slot is
//! that the step of w is made of, the carried one.

/// Below it nothing overflows.
pub const LIMIT: f64 = (1u128 << 100) as f64;
/// More than what rounding can add, relative and absolute.
const SLACK: f64 = 1e-6;
const LEAST: f64 = f32::MIN_POSITIVE as f64;

/// Magnitudes after a step.
pub struct Bound {
    /// Of what w is changed by.
    pub step: f64,
    /// Of the carried slot.
    pub carried: f64,
    /// Of all that is computed on the way.
    pub largest: f64,
}

impl Bound {
    /// The bound of the carried slot, where nothing overflows; NaN is no number below the limit.
    pub fn excludes_overflow(&self) -> Option<f32> {
        let carried = self.carried * (1.0 + SLACK) + LEAST;
        let small = self.step < LIMIT && carried < LIMIT && self.largest < LIMIT;
        small.then_some(carried as f32)
    }
}

type Coefficients = super::Coefficients<f64>;

/// Of s + (g − s)·blend, where s and g may be that large.
fn blended(s: f64, g: f64, blend: f64) -> f64 {
    s + (g - s) * blend + SLACK * (s + g)
}

pub fn sgd(&[rate, ..]: &Coefficients, g: f64, _: f64) -> Bound {
    Bound { step: rate * g, carried: 0.0, largest: g }
}

pub fn momentum(&[mu, of_g, of_v, ..]: &Coefficients, g: f64, v: f64) -> Bound {
    let v = mu * v + g;
    Bound { step: of_g * g + of_v * v, carried: v, largest: g }
}

pub fn moments(&[blend1, _, _, _, epsilon, of_g, of_m]: &Coefficients, g: f64, m: f64) -> Bound {
    let m = blended(m, g, blend1);
    let step = of_g * g + of_m * m;
    Bound { step: step / epsilon, carried: m, largest: (g * g).max(step) }
}

pub fn amsgrad(coefficients: &Coefficients, g: f64, m: f64) -> Bound {
    moments(coefficients, g, m)
}

pub fn adamax(&[blend1, _, epsilon, rate, ..]: &Coefficients, g: f64, m: f64) -> Bound {
    let m = blended(m, g, blend1);
    Bound { step: rate * m / epsilon, carried: m, largest: (g + epsilon).max(rate * m) }
}

pub fn scaled(&[_, _, rate, epsilon, ..]: &Coefficients, g: f64, _: f64) -> Bound {
    Bound { step: rate * g / epsilon, carried: 0.0, largest: (g * g).max(rate * g) }
}

/// b is carried.
pub fn rmsprop(&[_, _, rate, epsilon, mu, ..]: &Coefficients, g: f64, b: f64) -> Bound {
    let b = mu * b + g / epsilon;
    Bound { step: rate * b, carried: b, largest: g * g }
}

/// u is carried. As v is at least blend·g², d² is at most (u + ε)/blend; beside an ε that is next to
/// nothing, g² may be rounded to nothing too.
pub fn adadelta(&[keep, blend, rate, epsilon, ..]: &Coefficients, g: f64, u: f64) -> Bound {
    let squares = (u + epsilon) / blend.min(epsilon * LIMIT);
    Bound {
        step: rate * (1.0 + squares),
        carried: keep * u + blend * squares,
        largest: (g * g).max((u + epsilon) / epsilon).max(squares),
    }
}

pub fn lion(&[rate, ..]: &Coefficients, g: f64, _: f64) -> Bound {
    Bound { step: rate, carried: 0.0, largest: g }
}
