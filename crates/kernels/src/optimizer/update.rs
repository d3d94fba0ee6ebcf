//! One step of a rule: clipping and weight decay, then the rule's loop.

use super::{Coefficients, Hyper, Loop, MAX_SLOTS, Rule};
use crate::lane::{F32x4, Lane, sqrt64};
use crate::vector::{self, padded};

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

    /// What the formula takes, if it sees the gradients as they are.
    pub fn plain(&self) -> Option<Coefficients<f32>> {
        let clips = self.clip_norm > 0.0 || self.global_clip_norm > 0.0;
        let plain = self.sees_gradients() && !clips;
        plain.then(|| self.coefficients.map(|x| x.to_array()[0]))
    }

    /// Are they neither clipped by value nor decayed?
    fn sees_gradients(&self) -> bool {
        self.limit == f32::INFINITY && self.decay == 0.0 && self.shrink == 1.0
    }

    /// Changes w and its slots by the gradient g, times `scale`.
    pub fn run(&self, scale: f64, w: &mut [f32], slots: &mut [&mut [f32]; MAX_SLOTS], g: &[f32]) {
        if self.sees_gradients() && scale == 1.0 {
            return self.step(w, slots, g);
        }
        let mut buffer = [0.0; BLOCK];
        let mut slots = slots.each_mut().map(|slot| slot.chunks_mut(BLOCK));
        let [limit, scale, decay, shrink] =
            [self.limit, scale as f32, self.decay, self.shrink].map(F32x4::splat);
        for (w, g) in w.chunks_mut(BLOCK).zip(g.chunks(BLOCK)) {
            let Some(seen) = buffer.get_mut(..g.len()) else { return };
            vector::map2(w, g, seen, |w, g| {
                let clipped = g.pick_min(limit).pick_max(-limit);
                clipped * scale + decay * w
            });
            vector::map_in_place(w, |w| w * shrink);
            let mut slots = slots.each_mut().map(|blocks| blocks.next().unwrap_or_default());
            self.step(w, &mut slots, seen);
        }
    }

    fn step(&self, w: &mut [f32], [a, b, c]: &mut [&mut [f32]; MAX_SLOTS], g: &[f32]) {
        let (w, w_tail) = w.as_chunks_mut();
        let (g, g_tail) = g.as_chunks();
        let (a, a_tail) = a.as_chunks_mut();
        let (b, b_tail) = b.as_chunks_mut();
        let (c, c_tail) = c.as_chunks_mut();
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
