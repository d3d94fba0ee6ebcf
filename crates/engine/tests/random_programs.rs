//! Programs at random, valid, mutated and senseless: none panics or touches what is not its own.

mod common;

use common::generate::valid;
use common::run::{Bench, Ran};
use common::{Rng, long, program};
use ferrograd_engine::op::TABLE;
use ferrograd_engine::{Engine, Program};

/// Names the seed of the program that was at work when the test panicked.
struct Seed(u64);

impl Drop for Seed {
    fn drop(&mut self) {
        if std::thread::panicking() {
            eprintln!("seed {}", self.0);
        }
    }
}

/// A valid program with some words changed, dropped or put in.
fn mutated(rng: &mut Rng) -> Vec<u32> {
    let mut words = valid(rng, None);
    for _ in 0..1 + rng.below(3) {
        let at = rng.below(words.len());
        match rng.below(8) {
            0 => words[at] = rng.word() as u32,
            1 => words[at] ^= 1 << rng.below(32),
            2 => words[at] = words[at].wrapping_add(1),
            3 => words[at] = words[at].wrapping_sub(1),
            4 => words[at] = words[rng.below(words.len())],
            5 => words[at] = rng.below(40) as u32,
            6 => words.truncate(at.max(1)),
            _ => words.insert(at, rng.below(10) as u32),
        }
    }
    words
}

/// A well-formed head and then anything.
fn senseless(rng: &mut Rng) -> Vec<u32> {
    let ops: Vec<_> = (0..1 + rng.below(3))
        .map(|_| {
            let mut words = vec![rng.below(TABLE.len() + 1) as u32];
            words.extend((0..rng.below(24)).map(|_| rng.below(9) as u32));
            words
        })
        .collect();
    program(&common::generate::KINDS.map(|kind| (kind, 64)), &ops, &[])
}

/// The number of programs that ran, to the end or to a fault in their data.
fn run_programs(seeds: std::ops::Range<u64>) -> usize {
    let mut engine = Engine::default();
    let baseline = engine.live_words();
    let mut ran = 0;
    for seed in seeds {
        let guard = Seed(seed);
        let rng = &mut Rng(seed);
        let words = match rng.below(100) {
            0..5 => senseless(rng),
            5..55 => mutated(rng),
            _ => valid(rng, None),
        };
        if let Some(mut bench) = Bench::new(&mut engine, &words, rng) {
            let result = bench.run(1);
            bench.check_canaries(&result);
            ran += 1;
        }
        assert_eq!((engine.live_words(), engine.scratch_words()), (baseline, 0));
        drop(guard);
    }
    ran
}

#[test]
fn no_program_panics_or_touches_what_is_not_its_own() {
    let programs = if long() { 1_000_000 } else { 30_000 };
    let half = |from, to| std::thread::spawn(move || run_programs(from..to));
    let halves = [half(0, programs / 2), half(programs / 2, programs)];
    let ran: usize = halves.into_iter().map(|half| half.join().expect("no panic")).sum();
    println!("{ran} of {programs} programs verified and ran");
    assert!(ran as u64 * 100 >= programs * 30, "{ran} of {programs} programs ran");
}

#[test]
fn the_generator_makes_valid_programs() {
    for seed in 0..if long() { 50_000 } else { 2_000 } {
        let words = valid(&mut Rng(seed), None);
        assert_eq!(Program::load(&words).err(), None, "seed {seed}");
    }
}

#[test]
fn every_op_gives_the_same_bits_in_any_number_of_shares() {
    let mut engine = Engine::default();
    for (code, spec) in TABLE.iter().enumerate() {
        let mut finished = 0;
        for case in 0..30 {
            let rng = &mut Rng(1_000_000 * code as u64 + case);
            let words = valid(rng, Some(code));
            let mut bench = Bench::new(&mut engine, &words, rng).expect("a valid program");
            assert_eq!(bench.program.ops().len(), 1);
            let whole = bench.run(1);
            finished += usize::from(whole.end.is_ok());
            for workers in 2..=16 {
                let shares = bench.run(workers);
                bench.check_canaries(&shares);
                assert_eq!(whole.end, shares.end, "{} in {workers} shares", spec.name);
                let same = whole.end.is_err() || whole.blocks == shares.blocks;
                assert!(same, "{} in {workers} shares: other bits, case {case}", spec.name);
            }
        }
        assert!(finished >= 5, "{}: only {finished} of 30 programs ran to the end", spec.name);
        assert!(finished == 30 || spec.can_fail, "{}: failed, and its row runs", spec.name);
    }
}

#[test]
fn whole_programs_give_the_same_bits_in_any_number_of_shares_and_op_by_op() {
    let mut engine = Engine::default();
    let programs = if long() { 6_000 } else { 200 };
    let mut finished = 0;
    for seed in 0..programs {
        let _named = Seed(seed);
        let rng = &mut Rng(seed);
        let words = valid(rng, None);
        let mut bench = Bench::new(&mut engine, &words, rng).expect("a valid program");
        let whole = bench.run(1);
        finished += usize::from(whole.end.is_ok());
        for workers in 2..=17 {
            let other = if workers <= 16 { bench.run(workers) } else { bench.run_op_by_op() };
            bench.check_canaries(&other);
            let status = |ran: &Ran| ran.end.map_err(|(op, fault)| fault.status(op));
            assert_eq!(status(&whole), status(&other), "{workers} shares, 17: op by op");
            // What a run that failed left in outputs and scratch is anyone's.
            let same = whole.end.is_err() || whole.blocks == other.blocks;
            assert!(same, "other bits in {workers} shares, 17: op by op");
        }
    }
    assert!(
        finished as u64 * 3 >= programs,
        "only {finished} of {programs} programs ran to the end"
    );
}
