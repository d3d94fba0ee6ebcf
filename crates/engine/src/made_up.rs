//! Ops that are not shipped show what a row can say: windows, time, several outputs, optional operands,
//! integers, packed words. Each has a naive function as its kernel.

use alloc::vec;
use alloc::vec::Vec;

use crate::engine::Engine;
use crate::field::{Dim, Operand};
use crate::instruction::Table;
use crate::memory::Handle;
use crate::op::code;
use crate::program::Program;
use crate::run::Run;
use crate::segment::Kind;
use crate::share::Span;
use crate::status::{Fault, LoadError};

macro_rules! made_up {
    ($make:ident) => {
        $make! {
            /// The largest of each window, from 0 on, and where it stood: the first of equals.
            Pool { rows: Dim, size: Dim, out: Dim, pads: Dim, kernel: Dim, dilation: Dim, stride: Dim }
                { Read x: F32[rows * size], Write y: F32[rows * out], Write at: I32[rows * out] }
                check [out = window(size, pads, kernel, dilation, stride)] rows [rows] runs kernels::pool;
            /// y = x · scale + shift, as far as they are there, and the sums of the columns if they are wanted.
            Affine { rows: Dim, n: Dim, has_scale: bool, has_shift: bool, want_sums: bool }
                { Read x: F32[rows * n], Read scale: F32[n * has_scale], Read shift: F32[n * has_shift],
                  Write y: F32[rows * n], Write sums: F32[n * want_sums] }
                combine [want_sums] rows [rows] runs kernels::affine;
            /// h[t] = h[t − 1] / 2 + x[t], in place of a cell, and the last h.
            Scan { steps: Dim, batch: Dim, units: Dim }
                { Read x: F32[steps * batch * units], Read first: F32[batch * units],
                  Write h: F32[batch * steps * units], Write last: F32[batch * units] }
                check [steps > 0] rows [batch] runs kernels::scan;
            /// y = x · 2^(half as an integer), of packed words.
            Unpack { n: Dim } { Read x: I8[n], Read half: F16[n], Write y: F32[n] } elements [n] runs kernels::unpack;
            /// y = the rows of the parts one after the other, which are as wide as the op says or of width 1.
            Join { width: Dim } { Write y: F32[width] }
                each parts: Part { len: Dim, own: Dim } { Read x: F32[len * own] } check [own = 1 | width] check [len > 0]
                scratch [width * 2] runs kernels::join;
            /// y = x below the bound.
            Below { n: Dim, bound: u32 } { Read x: I32[n], Write y: I32[n] } elements [n] tries kernels::below;
        }
    };
}

made_up!(records);
made_up!(rows);

/// This table.
#[derive(Default)]
struct Ops;

mod kernels {
    use super::*;

    pub fn pool(op: &Pool, run: &mut Run) {
        let [size, out, dilation, stride] =
            [op.size(), op.out(), op.dilation(), op.stride()].map(Dim::get);
        let x: &[f32] = run.segments.view(op.x(), run.part.of_rows(size));
        let y: &mut [f32] = run.segments.view_mut(op.y(), run.part.of_rows(out));
        let at: &mut [i32] = run.segments.view_mut(op.at(), run.part.of_rows(out));
        for (element, (y, at)) in y.iter_mut().zip(at).enumerate() {
            let (row, position) = (&x[element / out * size..][..size], element % out);
            (*y, *at) = (0.0, -1);
            for tap in 0..op.kernel().get() {
                let from = (position * stride + tap * dilation).wrapping_sub(op.pads().get() / 2);
                if row.get(from).is_some_and(|x| x > y) {
                    (*y, *at) = (row[from], from as i32);
                }
            }
        }
    }

    pub fn affine(op: &Affine, run: &mut Run) {
        let n = op.n().get();
        let there = |is: bool| Span::first(if is { n } else { 0 });
        if run.phase == 1 {
            let y: &[f32] = run.segments.view(op.y(), Span::first(op.rows().get() * n));
            let own = run.share.first(n);
            let sums: &mut [f32] = run.segments.view_mut(op.sums(), own);
            for (column, sum) in sums.iter_mut().enumerate() {
                *sum = y.iter().skip(column).step_by(n).sum();
            }
            return;
        }
        let scale: &[f32] = run.segments.view(op.scale(), there(op.has_scale()));
        let shift: &[f32] = run.segments.view(op.shift(), there(op.has_shift()));
        let x: &[f32] = run.segments.view(op.x(), run.part.of_rows(n));
        let y: &mut [f32] = run.segments.view_mut(op.y(), run.part.of_rows(n));
        for (element, (x, y)) in x.iter().zip(y).enumerate() {
            *y =
                x * scale.get(element % n).unwrap_or(&1.0) + shift.get(element % n).unwrap_or(&0.0);
        }
    }

