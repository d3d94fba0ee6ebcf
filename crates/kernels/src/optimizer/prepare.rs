//! What is known of a step of a rule before anything changes.

use super::{Coefficients, Hyper, NUMBERS, Numbers, Rule};
use crate::lane::{Lane, sqrt64};

/// A step of a rule, made ready.
pub struct Prepared {
    /// What [`super::Update`] takes.
    pub numbers: Numbers,
    rule: Rule,
    clip_norm: f64,
    global_clip_norm: f64,
}

impl Prepared {
    /// The `step`-th step, from 1. Decay is coupled (L2: it joins the gradient) or decoupled (it
    /// shrinks w by 1 − rate·decay; Loshchilov & Hutter 2019).
    #[inline(never)]
    pub fn new(rule: Rule, decoupled: bool, hyper: &Hyper, step: u32) -> Prepared {
        let &[rate, decay, clip_value, clip_norm, global_clip_norm, ref own @ ..] = hyper;
        let limit =
            if clip_value > 0.0 { (clip_value as f32).pick_min(f32::MAX) } else { f32::MAX };
        let (decay, shrink) =
            if decoupled { (0.0, (1.0 - rate * decay) as f32) } else { (decay as f32, 1.0) };
        let clips = clip_norm > 0.0 || global_clip_norm > 0.0;
        let plain = limit == f32::MAX && decay == 0.0 && shrink == 1.0 && !clips;
        let mut numbers = [0.0; NUMBERS];
        let coefficients = (rule.row().coefficients)(rate, own, step);
        for (number, coefficient) in numbers.iter_mut().zip(coefficients) {
            *number = coefficient as f32;
        }
        let [.., to_limit, to_decay, to_shrink, to_plain, _] = &mut numbers;
        (*to_limit, *to_decay, *to_shrink) = (limit, decay, shrink);
        *to_plain = f32::from(u8::from(plain));
        Prepared { numbers, rule, clip_norm, global_clip_norm }
    }

    /// Does the step see the gradients as they are?
    pub fn is_plain(&self) -> bool {
        let [.., plain, _] = self.numbers;
        plain != 0.0
    }

    /// Says how large the carried slot is after the step.
    pub fn set_reach(&mut self, after: f32) {
        let [.., reach] = &mut self.numbers;
        *reach = after;
    }

    /// The factor of all gradients, by the sum of their squares; asks for it when it matters.
    pub fn global_scale(&self, squares: &dyn Fn() -> f64) -> f64 {
        scale_to(self.global_clip_norm, squares)
    }

    /// The factor of one variable's gradient.
    pub fn scale(&self, squares: &dyn Fn() -> f64) -> f64 {
        scale_to(self.clip_norm, squares)
    }

    /// How large the carried slot is after a step, at most, if it is at most `carried` now, the gradient
    /// at most g, and w as large as it says; it asks when it matters. None where the bounds do not
    /// exclude that something overflows.
    #[inline(never)]
    pub fn bound(&self, g: f32, carried: f32, largest_w: &dyn Fn() -> f32) -> Option<f32> {
        let [ref coefficients @ .., limit, decay, shrink, _, _] = self.numbers;
        let mut g = f64::from(g.pick_min(limit));
        if decay != 0.0 {
            g += f64::from(decay) * f64::from(largest_w());
        }
        let coefficients: Coefficients<f64> = coefficients.map(f64::from);
        let bound = (self.rule.row().bound)(&coefficients, g, f64::from(carried));
        if shrink.abs() <= 1.0 { bound.excludes_overflow() } else { None }
    }
}

/// What makes a norm at most `limit`, as `torch.nn.utils.clip_grad_norm_`; 1 without a limit.
#[inline(never)]
fn scale_to(limit: f64, squares: &dyn Fn() -> f64) -> f64 {
    if limit > 0.0 { (limit / (sqrt64(squares()) + 1e-6)).min(1.0) } else { 1.0 }
}
