//! How a product is cut, and the room that this takes.

use super::micro::{KC, LINE, MR, NC, NR, UNROLL};

/// Columns up to which the rows of C are in the lanes: there are so few tiles for what is copied of the left operand.
const NARROW: usize = 16;
/// Steps of k up to which the right operand is spread once, there.
const SHORT: usize = 2 * KC;
/// Rows that are packed at once, there.
pub const ROWS: usize = 4 * NR;

/// Columns and steps of a product.
#[derive(Clone, Copy)]
pub struct Shape {
    pub n: usize,
    pub k: usize,
    /// Are several blocks of the right operand packed at once, while a strip of C stays in the cache? It is worth it where C is
    /// larger than the right operand.
    pub tall: bool,
}

impl Shape {
    /// Floats that [`super::strips::product`] packs into, for k or less.
    pub fn words(&self) -> usize {
        let quads = if self.tall && self.n <= NARROW { self.n.div_ceil(MR) } else { 0 };
        let narrow = quads * (self.k.min(SHORT) * MR * 4 + MR * ROWS) + KC * ROWS;
        let columns = self.n.min(NC).next_multiple_of(NR);
        let step = self.k.min(KC).next_multiple_of(UNROLL); // a smaller k may come in larger steps
        let packed = self.k.div_ceil(KC).min(self.together(columns)) * step;
        LINE + narrow.max(NR * MR + step * MR * 4 + packed * columns)
    }

    /// Is C computed as its transpose?
    pub fn is_narrow(&self) -> bool {
        self.tall && self.n <= NARROW && self.k > 0
    }

    /// Steps of k that are spread at once, there.
    pub fn spread(&self) -> usize {
        if self.k <= SHORT { self.k } else { self.step() }
    }

    /// Steps of k between the loads and stores of a tile: as even as they can be.
    pub fn step(&self) -> usize {
        self.k.div_ceil(self.k.div_ceil(KC).max(1)).next_multiple_of(UNROLL)
    }

    /// Blocks of k that are packed at once.
    pub fn together(&self, columns: usize) -> usize {
        if self.tall { (NC / columns.max(NR)).max(1) } else { 1 }
    }
}
