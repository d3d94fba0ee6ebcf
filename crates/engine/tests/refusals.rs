//! What the verifier refuses, one reason at a time.

mod common;

use common::{op, program};
use ferrograd_engine::op::TABLE;
use ferrograd_engine::{Kind, LoadError, Program, Refused};

const STATE: u32 = 0;
const CONSTANT: u32 = 1;
const INPUT: u32 = 2;
const OUTPUT: u32 = 3;
const SCRATCH: u32 = 4;
const SEGMENTS: [(Kind, u32); 5] = [
    (Kind::State, 16),
    (Kind::Constant, 24),
    (Kind::Input, 16),
    (Kind::Output, 16),
    (Kind::Scratch, 16),
];

fn copy(n: u32, x: [u32; 2], y: [u32; 2]) -> Vec<u32> {
    op("Copy", &[&[n], &x[..], &y].concat())
}

/// Why it is refused, and at which op.
type Refusal = Option<(LoadError, usize)>;

fn refusal_of(words: &[u32]) -> Refusal {
    Program::load(words).err().map(|Refused { why, op }| (why, op))
}

fn error_of(compute: &[Vec<u32>], commit: &[Vec<u32>]) -> Refusal {
    refusal_of(&program(&SEGMENTS, compute, commit))
}

#[test]
fn a_program_that_ends_early_at_any_word_is_refused() {
    let words = program(
        &SEGMENTS,
        &[op("Map", &[4, OUTPUT, 0, 1, 1, 4, INPUT, 0, 1, 0, 0, 0, 0, 0])],
        &[copy(4, [OUTPUT, 0], [STATE, 0])],
    );
    assert!(Program::load(&words).is_ok());
    for len in 0..words.len() {
        let refused = refusal_of(&words[..len]).map(|(why, _)| why);
        assert_eq!(refused, Some(LoadError::Truncated), "{len} words");
    }
    assert_eq!(refusal_of(&[words, vec![0]].concat()), Some((LoadError::TrailingWords, 2)));
}

#[test]
fn counts_beyond_the_program_are_refused() {
    for at in [0, 11, 12] {
        let mut words = program(&SEGMENTS, &[copy(1, [INPUT, 0], [OUTPUT, 0])], &[]);
        words[at] = u32::MAX;
        let expected = if at == 12 { LoadError::BadField } else { LoadError::Truncated };
        assert_eq!(refusal_of(&words), Some((expected, 0)), "word {at}");
    }
    let inputs = op("Map", &[4, OUTPUT, 0, u32::MAX, 1, 4, INPUT, 0]);
    assert_eq!(error_of(&[inputs], &[]), Some((LoadError::Truncated, 0)));
}

#[test]
fn unknown_ops_and_fields_are_refused() {
    let code = TABLE.len() as u32;
    assert_eq!(error_of(&[vec![code]], &[]), Some((LoadError::UnknownOp, 0)));
    let matmul = |flag, row| {
        let fields = [1, 1, 1, 1, 1, 1, flag, 0, 0, row, 0, 0];
        op("Matmul", &[&fields[..], &[INPUT, 0, INPUT, 0, INPUT, 0, OUTPUT, 0]].concat())
    };
    assert_eq!(error_of(&[matmul(1, 0)], &[]), None);
    assert_eq!(error_of(&[matmul(2, 0)], &[]), Some((LoadError::BadField, 0)));
    assert_eq!(error_of(&[matmul(0, 999)], &[]), Some((LoadError::BadField, 0)));
    let batched = |own| {
        op(
            "Matmul",
            &[2, own, 1, 1, 1, 1, 0, 0, 0, 0, 0, 0, INPUT, 0, INPUT, 0, INPUT, 0, OUTPUT, 0],
        )
    };
    assert_eq!([1, 2].map(|own| error_of(&[batched(own)], &[])), [None, None]);
    assert_eq!(error_of(&[batched(3)], &[]), Some((LoadError::BadDims, 0)));
    let step = op("Map", &[4, OUTPUT, 0, 1, 1, 4, INPUT, 0, 1, 9 << 16, 0, 0, 0, 0]);
    assert_eq!(error_of(&[step], &[]), Some((LoadError::BadField, 0)));
}

