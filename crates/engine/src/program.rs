//! A program: decoded and verified once, then replayed.
//!
//! Words: segment count, (kind, words) per segment, op count, how many of the ops compute, the ops.
//! Compute ops write scratch and outputs only; commit ops write state only.

use alloc::vec::Vec;
use core::marker::PhantomData;

use crate::instruction::{Instruction, Op, ROOM, Table, read};
use crate::segment::{Kind, Segment};
use crate::status::{LoadError, Refused};
use crate::verify::Verifier;

/// A verified program: there is no other way to make one than `load`.
pub struct Program<T> {
    segments: Vec<Segment>,
    words: Vec<u32>,
    ops: Vec<Instruction>,
    /// Ops before this index compute, the others commit.
    compute: usize,
    /// Floats that a worker needs.
    worker: u64,
    table: PhantomData<T>,
}

impl<T: Table> Program<T> {
    /// Decodes and verifies.
    pub fn load(words: &[u32]) -> Result<Self, Refused> {
        let mut op = 0;
        Self::decode(words, &mut op).map_err(|why| Refused { why, op })
    }

    /// Counts the ops on the way.
    fn decode(words: &[u32], op: &mut usize) -> Result<Self, LoadError> {
        let mut head = words.iter().copied();
        let mut next = || head.next().ok_or(LoadError::Truncated);
        let segments = read_segments(&mut next, words.len())?;
        let [count, compute] = [next()? as usize, next()? as usize];
        let mut at = words.len() - head.len();
        if count > head.len() {
            return Err(LoadError::Truncated);
        }
        if compute > count {
            return Err(LoadError::BadField);
        }
        let (mut ops, mut worker) = (Vec::with_capacity(count), 0);
        let mut verifier = Verifier::new(&segments);
        while *op < count {
            let (commits, rest) = (*op >= compute, words.get(at..).unwrap_or_default());
            verifier.begin();
            let read = read::<T>(rest, &mut |used| verifier.verify(commits, used))?;
            if commits && read.can_fail {
                return Err(LoadError::MayFail);
            }
            worker = read.scratch.max(worker);
            let end = at + 1 + read.words;
            ops.push(Instruction { start: at, read });
            at = end;
            *op += 1;
        }
        if at < words.len() {
            return Err(LoadError::TrailingWords);
        }
        let mut all = Vec::with_capacity(words.len() + ROOM);
        all.extend_from_slice(words);
        all.resize(words.len() + ROOM, 0);
        Ok(Self { segments, words: all, ops, compute, worker, table: PhantomData })
    }

    pub fn segments(&self) -> &[Segment] {
        &self.segments
    }

    pub fn ops(&self) -> impl ExactSizeIterator<Item = Op<'_, T>> {
        self.ops.iter().map(|op| op.of(&self.words))
    }

    pub fn op(&self, index: usize) -> Option<Op<'_, T>> {
        self.ops.get(index).map(|op| op.of(&self.words))
    }

    /// How many ops compute.
    pub fn compute(&self) -> usize {
        self.compute
    }

    /// Floats that a worker needs.
    pub fn worker_floats(&self) -> usize {
        self.worker.try_into().unwrap_or(usize::MAX)
    }

    pub fn scratch_words(&self) -> usize {
        let scratch = self.segments.iter().find(|segment| segment.kind == Kind::Scratch);
        scratch.map_or(0, |segment| segment.words as usize)
    }
}

fn read_segments(
    next: &mut impl FnMut() -> Result<u32, LoadError>,
    most: usize,
) -> Result<Vec<Segment>, LoadError> {
    let count = next()? as usize;
    if count > most {
        return Err(LoadError::Truncated);
    }
    let mut segments = Vec::with_capacity(count);
    let mut scratches = 0;
    for _ in 0..count {
        let (code, words) = (next()?, next()?);
        let kind = Kind::from_code(code).ok_or(LoadError::BadSegment)?;
        scratches += usize::from(kind == Kind::Scratch);
        segments.push(Segment { kind, words: u64::from(words) });
    }
    if scratches > 1 {
        return Err(LoadError::BadSegment);
    }
    Ok(segments)
}
