//! Hand-written programs: a training step, op by op too, and what stops one.

mod common;

use common::{Rng, bits, op, program, read, start, write};
use ferrograd_engine::{Engine, Fault, Handle, Kind};

const ROWS: u32 = 4;
const WIDTH: u32 = 3;
const CLASSES: u32 = 2;

/// Ops of the training step, the update and the counter last.
const OPS: usize = 8;

// Segments of the training step.
const WEIGHTS: u32 = 0; // (WIDTH, CLASSES)
const HYPER: u32 = 1; // the rate, f64
const X: u32 = 2; // (ROWS, WIDTH)
const LABELS: u32 = 3; // (ROWS)
const DLOSS: u32 = 4; // (ROWS), 1 / ROWS each
const LOSS: u32 = 5; // (ROWS)
const SCRATCH: u32 = 6;
const LOGITS: u32 = 0;
const PROBS: u32 = 16;
const DLOGITS: u32 = 32;
const DWEIGHTS: u32 = 48;
const PEAK: u32 = 64;
const NUMBERS: u32 = 80;

/// matmul -> cross-entropy -> backward -> guard -> SGD made ready, and SGD as the commit.
fn training_step() -> Vec<u32> {
    let (m, n, k) = (ROWS, CLASSES, WIDTH);
    let linear = [0, 0, 0];
    let range =
        [0, k * n, WEIGHTS, 0, WEIGHTS, 0, WEIGHTS, 0, SCRATCH, DWEIGHTS, SCRATCH, NUMBERS + 12];
    let segments = [
        (Kind::State, k * n),
        (Kind::State, 19),
        (Kind::Input, m * k),
        (Kind::Input, m),
        (Kind::Constant, m),
        (Kind::Output, m),
        (Kind::Scratch, 96),
    ];
    let forward = [
        &[1, 1, 1, m, n, k, 0, 0, 0][..],
        &linear,
        &[X, 0, WEIGHTS, 0, WEIGHTS, 0, SCRATCH, LOGITS],
    ];
    let backward = [
        &[1, 1, 1, k, n, m, 1, 0, 0][..],
        &linear,
        &[X, 0, SCRATCH, DLOGITS, X, 0, SCRATCH, DWEIGHTS],
    ];
    let compute = [
        op("Matmul", &forward.concat()),
        op("CrossEntropyLabels", &[m, n, SCRATCH, LOGITS, LABELS, 0, LOSS, 0, SCRATCH, PROBS]),
        op(
            "CrossEntropyLabelsBackward",
            &[m, n, SCRATCH, PROBS, LABELS, 0, DLOSS, 0, SCRATCH, DLOGITS],
        ),
        op("Matmul", &backward.concat()),
        op("Guard", &[SCRATCH, PEAK, 3, m, LOSS, 0, k * n, SCRATCH, DWEIGHTS, 1, HYPER, 18]),
        op(
            "PrepareUpdate",
            &[&[0, 0, HYPER, 0, HYPER, 18, SCRATCH, PEAK, SCRATCH, NUMBERS, 1][..], &range]
                .concat(),
        ),
    ];
    let commit = [
        op("Update", &[&[0, SCRATCH, NUMBERS, 1][..], &range].concat()),
        op("Increment", &[1, HYPER, 18]),
    ];
    program(&segments, &compute, &commit)
}

struct Step {
    engine: Engine,
    id: usize,
    handles: Vec<Handle>,
}

fn step() -> Step {
    let mut engine = Engine::default();
    let (id, handles) = start(&mut engine, &training_step());
    let rng = &mut Rng(1);
    let mut floats = |n: u32| (0..n).map(|_| rng.float()).collect::<Vec<_>>();
    write(&mut engine, handles[WEIGHTS as usize], &floats(WIDTH * CLASSES));
    write(&mut engine, handles[X as usize], &floats(ROWS * WIDTH));
    write(&mut engine, handles[DLOSS as usize], &[1.0 / ROWS as f32; ROWS as usize]);
    let rate = 0.5f64.to_bits();
    let words = engine.words_mut(handles[HYPER as usize]).unwrap();
    words[..2].copy_from_slice(&[rate as u32, (rate >> 32) as u32]);
    engine.words_mut(handles[LABELS as usize]).unwrap().copy_from_slice(&[0, 1, 1, 0]);
    Step { engine, id, handles }
}

