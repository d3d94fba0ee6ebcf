//! The inner loop where the left operand stays where it lies.

use core::ops::Range;

use super::micro::{MR, NR, Steps, Sums, UNROLL, add, halves, put};
use crate::lane::{F32x4, Lane};

/// Where a row is.
#[derive(Clone, Copy)]
pub struct Place {
    /// Where in C it begins.
    pub row: usize,
    /// Where it begins in the runs of the left operand, if all of it is there.
    pub start: Option<usize>,
}

impl Place {
    pub const OUTSIDE: Self = Self { row: 0, start: None };

    /// Rows of so many columns beside each other, of a C that begins with the row `first`.
    #[inline(never)]
    pub fn beside(first: usize, columns: usize, rows: &Range<usize>, places: &mut [Self]) {
        let mut row = (rows.start - first) * columns;
        for place in places {
            *place = Self { row, start: None };
            row += columns;
        }
    }
}

/// Where the rows of a left operand lie: in lines of runs of steps of k.
pub struct Runs<'a> {
    pub x: &'a [f32],
    /// Steps of a run, and runs of a line.
    pub run: usize,
    pub across: usize,
    /// From a run to the next one, and from a line.
    pub next: usize,
    pub pitch: usize,
}

impl Runs<'_> {
    /// As [`super::micro::multiply`], of the steps `ks` of rows that begin at `starts`.
    #[inline(never)]
    pub fn multiply(
        &self,
        starts: [usize; MR],
        ks: &Range<usize>,
        right: &[Steps],
        c: [&mut [[f32; NR]]; MR],
    ) {
        let before = ks.start / self.run;
        let lines = before / self.across;
        let first =
            [lines * self.pitch, before - lines * self.across, ks.start - before * self.run];
        let [c0, c1, c2, c3] = c;
        let tiles = right.chunks_exact(ks.len().div_ceil(UNROLL)).zip(c0).zip(c1).zip(c2).zip(c3);
        for ((((right, c0), c1), c2), c3) in tiles {
            let c = [c0, c1, c2, c3];
            let mut sums: Sums<2> = [[F32x4::splat(0.0); 2]; MR];
            if ks.start > 0 {
                sums = c.each_ref().map(|row| halves(row));
            }
            let mut rest = &right.as_flattened()[..ks.len()];
            let [mut line, mut across, mut from] = first;
            let mut at = line + across * self.next;
            while !rest.is_empty() {
                let (steps, after) = rest.split_at(rest.len().min(self.run - from));
                let [r0, r1, r2, r3] =
                    starts.map(|start| &self.x[start + at + from..][..steps.len()]);
                let mut steps = steps.iter().zip(r0).zip(r1).zip(r2).zip(r3);
                let mut go = || {
                    let Some(((((right, a), b), c), d)) = steps.next() else { return false };
                    for (sums, left) in sums.iter_mut().zip([a, b, c, d]) {
                        *sums = add(*sums, F32x4::splat(*left), halves(right));
                    }
                    true
                };
                while go() {}
                (rest, from, at, across) = (after, 0, at + self.next, across + 1);
                if across == self.across {
                    (line, across) = (line + self.pitch, 0);
                    at = line;
                }
            }
            let ([s0, s1, s2, s3], [c0, c1, c2, c3]) = (sums, c);
            put(s0, c0);
            put(s1, c1);
            put(s2, c2);
            put(s3, c3);
        }
    }
}