#[test]
fn bad_segments_are_refused() {
    let two = [(Kind::Scratch, 1), (Kind::Scratch, 1)];
    assert_eq!(refusal_of(&program(&two, &[], &[])), Some((LoadError::BadSegment, 0)));
    assert_eq!(refusal_of(&[1, 5, 0, 0, 0]), Some((LoadError::BadSegment, 0)));
}

#[test]
fn operands_outside_their_segment_are_refused() {
    let outside = Some((LoadError::OutOfRange, 0));
    assert_eq!(error_of(&[copy(16, [INPUT, 0], [OUTPUT, 0])], &[]), None);
    assert_eq!(error_of(&[copy(16, [INPUT, 1], [OUTPUT, 0])], &[]), outside);
    assert_eq!(error_of(&[copy(17, [INPUT, 0], [OUTPUT, 0])], &[]), outside);
    assert_eq!(error_of(&[copy(1, [5, 0], [OUTPUT, 0])], &[]), outside);
    assert_eq!(error_of(&[copy(u32::MAX, [INPUT, u32::MAX], [OUTPUT, 0])], &[]), outside);
    // 2^96 elements do not wrap around to none.
    let huge = u32::MAX - 1;
    let sum = op("Reduce", &[0, huge, huge, huge, INPUT, 0, SCRATCH, 0, OUTPUT, 0]);
    assert_eq!(error_of(&[sum], &[]), outside);
}

#[test]
fn odd_offsets_of_doubles_are_refused() {
    let sgd = |offset| {
        let body = [0, 0, CONSTANT, offset, INPUT, 0, INPUT, 0, SCRATCH, 0, 1];
        let range = [0, 1, STATE, 0, STATE, 0, STATE, 0, INPUT, 0, SCRATCH, 12];
        op("PrepareUpdate", &[&body[..], &range].concat())
    };
    assert_eq!(error_of(&[sgd(2)], &[]), None);
    assert_eq!(error_of(&[sgd(1)], &[]), Some((LoadError::Misaligned, 0)));
}

#[test]
fn each_phase_writes_its_own_segments_only() {
    for (segment, compute, commit) in [
        (STATE, false, true),
        (CONSTANT, false, false),
        (INPUT, false, false),
        (OUTPUT, true, false),
        (SCRATCH, true, false),
    ] {
        let refused = |ok: bool| (!ok).then_some((LoadError::NotWritable, 0));
        let write = || [copy(2, [INPUT, 0], [segment, 4])];
        assert_eq!(error_of(&write(), &[]), refused(compute), "compute, segment {segment}");
        assert_eq!(error_of(&[], &write()), refused(commit), "commit, segment {segment}");
    }
}

#[test]
fn reads_before_the_write_are_refused() {
    let early = |op| Some((LoadError::ReadBeforeWrite, op));
    for segment in [SCRATCH, OUTPUT] {
        let write = |n, at| copy(n, [INPUT, 0], [segment, at]);
        let read = || copy(8, [segment, 4], [7 - segment, 0]);
        assert_eq!(error_of(&[read()], &[]), early(0));
        assert_eq!(error_of(&[write(4, 4), read()], &[]), early(1));
        assert_eq!(error_of(&[write(4, 4), write(3, 8), read()], &[]), early(2));
        assert_eq!(error_of(&[write(4, 8), write(4, 4), read()], &[]), None);
        assert_eq!(error_of(&[write(4, 4), write(2, 10), write(2, 8), read()], &[]), None);
        assert_eq!(error_of(&[write(16, 0), read()], &[]), None);
    }
}