impl Step {
    fn read(&mut self, segment: u32) -> Vec<f32> {
        read(&mut self.engine, self.handles[segment as usize])
    }

    fn words(&mut self, segment: u32) -> &mut [u32] {
        self.engine.words_mut(self.handles[segment as usize]).unwrap()
    }
}

fn assert_close(found: &[f32], expected: &[f64]) {
    assert_eq!(found.len(), expected.len());
    for (&a, &b) in found.iter().zip(expected) {
        assert!((f64::from(a) - b).abs() <= 1e-6 * b.abs().max(1.0), "{a} {b}");
    }
}

/// The losses and the weights after one step, in f64.
fn reference(x: &[f32], w: &[f32], labels: &[u32]) -> (Vec<f64>, Vec<f64>) {
    let (n, k) = (CLASSES as usize, WIDTH as usize);
    let mut after: Vec<f64> = w.iter().map(|&w| w.into()).collect();
    let mut losses = Vec::new();
    for (x, &label) in x.chunks(k).zip(labels) {
        let logit = |j| (0..k).map(|p| f64::from(x[p]) * f64::from(w[p * n + j])).sum::<f64>();
        let sum: f64 = (0..n).map(|j| logit(j).exp()).sum();
        losses.push(sum.ln() - logit(label as usize));
        for j in 0..n {
            let slope = logit(j).exp() / sum - f64::from(u8::from(j == label as usize));
            (0..k)
                .for_each(|p| after[p * n + j] -= 0.5 * slope * f64::from(x[p]) / f64::from(ROWS));
        }
    }
    (losses, after)
}

#[test]
fn a_training_step_follows_the_formulas() {
    let mut step = step();
    for _ in 0..3 {
        let (x, w) = (step.read(X), step.read(WEIGHTS));
        let (losses, after) = reference(&x, &w, &[0, 1, 1, 0]);
        assert_eq!(step.engine.run(step.id), Ok(()));
        assert_close(&step.read(LOSS), &losses);
        assert_close(&step.read(WEIGHTS), &after);
    }
}

#[test]
fn op_by_op_gives_the_bits_of_a_run() {
    let (mut whole, mut single) = (step(), step());
    assert!(single.engine.bases(single.id).is_some_and(|address| address > 0));
    for _ in 0..3 {
        assert_eq!(whole.engine.run(whole.id), Ok(()));
        for op in 0..OPS {
            assert_eq!(single.engine.perform(single.id, op), Ok(()));
        }
        assert_eq!(whole.words(WEIGHTS), single.words(WEIGHTS));
    }
    let nothing = Err((OPS, Fault::Unbound { segment: 0 }));
    assert_eq!(single.engine.perform(single.id, OPS), nothing);
    assert_eq!(single.engine.perform(single.id + 1, 0).unwrap_err().0, 0);
}

#[test]
fn an_op_of_its_own_names_what_stops_it() {
    let mut step = step();
    step.words(LABELS)[2] = CLASSES;
    assert_eq!(step.engine.perform(step.id, 0), Ok(()));
    let bad = Fault::BadIndex { element: 2, value: CLASSES as i32 };
    assert_eq!(step.engine.perform(step.id, 1), Err((1, bad)));
}

#[test]
fn an_update_that_would_overflow_stops_before_the_commit() {
    for rate in [1e39, f64::INFINITY, f64::NAN] {
        let mut step = step();
        for (word, half) in [0, 1].into_iter().zip([0, 32]) {
            step.words(HYPER)[word] = (rate.to_bits() >> half) as u32;
        }
        let before = step.words(WEIGHTS).to_vec();
        let (op, fault) = step.engine.run(step.id).unwrap_err();
        assert!(matches!(fault, Fault::Overflow { operand: 0, .. }), "{rate} {fault:?}");
        assert_eq!((op, fault.status(op)[0]), (5, 4));
        assert_eq!(step.words(WEIGHTS), before);
    }
}

#[test]
fn a_counter_at_its_end_stops_before_the_commit() {
    let mut step = step();
    step.words(HYPER)[18] = 0x7f7f_ffff;
    assert_eq!(step.engine.run(step.id), Ok(()));
    let before = step.words(WEIGHTS).to_vec();
    let (op, fault) = step.engine.run(step.id).unwrap_err();
    let Fault::NonFinite { operand: 2, element: 0, value } = fault else { panic!("{fault:?}") };
    assert_eq!((op, value), (4, f32::INFINITY));
    assert_eq!(
        (step.words(HYPER)[18], step.words(WEIGHTS)),
        (0x7f80_0000, &mut before.clone()[..])
    );
}

