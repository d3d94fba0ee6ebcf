//! Valid programs at random: instructions from the table's fields, operands placed with gaps.

use ferrograd_engine::Kind;
use ferrograd_engine::field::{NAMES, STEP_FAMILIES};
use ferrograd_engine::instruction::read;
use ferrograd_engine::op::TABLE;
use ferrograd_engine::op::row::{Access, FieldSpec, GroupSpec, Type, Use};
use ferrograd_engine::table::Ops;
use ferrograd_kernels::optimizer::ROWS;

use super::Rng;

/// One segment per purpose; the first state is read, the last one written by the commit phase.
pub const KINDS: [Kind; 6] =
    [Kind::State, Kind::Constant, Kind::Input, Kind::Output, Kind::Scratch, Kind::State];
const CONSTANT: usize = 1;
/// Filled with small integers.
pub const INPUT: usize = 2;
const OUTPUT: usize = 3;
pub const SCRATCH: usize = 4;
const WRITTEN_STATE: usize = 5;

/// Words that all operands of an instruction may have together.
const LIMIT: u64 = 12_000;

/// An instruction whose operands have no place yet.
struct Draft {
    words: Vec<u32>,
    /// Where the words of each operand stand.
    operands: Vec<usize>,
    uses: Vec<Use>,
    can_fail: bool,
}

struct Written {
    segment: usize,
    offset: usize,
    words: usize,
}

#[derive(Default)]
struct Layout {
    sizes: [usize; KINDS.len()],
    written: Vec<Written>,
}

/// A valid program of a few ops; with `code`, of this op alone.
pub fn valid(rng: &mut Rng, code: Option<usize>) -> Vec<u32> {
    let mut layout = Layout::default();
    let (computes, commits) =
        if code.is_some() { (1, 0) } else { (1 + rng.below(5), rng.below(3)) };
    let mut ops = Vec::new();
    let mut compute = 0;
    for index in 0..computes + commits {
        let mut draft = draft(rng, code);
        let commit = if code.is_some() { draft.updates() } else { index >= computes };
        while if commit { draft.can_fail } else { draft.updates() } {
            draft = self::draft(rng, None);
        }
        layout.place(rng, &mut draft, commit);
        compute += usize::from(!commit);
        ops.push(draft.words);
    }
    let segments: Vec<_> = KINDS
        .iter()
        .zip(layout.sizes)
        .map(|(&kind, size)| (kind, (size + 1 + rng.below(5)) as u32))
        .collect();
    super::program(&segments, &ops[..compute], &ops[compute..])
}

impl Draft {
    /// Does it change an operand that it reads? Only the commit phase may.
    fn updates(&self) -> bool {
        self.uses.iter().any(|used| used.access == Access::Both)
    }
}

/// An instruction of this op, or of any, that the decoder takes and whose operands are small.
fn draft(rng: &mut Rng, code: Option<usize>) -> Draft {
    let code = code.unwrap_or_else(|| rng.below(TABLE.len()));
    let spec = &TABLE[code];
    loop {
        let (mut words, mut operands) = (vec![code as u32], Vec::new());
        fields(rng, &spec.body, &mut words, &mut operands);
        for group in spec.groups {
            let count = 1 + rng.below(3);
            words.push(count as u32);
            (0..count).for_each(|_| fields(rng, group, &mut words, &mut operands));
        }
        if spec.name == "StridedCopy" {
            fit_strides(rng, &mut words);
        }
        match spec.name {
            "PrepareUpdate" => fit_slots(&mut words, 12),
            "Update" => fit_slots(&mut words, 5),
            "Concatenate" => fit_parts(&mut words),
            name if name.contains("Pool") => fit_pools(&mut words),
            name if name.starts_with("Convolve") => fit_windows(&mut words),
            _ => {}
        }
        let mut uses = Vec::new();
        let Ok(read) = read::<Ops>(&words, &mut |used| {
            uses.push(used);
            Ok(())
        }) else {
            continue;
        };
        assert_eq!(1 + read.words, words.len());
        let total = uses.iter().fold(0, |total: u64, used| total.saturating_add(used.len));
        if total <= LIMIT {
            return Draft { words, operands, uses, can_fail: read.can_fail };
        }
    }
}

fn fields(rng: &mut Rng, group: &GroupSpec, words: &mut Vec<u32>, operands: &mut Vec<usize>) {
    for FieldSpec { kind, .. } in group.fields {
        words.push(value(rng, kind));
    }
    for _ in group.operands {
        operands.push(words.len());
        words.extend([0, 0]);
    }
}

fn value(rng: &mut Rng, kind: &str) -> u32 {
    let rows =
        |kind: &str| NAMES.iter().find(|names| names.kind == kind).map(|row| row.names.len());
    let value = match kind {
        "dim" => dim(rng),
        "word" => rng.below(3),
        "flag" => rng.below(2),
        "float" => return (rng.float().abs() / 2.0).to_bits(),
        "step" => {
            let family = rng.below(STEP_FAMILIES.len());
            let table = STEP_FAMILIES[family];
            family << 16 | rng.below(rows(table).or(rows("activation")).expect("a table"))
        }
        coded => rng.below(rows(coded).expect("a table")),
    };
    value as u32
}