#[test]
fn an_output_that_overlaps_another_operand_is_refused() {
    let filled = copy(16, [INPUT, 0], [SCRATCH, 0]);
    let overlap = Some((LoadError::Overlap, 1));
    for (offset, expected) in [(0, overlap), (3, overlap), (4, None), (12, None)] {
        let shifted = copy(4, [SCRATCH, 0], [SCRATCH, offset]);
        assert_eq!(error_of(&[filled.clone(), shifted], &[]), expected, "offset {offset}");
    }
    // Two outputs: the losses among the probabilities.
    let two = op("CrossEntropyRows", &[2, 4, INPUT, 0, INPUT, 8, SCRATCH, 7, SCRATCH, 0]);
    assert_eq!(error_of(&[filled, two], &[]), overlap);
    // Inputs may overlap.
    let twice = op("CrossEntropyRows", &[2, 4, INPUT, 0, INPUT, 0, SCRATCH, 8, SCRATCH, 0]);
    assert_eq!(error_of(&[twice], &[]), None);
}

#[test]
fn state_is_written_once_and_not_read_afterwards() {
    let write = |at| copy(4, [INPUT, 0], [STATE, at]);
    let twice = Some((LoadError::WrittenTwice, 1));
    assert_eq!(error_of(&[], &[write(0), write(4)]), None);
    assert_eq!(error_of(&[], &[write(0), write(3)]), twice);
    let read = |at| copy(1, [STATE, at], [STATE, 12]);
    assert_eq!(error_of(&[], &[write(0), read(4)]), None);
    assert_eq!(error_of(&[], &[write(0), read(3)]), twice);
}

#[test]
fn an_op_that_can_fail_is_refused_in_the_commit_phase() {
    let gather = |to| op("Gather", &[2, 1, 2, CONSTANT, 0, INPUT, 0, to, 0]);
    assert_eq!(error_of(&[gather(OUTPUT)], &[]), None);
    assert_eq!(error_of(&[], &[gather(STATE)]), Some((LoadError::MayFail, 0)));
}

#[test]
fn dims_that_contradict_each_other_are_refused() {
    let map =
        |inputs: &[u32], steps: &[u32]| op("Map", &[&[4, OUTPUT, 0][..], inputs, steps].concat());
    let one = [1, 1, 4, INPUT, 0];
    let refused = Some((LoadError::BadDims, 0));
    assert_eq!(error_of(&[map(&one, &[1, 0, 0, 0, 0, 0])], &[]), None);
    assert_eq!(error_of(&[map(&one, &[0])], &[]), refused);
    assert_eq!(error_of(&[map(&one, &[1, 0, 1, 0, 0, 0])], &[]), refused);
    let empty = map(&[1, 1, 0, INPUT, 0], &[1, 0, 0, 0, 0, 0]);
    assert_eq!(error_of(&[empty], &[]), refused);
    let strided = |len, n, dims: &[u32]| {
        op("StridedCopy", &[&[len, 0, n, INPUT, 0, OUTPUT, 0], dims].concat())
    };
    assert_eq!(error_of(&[strided(6, 6, &[2, 2, 1, 3, 2])], &[]), None);
    assert_eq!(error_of(&[strided(5, 6, &[2, 2, 1, 3, 2])], &[]), refused);
    assert_eq!(error_of(&[strided(6, 5, &[2, 2, 1, 3, 2])], &[]), refused);
    let nine = [&[9][..], &[1, 0].repeat(9)].concat();
    assert_eq!(error_of(&[strided(1, 1, &nine)], &[]), refused);
    let softmax = op("Softmax", &[4, 0, INPUT, 0, OUTPUT, 0]);
    assert_eq!(error_of(&[softmax], &[]), refused);
}

#[test]
fn every_refusal_names_its_op() {
    let good = copy(1, [INPUT, 0], [OUTPUT, 0]);
    let bad = copy(17, [INPUT, 0], [OUTPUT, 0]);
    assert_eq!(error_of(&[good.clone(), good, bad], &[]), Some((LoadError::OutOfRange, 2)));
    assert_eq!(LoadError::OutOfRange.text(), "operand outside its segment");
}