    pub fn scan(op: &Scan, run: &mut Run) {
        let [steps, batch, units] = [op.steps(), op.batch(), op.units()].map(Dim::get);
        let x: &[f32] = run.segments.view(op.x(), Span::first(steps * batch * units));
        let first: &[f32] = run.segments.view(op.first(), run.part.of_rows(units));
        let h: &mut [f32] = run.segments.view_mut(op.h(), run.part.of_rows(steps * units));
        let last: &mut [f32] = run.segments.view_mut(op.last(), run.part.of_rows(units));
        last.copy_from_slice(first);
        for (element, last) in last.iter_mut().enumerate() {
            let (row, unit) = (element / units, element % units);
            for step in 0..steps {
                *last = *last / 2.0 + x[(step * batch + run.part.start + row) * units + unit];
                h[(row * steps + step) * units + unit] = *last;
            }
        }
    }

    pub fn unpack(op: &Unpack, run: &mut Run) {
        let n = op.n().get();
        let x: &[u32] = run.segments.view(op.x(), Span::first(n.div_ceil(4)));
        let half: &[u32] = run.segments.view(op.half(), Span::first(n.div_ceil(2)));
        let y: &mut [f32] = run.segments.view_mut(op.y(), run.part);
        for (i, y) in (run.part.start..).zip(y) {
            let power = (half[i / 2] >> (16 * (i % 2))) as i16;
            *y = f32::from((x[i / 4] >> (8 * (i % 4))) as i8) * f32::from(power);
        }
    }

    pub fn join(op: &Join, run: &mut Run) {
        let width = op.width().get();
        let sums = &mut run.scratch[..width];
        sums.fill(0.0);
        for part in op.parts().iter() {
            let (len, own) = (part.len().get(), part.own().get());
            let x: &[f32] = run.segments.view(part.x(), Span::first(len * own));
            for (row, column) in (0..len).flat_map(|row| (0..width).map(move |at| (row, at))) {
                sums[column] += x[row * own + column % own];
            }
        }
        let own = run.share.of(width, 1);
        let y: &mut [f32] = run.segments.view_mut(op.y(), own);
        y.copy_from_slice(&sums[own.start..own.end]);
    }

    pub fn below(op: &Below, run: &mut Run) -> Result<(), Fault> {
        let x: &[i32] = run.segments.view(op.x(), run.part);
        let y: &mut [i32] = run.segments.view_mut(op.y(), run.part);
        for ((element, &value), y) in (run.part.start..).zip(x).zip(y) {
            if value.cast_unsigned() >= op.bound() {
                return Err(Fault::BadIndex { element, value });
            }
            *y = value;
        }
        Ok(())
    }
}

/// Programs of one op: its operands read from the input, which is (0), and write the output (1), at these offsets.
fn program(op: Code, words: &[u32], sizes: [u32; 2]) -> Vec<u32> {
    let [input, output] = sizes;
    let head = [2, Kind::Input as u32, input, Kind::Output as u32, output, 1, 1, op as u32];
    [&head[..], words].concat()
}

const READ: u32 = 0;
const WRITE: u32 = 1;

fn refused(words: &[u32]) -> Option<LoadError> {
    Program::<Ops>::load(words).err().map(|refused| refused.why)
}

fn block(engine: &mut Engine<Ops>, program: usize, segment: usize, words: &[u32]) -> Handle {
    let handle = engine.alloc(words.len()).unwrap();
    engine.words_mut(handle).unwrap().copy_from_slice(words);
    assert!(engine.bind(program, segment, handle));
    handle
}

