//! A program: decoded and verified once, then replayed.
//!
//! Words: segment count, (kind, words) per segment, op count, how many of the ops compute, the ops.
//! Compute ops write scratch and outputs only; commit ops write state only.

use std::collections::BTreeMap;

use crate::field::Reader;
use crate::op::{Access, Op, Use};

/// Why a program was refused. A compiler bug, never the user's: it is worded as such.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum LoadError {
    Truncated,
    TrailingWords,
    UnknownOp(u32),
    BadField(&'static str),
    BadSegment,
    OutOfRange { op: usize },
    Misaligned { op: usize },
    NotWritable { op: usize },
    ReadBeforeWrite { op: usize },
    Overlap { op: usize },
    WrittenTwice { op: usize },
    OutOfMemory,
}

impl LoadError {
    /// What went wrong, and in which op where one is to blame.
    pub fn describe(self) -> (&'static str, Option<usize>) {
        match self {
            LoadError::Truncated => ("program ends early", None),
            LoadError::TrailingWords => ("words after the last op", None),
            LoadError::UnknownOp(code) => ("unknown op", Some(code as usize)),
            LoadError::BadField(name) => (name, None),
            LoadError::BadSegment => ("segment table", None),
            LoadError::OutOfRange { op } => ("operand outside its segment", Some(op)),
            LoadError::Misaligned { op } => ("misaligned operand", Some(op)),
            LoadError::NotWritable { op } => ("write to a segment that this phase may not write", Some(op)),
            LoadError::ReadBeforeWrite { op } => ("read before write", Some(op)),
            LoadError::Overlap { op } => ("output overlaps another operand", Some(op)),
            LoadError::WrittenTwice { op } => ("state used after it was written", Some(op)),
            LoadError::OutOfMemory => ("out of memory", None),
        }
    }
}

/// What a segment is for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// Lives on between runs; written in the commit phase only.
    State,
    /// Read only, the same for every run.
    Constant,
    /// Read only, filled by the caller before a run.
    Input,
    /// Written by a run, read by the caller afterwards.
    Output,
    /// Shared by all programs, undefined at the start of a run.
    Scratch,
}

impl Kind {
    pub const NAMES: [&str; 5] = ["state", "constant", "input", "output", "scratch"];

    fn from_code(code: u32) -> Option<Kind> {
        [Kind::State, Kind::Constant, Kind::Input, Kind::Output, Kind::Scratch]
            .get(code as usize)
            .copied()
    }

    /// Must it be written before it is read?
    fn starts_undefined(self) -> bool {
        matches!(self, Kind::Output | Kind::Scratch)
    }
}

#[derive(Clone, Copy, Debug)]
pub struct Segment {
    pub kind: Kind,
    pub words: u64,
}

/// A verified program: there is no other way to make one than `load`.
#[derive(Debug)]
pub struct Program {
    segments: Vec<Segment>,
    ops: Vec<Op>,
    /// Ops before this index compute, the others commit.
    compute: usize,
}

impl Program {
    /// Decodes and verifies.
    pub fn load(words: &[u32]) -> Result<Program, LoadError> {
        let mut reader = Reader::new(words);
        let segments = read_segments(&mut reader)?;
        let count = reader.word()? as usize;
        let compute = reader.word()? as usize;
        if count > reader.left() {
            return Err(LoadError::Truncated);
        }
        if compute > count {
            return Err(LoadError::BadField("compute"));
        }
        let ops = (0..count).map(|_| Op::read(&mut reader)).collect::<Result<Vec<_>, _>>()?;
        if reader.left() > 0 {
            return Err(LoadError::TrailingWords);
        }
        let program = Program { segments, ops, compute };
        Verifier::new(&program.segments).verify(&program)?;
        Ok(program)
    }

    pub fn segments(&self) -> &[Segment] {
        &self.segments
    }

    pub fn ops(&self) -> &[Op] {
        &self.ops
    }

    pub fn compute_ops(&self) -> &[Op] {
        &self.ops[..self.compute]
    }

    pub fn scratch_words(&self) -> usize {
        let scratch = self.segments.iter().find(|segment| segment.kind == Kind::Scratch);
        scratch.map_or(0, |segment| segment.words as usize)
    }
}