#[test]
fn a_value_that_is_not_finite_stops_before_the_commit() {
    for bad in [f32::NAN, f32::INFINITY] {
        let mut step = step();
        step.words(X)[WIDTH as usize] = bad.to_bits();
        let before = step.words(WEIGHTS).to_vec();
        let (op, fault) = step.engine.run(step.id).unwrap_err();
        let Fault::NonFinite { operand: 0, element: 1, value } = fault else { panic!("{fault:?}") };
        assert!(op == 4 && value.is_nan());
        assert_eq!(fault.status(op), [2, 4, 0, 1, value.to_bits()]);
        assert_eq!(step.words(WEIGHTS), before);
    }
}

#[test]
fn the_trace_names_the_first_op_with_a_value_that_is_not_finite() {
    let mut step = step();
    let before = step.words(WEIGHTS).to_vec();
    assert_eq!(step.engine.trace(step.id), Ok(()));
    assert_eq!(step.words(WEIGHTS), before);
    step.words(WEIGHTS)[1] = bits(f32::INFINITY);
    let found = step.engine.trace(step.id).unwrap_err();
    assert!(
        matches!(found, (0, Fault::NonFinite { operand: 0, element: 1, value }) if value.is_infinite())
    );
}

#[test]
fn a_bad_label_is_named_and_leaves_the_state_as_it_was() {
    for (row, value) in [(0, -1), (2, CLASSES as i32), (3, i32::MAX)] {
        let mut step = step();
        step.words(LABELS)[row] = value as u32;
        let before = step.words(WEIGHTS).to_vec();
        for workers in [1, 2, 4] {
            let (op, fault) = step.engine.run_in_shares(step.id, workers).unwrap_err();
            assert_eq!((op, fault), (1, Fault::BadIndex { element: row, value }));
            assert_eq!(fault.status(op), [1, 1, 0, row as u32, value as u32]);
            assert_eq!(step.words(WEIGHTS), before);
        }
    }
}

#[test]
fn a_program_without_its_blocks_does_not_run() {
    let mut step = step();
    let unbound = |segment: u32| Err((0, Fault::Unbound { segment: segment as usize }));
    assert_eq!(step.engine.run(step.id), Ok(()));

    let old = step.handles[X as usize];
    assert!(step.engine.free(old) && !step.engine.free(old));
    assert_eq!(step.engine.run(step.id), unbound(X));
    assert_eq!(step.engine.bases(step.id), None);
    let short = step.engine.alloc((ROWS * WIDTH - 1) as usize).unwrap();
    assert!(step.engine.bind(step.id, X as usize, short));
    assert_eq!(step.engine.run(step.id), unbound(X));
    let new = step.engine.alloc((ROWS * WIDTH) as usize).unwrap();
    assert!(step.engine.bind(step.id, X as usize, new));
    assert_eq!(step.engine.run(step.id), Ok(()));

    // A block that is written belongs to one segment only.
    assert!(step.engine.bind(step.id, LOSS as usize, new));
    assert_eq!(step.engine.run(step.id), unbound(LOSS));
    assert!(step.engine.bind(step.id, LOSS as usize, step.handles[LOSS as usize]));
    assert_eq!(step.engine.run(step.id), Ok(()));

    assert!(!step.engine.bind(step.id, 99, new) && !step.engine.bind(99, 0, new));
    step.engine.unload(step.id);
    assert_eq!(step.engine.run(step.id), unbound(0));
}

#[test]
fn all_reads_see_the_state_before_the_step() {
    // Two variables change places.
    let words = program(
        &[(Kind::State, 1), (Kind::State, 1), (Kind::Scratch, 2)],
        &[op("Copy", &[1, 0, 0, 2, 0]), op("Copy", &[1, 1, 0, 2, 1])],
        &[op("Copy", &[1, 2, 1, 0, 0]), op("Copy", &[1, 2, 0, 1, 0])],
    );
    let mut engine = Engine::default();
    let (id, handles) = start(&mut engine, &words);
    write(&mut engine, handles[0], &[1.0]);
    write(&mut engine, handles[1], &[2.0]);
    assert_eq!(engine.run(id), Ok(()));
    assert_eq!(
        (read(&mut engine, handles[0]), read(&mut engine, handles[1])),
        (vec![2.0], vec![1.0])
    );
}
