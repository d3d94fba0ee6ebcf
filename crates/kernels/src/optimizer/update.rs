//! One step of a rule: clipping and weight decay, then the rule's loop.

use super::{Coefficients, Loop, MAX_SLOTS, Rule};
use crate::lane::{F32x4, Lane};
use crate::vector::{self, padded};

/// Elements whose gradient is clipped and decayed at a time.
const BLOCK: usize = 256;

/// What a step takes: the coefficients; then gradients beyond `limit` are clipped, `decay` times w is
/// added to them, w is multiplied by `shrink` first; 1 where none of this changes anything, nor a norm;
/// and how large the carried slot is after the step, at most.
pub type Numbers = [f32; NUMBERS];
pub const NUMBERS: usize = 12;

/// One step of a rule, from its numbers.
pub struct Update {
    step: Loop,
    coefficients: Coefficients<F32x4>,
    limit: f32,
    decay: f32,
    shrink: f32,
    pub is_plain: bool,
    pub reach: f32,
}

impl Update {
    pub fn new(rule: Rule, numbers: &Numbers) -> Update {
        let &[ref coefficients @ .., limit, decay, shrink, plain, reach] = numbers;
        let coefficients = coefficients.map(F32x4::splat);
        Update {
            step: rule.row().step,
            coefficients,
            limit,
            decay,
            shrink,
            is_plain: plain != 0.0,
            reach,
        }
    }

    /// Changes w and its slots by the gradient g, times `scale`.
    pub fn run(&self, scale: f32, w: &mut [f32], slots: &mut [&mut [f32]; MAX_SLOTS], g: &[f32]) {
        let as_it_is = self.limit == f32::MAX && self.decay == 0.0 && self.shrink == 1.0;
        if as_it_is && scale == 1.0 {
            return self.step(w, slots, g);
        }
        let mut buffer = [0.0; BLOCK];
        let mut slots = slots.each_mut().map(|slot| slot.chunks_mut(BLOCK));
        let [limit, scale, decay, shrink] =
            [self.limit, scale, self.decay, self.shrink].map(F32x4::splat);
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
