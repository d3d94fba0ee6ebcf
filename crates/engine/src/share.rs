//! How an op is cut among workers: by shape only.

use crate::field::Dim;

/// Which worker of how many.
#[derive(Clone, Copy)]
pub struct Share {
    pub worker: usize,
    pub workers: usize,
}

impl Share {
    /// The part of `total` that falls to this worker, in multiples of `unit`.
    #[inline(always)]
    pub fn of(self, total: usize, unit: usize) -> Span {
        // Divisions take longer than a small op.
        if self.workers == 1 { Span::first(total) } else { self.cut(total, unit) }
    }

    #[inline(never)]
    fn cut(self, total: usize, unit: usize) -> Span {
        let chunks = total.div_ceil(unit);
        let start = chunks * self.worker / self.workers * unit;
        let end = chunks * (self.worker + 1) / self.workers * unit;
        Span::new(start.min(total), end.min(total))
    }

    /// Elements, in multiples of every lane count.
    pub fn elements(self, n: Dim) -> Span {
        self.of(n.get(), 64)
    }

    /// Everything for the first worker, nothing for the others.
    pub fn first(self, total: usize) -> Span {
        Span::first(if self.worker == 0 { total } else { 0 })
    }
}

/// Elements (or rows) from `start` up to `end`.
#[derive(Clone, Copy)]
pub struct Span {
    pub start: usize,
    pub end: usize,
}

impl Span {
    pub fn new(start: usize, end: usize) -> Span {
        Span { start, end }
    }

    /// The first `n`.
    pub fn first(n: usize) -> Span {
        Span { start: 0, end: n }
    }

    /// Rows as elements.
    pub fn of_rows(self, width: usize) -> Span {
        Span { start: self.start * width, end: self.end * width }
    }

    /// As many, starting `n` further on.
    pub fn after(self, n: usize) -> Span {
        Span { start: self.start + n, end: self.end + n }
    }

    pub fn len(self) -> usize {
        self.end - self.start
    }
}
