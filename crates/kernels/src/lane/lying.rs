//! Where a product finds its left operand, step by step.

use core::ops::Range;

/// Up to N steps of a product whose left operand stays where it is: how far from where a row begins each lies, and which step
/// of the right operand it is, in order.
pub struct Lying<const N: usize> {
    offsets: [u32; N],
    steps: [u32; N],
    len: usize,
    least: u32,
    most: u32,
    last: u32,
}

impl<const N: usize> Lying<N> {
    pub const NONE: Self =
        Self { offsets: [0; N], steps: [0; N], len: 0, least: u32::MAX, most: 0, last: 0 };

    pub fn clear(&mut self) {
        (self.len, self.least, self.most, self.last) = (0, u32::MAX, 0, 0);
    }

    /// More of them, as far as there is room: steps beside each other, which lie that far from each other.
    #[inline(never)]
    pub fn push(&mut self, offset: usize, apart: usize, steps: Range<usize>) {
        let count = steps.len().min(N - self.len);
        let places = self.offsets.iter_mut().zip(&mut self.steps).skip(self.len);
        let mut next = offset as u32;
        for (step, (place, number)) in steps.zip(places) {
            (*place, *number) = (next, step as u32);
            (self.least, self.most) = (self.least.min(next), self.most.max(next));
            self.last = self.last.max(step as u32);
            next = next.wrapping_add(apart as u32);
        }
        self.len += count;
    }

    pub fn count(&self) -> usize {
        self.len
    }

    pub(super) fn offsets(&self) -> &[u32] {
        self.offsets.get(..self.len).unwrap_or_default()
    }

    pub(super) fn steps(&self) -> &[u32] {
        self.steps.get(..self.len).unwrap_or_default()
    }

    /// Has x all that lies beside these starts, which may be before it?
    pub(super) fn fits(&self, x: &[f32], starts: [usize; 4]) -> bool {
        let reached = |start: usize, offset: u32| start.wrapping_add(offset as usize) < x.len();
        let rows = |start| reached(start, self.least) && reached(start, self.most);
        self.len == 0 || starts.into_iter().all(rows)
    }

    /// Are there as many steps of the right operand?
    pub(super) fn within<T>(&self, right: &[T]) -> bool {
        self.len == 0 || (self.last as usize) < right.len()
    }
}
