//! Random numbers.

use ferrograd_kernels::random::{self, Stream};

use super::Run;
use crate::field::Operand;
use crate::memory::Segments;
use crate::op::{Dropout, Random};
use crate::share::Span;

fn stream(seed: [u32; 2], stream: u32, step: Operand, segments: &Segments) -> Stream {
    Stream { seed, stream, step: segments.view::<u32>(step, Span::first(1))[0] }
}

pub fn random(op: &Random, run: &mut Run) {
    let at = run.part;
    let stream = stream([op.seed_low(), op.seed_high()], op.stream(), op.step(), &run.segments);
    let y = run.segments.view_mut(op.y(), at);
    random::random(op.distribution(), [op.p0(), op.p1()], &stream, at.start, y);
}

pub fn dropout(op: &Dropout, run: &mut Run) {
    let at = run.part;
    let stream = stream([op.seed_low(), op.seed_high()], op.stream(), op.step(), &run.segments);
    let (x, y) = (run.segments.view(op.x(), at), run.segments.view_mut(op.y(), at));
    random::dropout(op.rate(), &stream, at.start, x, y);
}