fn dim(rng: &mut Rng) -> usize {
    match rng.below(100) {
        0..6 => 0,
        6..76 => 1 + rng.below(8),
        76..98 => 1 + rng.below(70),
        _ => 4_000 + rng.below(200),
    }
}

/// Words: code, len, start, n, x, y, count, (size, stride)...
fn fit_strides(rng: &mut Rng, words: &mut [u32]) {
    let (mut n, mut before, mut after) = (1u64, 0, 0);
    for [size, stride] in words[9..].as_chunks_mut::<2>().0 {
        n = n.saturating_mul(u64::from(*size));
        let way = size.saturating_sub(1) * *stride;
        if rng.percent(30) {
            *stride = stride.wrapping_neg();
            before += way;
        } else {
            after += way;
        }
    }
    words[2] = before;
    words[1] = before + after + 1 + rng.below(3) as u32;
    words[3] = n as u32;
}

/// Words: code, outer, width, y, count, (rows, len, x)...
fn fit_parts(words: &mut [u32]) {
    let outer = words[1];
    words[2] = words[6..].chunks(4).map(|part| part[1]).sum();
    words[6..].chunks_mut(4).for_each(|part| part[0] = if part[1] % 3 == 0 { 1 } else { outer });
}

/// Words: code, batch, then in pairs for rows and columns: size (channels behind them), out, kernel, stride, pads, before.
fn fit_pools(words: &mut [u32]) {
    for axis in [0, 1] {
        let [size, kernel, stride] = [2, 7, 9].map(|at| words[at + axis]);
        let (kernel, stride) = (kernel.clamp(1, 4), stride.clamp(1, 4));
        let pads = words[11 + axis] % 4;
        (words[7 + axis], words[9 + axis], words[11 + axis]) = (kernel, stride, pads);
        words[13 + axis] %= pads + 1;
        words[5 + axis] = (size + pads).checked_sub(kernel).map_or(0, |room| room / stride + 1);
    }
}

/// Words: code, batch, height, width, groups, inputs, outputs, then of both axes kernels, strides, dilations, zeros before,
/// all of them, outputs.
fn fit_windows(words: &mut [u32]) {
    words[1..7].iter_mut().for_each(|size| *size = *size % 8 + 1);
    words[1] %= 4;
    words[7..17].iter_mut().for_each(|word| *word = *word % 3 + 1);
    for axis in 0..2 {
        let [size, kernel, stride, dilation, before] = [2, 7, 9, 11, 13].map(|at| words[at + axis]);
        let reach = (kernel - 1) * dilation + 1;
        words[15 + axis] += before;
        words[17 + axis] = (size + words[15 + axis] + stride).saturating_sub(reach) / stride;
    }
}

/// Words: code, rule, others, then from `at` on (slots, len, and five operands)...
fn fit_slots(words: &mut [u32], at: usize) {
    let slots = ROWS[words[1] as usize].slots as u32;
    words[at..].chunks_mut(12).for_each(|range| range[0] = slots);
}

impl Layout {
    fn place(&mut self, rng: &mut Rng, draft: &mut Draft, commit: bool) {
        let mut fresh = Vec::new();
        for (used, &at) in draft.uses.iter().zip(&draft.operands) {
            let words = used.ty.words(used.len) as usize;
            let (segment, offset) = match used.access {
                Access::Read => self.source(rng, used, words),
                _ => self.target(rng, commit, used.ty),
            };
            self.sizes[segment] = self.sizes[segment].max(offset + words);
            draft.words[at] = segment as u32;
            draft.words[at + 1] = offset as u32;
            if used.access != Access::Read && !commit {
                fresh.push(Written { segment, offset, words });
            }
        }
        self.written.append(&mut fresh);
    }

    /// Room that nothing has used, after a gap.
    fn target(&self, rng: &mut Rng, commit: bool, ty: Type) -> (usize, usize) {
        let segment = if commit { WRITTEN_STATE } else { OUTPUT + rng.below(2) };
        let start = self.sizes[segment] + rng.below(5);
        (segment, start.next_multiple_of(ty.alignment() as usize))
    }

    /// Something that an earlier op has written, or data.
    fn source(&self, rng: &mut Rng, used: &Use, words: usize) -> (usize, usize) {
        let even = if used.ty == Type::F64 { !1 } else { !0 };
        let earlier: Vec<_> = self.written.iter().filter(|range| range.words > words).collect();
        if used.ty == Type::F32 && !earlier.is_empty() && rng.percent(60) {
            let range = earlier[rng.below(earlier.len())];
            return (range.segment, range.offset + rng.below(range.words - words));
        }
        let segment = match used.ty {
            Type::I32 | Type::U32 => INPUT,
            _ => rng.below(CONSTANT + 1),
        };
        (segment, rng.below(9) & even)
    }
}
