//! The end of a training step: the guard, then updates that it lets through.

use ferrograd_kernels::lane::Lane;
use ferrograd_kernels::optimizer::{self, MAX_SLOTS, NUMBERS, Prepared};
use ferrograd_kernels::peak;
use ferrograd_kernels::sum::sum_of_squares;

use super::Run;
use crate::field::Operand;
use crate::memory::Segments;
use crate::op::{Guard, Increment, PrepareRange, PrepareUpdate, Update};
use crate::share::Span;
use crate::status::Fault;

/// Elements that are tried at a time.
const BLOCK: usize = 256;

#[inline(always)]
fn floats<'a>(segments: &Segments<'a>, operand: Operand, at: Span) -> &'a [f32] {
    segments.view(operand, at)
}

#[inline(always)]
fn floats_mut<'a>(segments: &Segments<'a>, operand: Operand, at: Span) -> &'a mut [f32] {
    segments.view_mut(operand, at)
}

pub fn guard(op: &Guard, run: &mut Run) -> Result<(), Fault> {
    let (share, segments) = (run.share, &run.segments);
    let mut largest = 0.0f32;
    if share.worker == 0 {
        for (operand, range) in op.ranges().iter().enumerate() {
            let x = floats(segments, range.x(), Span::first(range.len().get()));
            let own = peak::peak(x);
            if !own.is_finite() {
                return Err(non_finite(operand, x));
            }
            largest = largest.pick_max(own);
        }
        floats_mut(segments, op.peak(), Span::first(4)).fill(largest);
    }
    Ok(())
}

#[inline(never)]
fn non_finite(operand: usize, x: &[f32]) -> Fault {
    let element = peak::first_non_finite(x).unwrap_or_default();
    Fault::NonFinite { operand, element, value: x[element] }
}

pub fn prepare(op: &PrepareUpdate, run: &mut Run) -> Result<(), Fault> {
    let (share, segments) = (run.share, &run.segments);
    let hyper: &[f64] = segments.view(op.hyper(), Span::first(optimizer::HYPER));
    let done = segments.view::<u32>(op.step(), Span::first(1))[0];
    let (0, Some(hyper)) = (share.worker, hyper.first_chunk()) else { return Ok(()) };
    let mut prepared = Prepared::new(op.rule(), op.decoupled(), hyper, done.saturating_add(1));
    let mut g = 0.0;
    for &lane in floats(segments, op.peak(), Span::first(4)) {
        g = lane.pick_max(g);
    }
    let mut carried = 0.0;
    for range in op.ranges().iter().filter(|range| range.slots().get() > 0) {
        for &reach in floats(segments, range.reach(), Span::first(1)) {
            carried = reach.pick_max(carried);
        }
    }
    let w = || {
        let own = |range: PrepareRange| {
            peak::peak(floats(segments, range.w(), Span::first(range.len().get())))
        };
        op.ranges().iter().map(own).fold(0.0, Lane::pick_max)
    };
    if !prepared.is_plain() {
        scale(op, &prepared, segments);
    }
    let after = match prepared.bound(g, carried, &w) {
        Some(after) => after,
        None => dry(op, &prepared, segments)?,
    };
    prepared.set_reach(after);
    let numbers = floats_mut(segments, op.numbers(), Span::first(NUMBERS));
    // A loop: copying is a call of its own, which takes longer.
    for (to, &number) in numbers.iter_mut().zip(&prepared.numbers) {
        *to = number;
    }
    Ok(())
}

/// What gradients are multiplied by, so that their norms are as wanted.
#[inline(never)]
fn scale(op: &PrepareUpdate, prepared: &Prepared, segments: &Segments) {
    let squares = |range: &PrepareRange| {
        sum_of_squares(floats(segments, range.g(), Span::first(range.len().get())))
    };
    let global = prepared.global_scale(&|| op.ranges().iter().map(|range| squares(&range)).sum());
    for range in op.ranges().iter() {
        let scale = global * prepared.scale(&|| squares(&range));
        floats_mut(segments, range.scale(), Span::first(1)).fill(scale as f32);
    }
}

/// As the step takes it.
fn scale_of(is_plain: bool, scale: Operand, segments: &Segments) -> f32 {
    if is_plain { 1.0 } else { floats(segments, scale, Span::first(1)).iter().product() }
}

/// What cannot be excluded is tried: how large the carried slot is after the step, or what overflows.
#[inline(never)]
fn dry(op: &PrepareUpdate, prepared: &Prepared, segments: &Segments) -> Result<f32, Fault> {
    let update = optimizer::Update::new(op.rule(), &prepared.numbers);
    let mut carried = 0.0f32;
    let mut buffer = [0.0; (1 + MAX_SLOTS) * BLOCK];
    for (index, range) in op.ranges().iter().enumerate() {
        let (len, slots) = (range.len().get(), range.slots().get());
        let scale = scale_of(prepared.is_plain(), range.scale(), segments);
        for start in (0..len).step_by(BLOCK) {
            let at = Span::new(start, len.min(start + BLOCK));
            // w, then the slots
            let mut new = buffer.chunks_exact_mut(at.len());
            for (which, new) in new.by_ref().take(1 + slots).enumerate() {
                let old = match which {
                    0 => floats(segments, range.w(), at),
                    _ => floats(segments, range.state(), at.after((which - 1) * len)),
                };
                new.copy_from_slice(old);
            }
            let mut new = buffer.chunks_exact_mut(at.len());
            let mut next = || new.next().unwrap_or_default();
            let g = floats(segments, range.g(), at);
            update.run(scale, next(), &mut [next(), next(), next()], g);
            for (which, new) in buffer.chunks_exact(at.len()).take(1 + slots).enumerate() {
                let largest = peak::peak(new);
                if !largest.is_finite() {
                    let element = peak::first_non_finite(new).unwrap_or_default();
                    let (operand, value) = ((1 + MAX_SLOTS) * index + which, g[element]);
                    return Err(Fault::Overflow { operand, element: start + element, value });
                }
                if which == 1 + op.rule().row().carried {
                    carried = carried.pick_max(largest);
                }
            }
        }
    }
    Ok(carried)
}

pub fn update(op: &Update, run: &mut Run) {
    let (share, segments) = (run.share, &run.segments);
    let numbers = floats(segments, op.numbers(), Span::first(NUMBERS));
    let Some(numbers) = numbers.first_chunk::<NUMBERS>() else { return };
    let update = optimizer::Update::new(op.rule(), numbers);
    for range in op.ranges().iter() {
        let at = share.elements(range.len());
        // (slots, len)
        let mut slots: [&mut [f32]; MAX_SLOTS] = Default::default();
        for (index, slot) in slots.iter_mut().take(range.slots().get()).enumerate() {
            *slot = floats_mut(segments, range.state(), at.after(index * range.len().get()));
        }
        let (w, g) = (floats_mut(segments, range.w(), at), floats(segments, range.g(), at));
        update.run(scale_of(update.is_plain, range.scale(), segments), w, &mut slots, g);
        if range.slots().get() > 0 {
            floats_mut(segments, range.reach(), share.first(1)).fill(update.reach);
        }
    }
}

pub fn increment(op: &Increment, run: &mut Run) {
    for counter in op.counters().iter() {
        for word in run.segments.view_mut::<u32>(counter.word(), run.share.first(1)) {
            *word = word.saturating_add(1);
        }
    }
}
