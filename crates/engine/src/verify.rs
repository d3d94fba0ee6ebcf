//! The verifier: what it lets through can run without a trap and touches nothing but its operands.

use alloc::vec::Vec;

use crate::op::row::{Access, Use};
use crate::segment::{Kind, Segment};
use crate::status::LoadError;

/// A use as a range of words, in one line of addresses for all segments.
#[derive(Clone, Copy)]
struct Range {
    segment: usize,
    start: u64,
    end: u64,
    writes: bool,
    reads: bool,
}

/// The address of a segment's first word: no segment, of 2^32 words at most, touches the next.
fn address(segment: usize) -> u64 {
    (segment as u64) << 33
}

/// Disjoint ranges of addresses in ascending order, merged where they touch: (start, end).
#[derive(Default)]
struct Ranges(Vec<(u64, u64)>);

impl Ranges {
    #[inline(never)]
    fn insert(&mut self, range: &Range) {
        let (mut start, mut end) = (range.start, range.end);
        if start == end {
            return;
        }
        let from = self.first(|_, other_end| other_end >= start);
        let to = self.first(|other_start, _| other_start > end);
        if from == to {
            self.0.insert(from, (start, end));
            return;
        }
        start = start.min(self.0[from].0);
        end = end.max(self.0[to - 1].1);
        self.0[from] = (start, end);
        self.0.drain(from + 1..to);
    }

    fn covers(&self, range: &Range) -> bool {
        let at = self.first(|_, end| end >= range.end);
        range.start == range.end || self.0.get(at).is_some_and(|&(start, _)| start <= range.start)
    }

    fn overlaps(&self, range: &Range) -> bool {
        let at = self.first(|_, end| end > range.start);
        range.start != range.end && self.0.get(at).is_some_and(|&(start, _)| start < range.end)
    }

    /// The position of the first range that is far enough up.
    fn first(&self, enough: impl Fn(u64, u64) -> bool) -> usize {
        self.0.partition_point(|&(start, end)| !enough(start, end))
    }
}

pub struct Verifier<'a> {
    segments: &'a [Segment],
    /// What the ops so far have written.
    written: Ranges,
    /// What the current op uses, and what of it the op writes.
    used: Ranges,
    outputs: Ranges,
}

impl<'a> Verifier<'a> {
    pub fn new(segments: &'a [Segment]) -> Self {
        let (written, used, outputs) = Default::default();
        Self { segments, written, used, outputs }
    }

    /// The next op begins.
    pub fn begin(&mut self) {
        self.used.0.clear();
        self.outputs.0.clear();
    }

    /// The next operand of the op, which commits or computes.
    pub fn verify(&mut self, commits: bool, used: Use) -> Result<(), LoadError> {
        let range = self.range(used)?;
        self.check_access(commits, &range)?;
        self.check_overlap(&range)?;
        if range.writes {
            self.written.insert(&range);
        }
        Ok(())
    }

    /// The words of an operand, inside its segment.
    fn range(&self, used: Use) -> Result<Range, LoadError> {
        let segment = used.operand.segment();
        let limit = self.segments.get(segment).ok_or(LoadError::OutOfRange)?.words;
        let start = used.operand.offset() as u64;
        if !start.is_multiple_of(used.ty.alignment()) {
            return Err(LoadError::Misaligned);
        }
        let end = used.ty.words(used.len).saturating_add(start);
        if end > limit {
            return Err(LoadError::OutOfRange);
        }
        let (start, end) = (address(segment) + start, address(segment) + end);
        let (writes, reads) = (used.access != Access::Read, used.access != Access::Write);
        Ok(Range { segment, start, end, writes, reads })
    }

    fn check_access(&self, commits: bool, range: &Range) -> Result<(), LoadError> {
        if range.start == range.end {
            return Ok(()); // an operand that the op does not have
        }
        let kind = self.segments[range.segment].kind;
        let writable = if commits { kind == Kind::State } else { kind.starts_undefined() };
        if range.writes && !writable {
            return Err(LoadError::NotWritable);
        }
        if range.reads && kind.starts_undefined() && !self.written.covers(range) {
            return Err(LoadError::ReadBeforeWrite);
        }
        // Every read of state sees the state at the start of the step.
        if kind == Kind::State && self.written.overlaps(range) {
            return Err(LoadError::WrittenTwice);
        }
        Ok(())
    }

    /// An output shares no word with any other operand of its op.
    fn check_overlap(&mut self, range: &Range) -> Result<(), LoadError> {
        let taken = if range.writes { &self.used } else { &self.outputs };
        if taken.overlaps(range) {
            return Err(LoadError::Overlap);
        }
        self.used.insert(range);
        if range.writes {
            self.outputs.insert(range);
        }
        Ok(())
    }
}
