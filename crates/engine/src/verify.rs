//! The verifier: what it lets through can run without a trap and touches nothing but its operands.

use alloc::vec::Vec;

use crate::execute::can_fail;
use crate::op::{Access, Op, Use};
use crate::program::{Kind, LoadError, Segment};

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

    /// The ops before `compute` compute, the others commit.
    pub fn verify(&mut self, ops: &[Op], compute: usize) -> Result<(), LoadError> {
        for (index, op) in ops.iter().enumerate() {
            self.used.0.clear();
            self.outputs.0.clear();
            if index >= compute && can_fail(op) {
                return Err(LoadError::MayFail { op: index });
            }
            let uses = op.uses();
            let mut ranges = Vec::with_capacity(uses.len());
            for used in &uses {
                let range = self.range(index, used)?;
                self.check_access(index, index >= compute, &range)?;
                self.check_overlap(index, &range)?;
                ranges.push(range);
            }
            for range in ranges.iter().filter(|range| range.writes) {
                self.written.insert(range);
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
        let (start, end) = (address(segment) + start, address(segment) + end);
        let (writes, reads) = (used.access != Access::Read, used.access != Access::Write);
        Ok(Range { segment, start, end, writes, reads })
    }

    fn check_access(&self, op: usize, commits: bool, range: &Range) -> Result<(), LoadError> {
        let kind = self.segments[range.segment].kind;
        let writable = if commits { kind == Kind::State } else { kind.starts_undefined() };
        if range.writes && !writable {
            return Err(LoadError::NotWritable { op });
        }
        if range.reads && kind.starts_undefined() && !self.written.covers(range) {
            return Err(LoadError::ReadBeforeWrite { op });
        }
        // Every read of state sees the state at the start of the step.
        if kind == Kind::State && self.written.overlaps(range) {
            return Err(LoadError::WrittenTwice { op });
        }
        Ok(())
    }

    /// An output shares no word with any other operand of its op.
    fn check_overlap(&mut self, op: usize, range: &Range) -> Result<(), LoadError> {
        let taken = if range.writes { &self.used } else { &self.outputs };
        if taken.overlaps(range) {
            return Err(LoadError::Overlap { op });
        }
        self.used.insert(range);
        if range.writes {
            self.outputs.insert(range);
        }
        Ok(())
    }
}
