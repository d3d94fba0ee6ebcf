//! Elementwise chains: each step runs over one block of elements before the next, so that everything
//! between the inputs and the result stays in the first-level cache.

use ferrograd_kernels::activation;
use ferrograd_kernels::elementwise::{self, Scaled};

use super::Run;
use crate::field::Step;
use crate::memory::Segments;
use crate::op::{CHAIN_BLOCK as BLOCK, MAX_REGISTERS, Map, MapInput, MapStep};
use crate::share::Span;

/// The registers of one worker.
type Registers = [[f32; BLOCK]];

/// Computes this worker's elements of a chain's result.
pub fn map(map: &Map, run: &mut Run) {
    let share = run.part;
    let registers = run.scratch.as_chunks_mut().0;
    let whole = |input: MapInput| input.inner().0 == 1 && input.len() == map.n();
    let direct = map.steps().len() == 1 && map.inputs().iter().all(whole);
    // Blocks of whole periods of what repeats, which then stays in its register.
    let repeats =
        |input: &MapInput| input.inner().0 == 1 && (2..=BLOCK).contains(&input.len().get());
    let period = map.inputs().iter().find(repeats).map_or(1, |input| input.len().get());
    let block = if direct { share.len().max(1) } else { BLOCK / period * period };
    let mut start = share.start;
    while start < share.end {
        let end = share.end.min(start + block);
        let kept = if start == share.start { 0 } else { block };
        run_block(map, Span::new(start, end), kept, &run.segments, registers);
        start = end;
    }
}

/// Registers are there, written before they are read, and inputs are not empty.
pub fn is_valid(op: &Map) -> bool {
    let inputs = op.inputs().len();
    if op.steps().is_empty() || inputs == 0 || inputs + op.steps().len() > MAX_REGISTERS {
        return false;
    }
    if op.inputs().iter().any(|input| input.inner().0 == 0 || input.len().0 == 0) && op.n().0 > 0 {
        return false;
    }
    for (done, step) in op.steps().iter().enumerate() {
        let known = inputs + done;
        if step.a() as usize >= known || (step.step().is_binary() && step.b() as usize >= known) {
            return false;
        }
    }
    true
}

/// Where elements `at` of the result find the input's, if those lie in one piece.
fn piece(input: &MapInput, at: Span) -> Option<Span> {
    let len = input.len().get();
    let start = if at.start < len { at.start } else { at.start % len };
    let end = start + at.len();
    (input.inner().0 == 1 && end <= len).then(|| Span::new(start, end))
}

/// One block; registers have what a first one of `kept` elements left.
fn run_block(map: &Map, at: Span, kept: usize, segments: &Segments, registers: &mut Registers) {
    let n = at.len();
    for (input, register) in map.inputs().iter().zip(registers.iter_mut()) {
        // A scalar, and what repeats in step with the blocks, stays in its register: the first block is the longest.
        let (inner, len) = (input.inner().get(), input.len().get());
        let stays =
            kept > 0 && (len == 1 || (inner == 1 && len <= kept && kept.is_multiple_of(len)));
        if !stays && piece(&input, at).is_none() {
            fill(&input, at, segments, &mut register[..n]);
        }
    }
    let last = map.steps().len() - 1;
    for (index, step) in map.steps().iter().enumerate() {
        let (known, rest) = registers.split_at_mut(map.inputs().len() + index);
        let source = |register: u32| {
            let input = map.inputs().get(register as usize);
            match input.and_then(|input| Some((input.x(), piece(&input, at)?))) {
                Some((x, span)) => segments.view(x, span),
                None => &known[register as usize][..n],
            }
        };
        let a = source(step.a());
        let b = if step.step().is_binary() { source(step.b()) } else { a };
        let y = if index == last { segments.view_mut(map.y(), at) } else { &mut rest[0][..n] };
        run_step(&step, a, b, y);
    }
}

fn run_step(step: &MapStep, a: &[f32], b: &[f32], y: &mut [f32]) {
    let params = [step.p0(), step.p1()];
    let scaled = Scaled { scale: step.p0(), shift: step.p1() };
    match step.step() {
        Step::Unary(op) => elementwise::unary(op, a, y),
        Step::Binary(op) => elementwise::binary(op, scaled, a, b, y),
        Step::Affine => elementwise::affine(scaled, a, y),
        Step::Activation(row) => activation::forward(row, params, a, y),
        Step::ActivationGradient(row) => {
            activation::backward(row, params, a, b, y);
        }
    }
}

/// Writes the broadcast input's elements `at` of the result: x[(i / inner) mod len].
fn fill(input: &MapInput, at: Span, segments: &Segments, out: &mut [f32]) {
    let (inner, len) = (input.inner().get(), input.len().get());
    let x: &[f32] = segments.view(input.x(), Span::first(len));
    if len == 1 {
        elementwise::splat(x[0], out);
        return;
    }
    let (mut i, mut out) = (at.start, out);
    while !out.is_empty() {
        let from = i / inner % len;
        let run = out.len().min(if inner == 1 { len - from } else { inner - i % inner });
        let (head, tail) = out.split_at_mut(run);
        if inner == 1 {
            head.copy_from_slice(&x[from..from + run])
        } else {
            elementwise::splat(x[from], head)
        }
        (out, i) = (tail, i + run);
    }
}
