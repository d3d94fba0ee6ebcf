//! A program: decoded and verified once, then replayed.
//!
//! Words: segment count, (kind, words) per segment, op count, how many of the ops compute, the ops.
//! Compute ops write scratch and outputs only; commit ops write state only.

use alloc::vec::Vec;

use crate::field::Reader;
use crate::op::Op;
use crate::verify::Verifier;

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
    MayFail { op: usize },
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
            LoadError::NotWritable { op } => {
                ("write to a segment that this phase may not write", Some(op))
            }
            LoadError::ReadBeforeWrite { op } => ("read before write", Some(op)),
            LoadError::Overlap { op } => ("output overlaps another operand", Some(op)),
            LoadError::WrittenTwice { op } => ("state used after it was written", Some(op)),
            LoadError::MayFail { op } => ("op of the commit phase that can fail", Some(op)),
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
    pub fn starts_undefined(self) -> bool {
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
        let count = reader.word() as usize;
        let compute = reader.word() as usize;
        reader.ok()?;
        if count > reader.left() {
            return Err(LoadError::Truncated);
        }
        if compute > count {
            return Err(LoadError::BadField("compute"));
        }
        let mut ops = Vec::with_capacity(count);
        for _ in 0..count {
            ops.push(Op::read(&mut reader)?);
        }
        if reader.left() > 0 {
            return Err(LoadError::TrailingWords);
        }
        Verifier::new(&segments).verify(&ops, compute)?;
        Ok(Program { segments, ops, compute })
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
    let count = reader.count();
    let mut segments = Vec::with_capacity(count);
    let mut scratches = 0;
    for _ in 0..count {
        let (code, words) = (reader.word(), reader.word());
        reader.ok()?;
        let kind = Kind::from_code(code).ok_or(LoadError::BadSegment)?;
        scratches += usize::from(kind == Kind::Scratch);
        segments.push(Segment { kind, words: u64::from(words) });
    }
    if scratches > 1 {
        return Err(LoadError::BadSegment);
    }
    Ok(segments)
}