fn read_segments(reader: &mut Reader) -> Result<Vec<Segment>, LoadError> {
    let count = reader.word()? as usize;
    if count > reader.left() {
        return Err(LoadError::Truncated);
    }
    let mut segments = Vec::with_capacity(count);
    for _ in 0..count {
        let kind = Kind::from_code(reader.word()?).ok_or(LoadError::BadSegment)?;
        segments.push(Segment { kind, words: u64::from(reader.word()?) });
    }
    if segments.iter().filter(|segment| segment.kind == Kind::Scratch).count() > 1 {
        return Err(LoadError::BadSegment);
    }
    Ok(segments)
}

/// A use as a range of words.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
struct Range {
    segment: usize,
    start: u64,
    end: u64,
    writes: bool,
    reads: bool,
}

/// Disjoint ranges of words, merged where they touch: start -> end.
#[derive(Default)]
struct Ranges(BTreeMap<u64, u64>);

impl Ranges {
    fn insert(&mut self, mut start: u64, mut end: u64) {
        while let Some((&other, &other_end)) = self.0.range(..=end).next_back() {
            if other_end < start {
                break;
            }
            self.0.remove(&other);
            start = start.min(other);
            end = end.max(other_end);
        }
        self.0.insert(start, end);
    }

    fn covers(&self, start: u64, end: u64) -> bool {
        let below = self.0.range(..=start).next_back();
        start == end || below.is_some_and(|(_, &below_end)| end <= below_end)
    }

    fn touches(&self, start: u64, end: u64) -> bool {
        let below = self.0.range(..end).next_back();
        start != end && below.is_some_and(|(_, &below_end)| start < below_end)
    }
}

struct Verifier<'a> {
    segments: &'a [Segment],
    /// Per segment: what has been written so far.
    written: Vec<Ranges>,
}

impl<'a> Verifier<'a> {
    fn new(segments: &'a [Segment]) -> Self {
        Self { segments, written: segments.iter().map(|_| Ranges::default()).collect() }
    }

    fn verify(&mut self, program: &Program) -> Result<(), LoadError> {
        for (index, op) in program.ops.iter().enumerate() {
            let uses = op.uses();
            let mut ranges = Vec::with_capacity(uses.len());
            for used in &uses {
                ranges.push(self.range(index, used)?);
            }
            check_overlap(index, &mut ranges)?;
            for range in &ranges {
                self.check_access(index, index >= program.compute, range)?;
            }
            for range in ranges.iter().filter(|range| range.writes) {
                self.written[range.segment].insert(range.start, range.end);
            }
        }
        Ok(())
    }

    /// The words of an operand, inside its segment.
    fn range(&self, op: usize, used: &Use) -> Result<Range, LoadError> {
        let segment = used.operand.segment as usize;
        let limit = self.segments.get(segment).ok_or(LoadError::OutOfRange { op })?.words;
        let start = u64::from(used.operand.offset);
        if start % used.ty.words() != 0 {
            return Err(LoadError::Misaligned { op });
        }
        let end = used.len.saturating_mul(used.ty.words()).saturating_add(start);
        if end > limit {
            return Err(LoadError::OutOfRange { op });
        }
        let writes = used.access != Access::Read;
        let reads = used.access != Access::Write;
        Ok(Range { segment, start, end, writes, reads })
    }

    fn check_access(&self, op: usize, commits: bool, range: &Range) -> Result<(), LoadError> {
        let kind = self.segments[range.segment].kind;
        let written = &self.written[range.segment];
        let writable = if commits { kind == Kind::State } else { kind.starts_undefined() };
        if range.writes && !writable {
            return Err(LoadError::NotWritable { op });
        }
        if range.reads && kind.starts_undefined() && !written.covers(range.start, range.end) {
            return Err(LoadError::ReadBeforeWrite { op });
        }
        // Every read of state sees the state at the start of the step.
        if kind == Kind::State && written.touches(range.start, range.end) {
            return Err(LoadError::WrittenTwice { op });
        }
        Ok(())
    }
}

/// An output shares no word with any other operand of its op.
fn check_overlap(op: usize, ranges: &mut [Range]) -> Result<(), LoadError> {
    ranges.sort_unstable();
    let mut segment = usize::MAX;
    let (mut any, mut written) = (0, 0);
    for range in ranges.iter().filter(|range| range.start < range.end) {
        if range.segment != segment {
            (segment, any, written) = (range.segment, 0, 0);
        }
        if range.start < if range.writes { any } else { written } {
            return Err(LoadError::Overlap { op });
        }
        any = any.max(range.end);
        if range.writes {
            written = written.max(range.end);
        }
    }
    Ok(())
}