/// What the op writes, in 1 to 16 shares the same.
fn run(words: &[u32], input: &[u32]) -> Result<Vec<u32>, Fault> {
    let mut engine = Engine::<Ops>::default();
    let program = engine.load(words).unwrap();
    block(&mut engine, program, 0, input);
    let output = block(&mut engine, program, 1, &vec![0; words[4] as usize]);
    let mut runs = (1..=16).map(|workers| {
        engine.words_mut(output).unwrap().fill(0);
        engine.run_in_shares(program, workers).map_err(|(_, fault)| fault)?;
        Ok(engine.words_mut(output).unwrap().to_vec())
    });
    let whole = runs.next().unwrap();
    assert!(runs.all(|shares| shares == whole));
    whole
}

fn bits(floats: impl IntoIterator<Item = f32>) -> Vec<u32> {
    floats.into_iter().map(f32::to_bits).collect()
}

/// Every position that a window can take, one after the other.
fn positions(size: u32, pads: u32, kernel: u32, dilation: u32, stride: u32) -> u32 {
    let last = |start: u32| start + dilation * (kernel - 1);
    (0..).step_by(stride as usize).take_while(|&start| last(start) < size + pads).count() as u32
}

#[test]
fn the_size_of_an_output_over_windows_is_checked() {
    for case in 0..3_u32.pow(5) {
        let [size, pads, kernel, dilation, stride] =
            [1, 3, 9, 27, 81].map(|place| case / place % 3).map(|digit| digit + 1);
        let (size, pads) = (2 * size, pads - 1);
        let out = positions(size, pads, kernel, dilation, stride);
        let pool = |out| {
            let fields = [2, size, out, pads, kernel, dilation, stride];
            let operands = [READ, 0, WRITE, 0, WRITE, 2 * out];
            program(Code::Pool, &[&fields[..], &operands].concat(), [2 * size, 4 * out + 4])
        };
        assert_eq!(refused(&pool(out)), None, "{size} {pads} {kernel} {dilation} {stride}");
        assert_eq!(refused(&pool(out + 1)), Some(LoadError::BadDims));
    }
    for [kernel, dilation, stride] in [[0, 1, 1], [1, 0, 1], [1, 1, 0]] {
        let fields = [1, 4, 4, 0, kernel, dilation, stride, READ, 0, WRITE, 0, WRITE, 4];
        assert_eq!(refused(&program(Code::Pool, &fields, [4, 8])), Some(LoadError::BadDims));
    }
}

#[test]
fn an_op_has_several_outputs_of_several_types() {
    // 2 rows of 5, windows of 2 taps with a gap, every second one, one zero before and after.
    let fields = [2, 5, 3, 2, 2, 2, 2, READ, 0, WRITE, 0, WRITE, 6];
    let x = [1.0, 4.0, -3.0, 2.0, 5.0, 0.5, 0.25, 8.0, 8.0, -1.0];
    let values = bits([4.0, 4.0, 2.0, 0.25, 8.0, 8.0]);
    let places = [1, 1, 3, 1, 3, 3].map(i32::cast_unsigned);
    let found = run(&program(Code::Pool, &fields, [10, 12]), &bits(x));
    assert_eq!(found, Ok([&values[..], &places].concat()));
}

#[test]
fn operands_are_optional() {
    let x = [1.0, 2.0, 3.0, 4.0, 5.0, 6.0];
    let input = bits(x.into_iter().chain([2.0, 4.0]).chain([0.5, -1.0]));
    for case in 0..8 {
        let [scale, shift, sums] = [1, 2, 4].map(|bit| u32::from(case & bit > 0));
        // What the op does not have is of length 0, so it may stand anywhere.
        let sums_at = if sums == 1 { [WRITE, 6] } else { [READ, 10] };
        let words =
            [3, 2, scale, shift, sums, READ, 0, READ, 6, READ, 8, WRITE, 0, sums_at[0], sums_at[1]];
        let found = run(&program(Code::Affine, &words, [10, 8]), &input).unwrap();
        let at = |i: usize| {
            let scaled = if scale == 1 { x[i] * [2.0, 4.0][i % 2] } else { x[i] };
            if shift == 1 { scaled + [0.5, -1.0][i % 2] } else { scaled }
        };
        let sum = |column: usize| at(column) + at(column + 2) + at(column + 4);
        let expected = (0..6).map(at).chain((0..2).map(|c| if sums == 1 { sum(c) } else { 0.0 }));
        assert_eq!(found, bits(expected), "case {case}");
    }
}

#[test]
fn time_runs_inside_an_op_that_is_cut_by_rows_of_the_batch() {
    const STEPS: usize = 3;
    const BATCH: usize = 5;
    const UNITS: usize = 2;
    let x: Vec<f32> = (0..STEPS * BATCH * UNITS).map(|i| i as f32).collect(); // (steps, batch, units)
    let first = [8.0; BATCH * UNITS]; // (batch, units)
    let (reads, writes) = (x.len() as u32, (x.len() + first.len()) as u32);
    let words = [3, 5, 2, READ, 0, READ, reads, WRITE, 0, WRITE, reads];
    let input = bits(x.iter().copied().chain(first));
    let found = run(&program(Code::Scan, &words, [writes, writes]), &input).unwrap();
    let h = |row: usize, step: usize, unit: usize| {
        (0..=step).fold(8.0, |h, t| h / 2.0 + x[(t * BATCH + row) * UNITS + unit])
    };
    let each = |steps: core::ops::Range<usize>| {
        let rows = (0..BATCH).flat_map(move |row| steps.clone().map(move |step| (row, step)));
        rows.flat_map(|(row, step)| (0..UNITS).map(move |unit| h(row, step, unit)))
    };
    let expected = bits(each(0..STEPS).chain(each(STEPS - 1..STEPS)));
    assert_eq!(found, expected);
}

#[test]
fn packed_words_hold_several_elements() {
    // Nine: three words of bytes, five of halves.
    let words = |half| program(Code::Unpack, &[9, READ, 0, READ, half, WRITE, 0], [8, 9]);
    assert_eq!(refused(&words(3)), None);
    assert_eq!(refused(&words(4)), Some(LoadError::OutOfRange));
    let bytes = [1, -2, 3, -4, 5, -6, 7, -8, 127, 0, 0, 0];
    let halves = [1, 2, 3, -1, -2, -3, 1000, 0, -1, 0];
    let low = bytes.as_chunks::<4>().0.iter().map(|b| u32::from_le_bytes(b.map(i8::cast_unsigned)));
    let pair =
        |h: &[i16; 2]| u32::from(h[0].cast_unsigned()) | u32::from(h[1].cast_unsigned()) << 16;
    let input: Vec<u32> = low.chain(halves.as_chunks().0.iter().map(pair)).collect();
    let expected = bytes.iter().zip(halves).take(9).map(|(&a, b)| f32::from(a) * f32::from(b));
    assert_eq!(run(&words(3), &input), Ok(bits(expected)));
}

#[test]
fn groups_have_checks_and_a_worker_its_scratch() {
    let join = |len, own| {
        let parts = [2, 2, 3, READ, 0, len, own, READ, 6];
        program(Code::Join, &[&[3, WRITE, 0][..], &parts].concat(), [12, 3])
    };
    let input = bits((1..=12).map(|i| i as f32));
    assert_eq!(run(&join(2, 3), &input), Ok(bits([22.0, 26.0, 30.0])));
    assert_eq!(run(&join(4, 1), &input), Ok(bits([39.0, 41.0, 43.0])));
    for (len, own) in [(2, 2), (0, 3), (0, 1)] {
        assert_eq!(refused(&join(len, own)), Some(LoadError::BadDims), "{len} {own}");
    }
    assert_eq!(Program::<Ops>::load(&join(2, 3)).map(|program| program.worker_floats()), Ok(6));
}

#[test]
fn what_tries_can_fail_and_nothing_else() {
    let names: Vec<_> = TABLE.iter().filter(|spec| spec.can_fail).map(|spec| spec.name).collect();
    assert_eq!(names, ["Below"]);
    let words = program(Code::Below, &[3, 7, READ, 0, WRITE, 0], [3, 3]);
    assert_eq!(run(&words, &[6, 0, 3]), Ok(vec![6, 0, 3]));
    assert_eq!(run(&words, &[6, 0, 7]), Err(Fault::BadIndex { element: 2, value: 7 }));
    let mut commit = program(Code::Below, &[1, 7, READ, 0, WRITE, 0], [1, 1]);
    (commit[3], commit[6]) = (Kind::State as u32, 0);
    assert_eq!(refused(&commit), Some(LoadError::MayFail));
}
