//! The loops for operands that are copied wherever they come from: rows of a matrix or pixels of an image.

use core::ops::Range;

use super::micro::{KC, LINE, MR, NC, NR, Spread, Steps, Tile};
use super::operands::{Left, Right, finish};
use super::runs::{self, Place};
use super::shape::{ROWS, Shape};
use super::tiles::{Quad, Rows};
use super::{Epilogue, blocks, narrow};
use crate::lane::Lying;

/// Floats of C in a strip of rows, which stays in the L2 cache while the blocks of k go by. Of a single one in L1, until it
/// is finished.
const STRIP: usize = 32 * 1024;

/// C = f(A B + bias) for some rows; pack: ([`Shape::words`])
pub fn product(
    shape: Shape,
    rows: Range<usize>,
    left: &dyn Left,
    right: &dyn Right,
    epilogue: &Epilogue,
    c: &mut [f32],
    pack: &mut [f32],
) {
    if rows.is_empty() {
        return;
    }
    if let Some(left) = left.lanes().filter(|_| shape.is_narrow()) {
        return narrow::product(shape, rows, left, right, epilogue, c, pack);
    }
    let (Shape { n, k, .. }, block) = (shape, shape.step());
    let aligned = pack.as_ptr().align_offset(LINE * size_of::<f32>()).min(LINE);
    let Some((tile, pack)) = pack[aligned..].as_chunks_mut().0.split_first_chunk_mut() else {
        return;
    };
    let (spread, packed) = pack.as_flattened_mut().split_at_mut(block * MR * 4);
    let spread = spread.as_chunks_mut().0.as_chunks_mut().0;
    let packed: &mut [[f32; NR]] = packed.as_chunks_mut().0;
    let (lying, places) = (Lying::NONE, [Place::OUTSIDE; ROWS]);
    let mut product = Product { left, c, spread, tile, lying, until: 0, places };
    for columns in blocks(&(0..n), NC) {
        let tiles = columns.len().div_ceil(NR);
        let span = block * shape.together(tiles * NR);
        let strip = if k <= block { STRIP / 8 } else { STRIP };
        let strip = (strip / columns.len() / MR).max(1) * MR;
        for ks in blocks(&(0..k), span.max(1)) {
            for (ks, panels) in blocks(&ks, block).zip(packed.chunks_exact_mut(tiles * block)) {
                right.pack(&columns, &ks, panels);
            }
            for strip in blocks(&rows, strip) {
                let packed = packed.chunks_exact(tiles * block);
                for (ks, panels) in blocks(&ks, block).zip(packed) {
                    let alone = n == NR && ks.len() == k;
                    let panels = panels.as_chunks().0;
                    product.add(&strip, &Packed { columns: &columns, ks, panels, alone });
                }
                if ks.end == k && !epilogue.is_none() {
                    finish(left, &strip, &columns, epilogue, product.c);
                }
            }
        }
    }
    if k == 0 {
        product.clear(&rows, n);
        finish(left, &rows, &(0..n), epilogue, product.c);
    }
}

/// Some columns of some steps of the right operand.
struct Packed<'a> {
    columns: &'a Range<usize>,
    ks: Range<usize>,
    panels: &'a [Steps],
    /// Are these all steps, and all columns, which are one tile?
    alone: bool,
}

/// A product under way.
struct Product<'a> {
    left: &'a dyn Left,
    c: &'a mut [f32],
    /// Steps of rows that are copied.
    spread: &'a mut [Spread],
    /// Of columns over the edge.
    tile: &'a mut Tile,
    /// Where the rows before `until` lie.
    lying: Lying<KC>,
    until: usize,
    places: [Place; ROWS],
}

impl Product<'_> {
    /// Adds what some rows multiply.
    fn add(&mut self, rows: &Range<usize>, right: &Packed) {
        self.until = 0;
        for rows in blocks(rows, ROWS) {
            self.left.locate(&rows, &mut self.places[..rows.len()]);
            let mut done = 0;
            while done < rows.len() {
                done += self.first(done, &rows, right);
            }
        }
    }

    /// The same of the first of those that are left: gives how many that were.
    fn first(&mut self, done: usize, rows: &Range<usize>, right: &Packed) -> usize {
        let Packed { columns, ks, panels, alone } = right;
        let (first, left, source) = (rows.start + done, self.left, self.left.source());
        if first >= self.until {
            self.lying.clear();
            self.until = left.lie(first, ks, &mut self.lying);
        }
        let places = &self.places[done..rows.len()];
        let alike = places.len().min(self.until - first);
        if *alone && self.lying.count() == ks.len() {
            let places = &places[..alike];
            let quads = runs::quads(source, &self.lying, places, panels.as_flattened(), self.c);
            if quads > 0 {
                return quads;
            }
        }
        let count = places.len().min(MR);
        let places = &places[..count];
        let lies = Quad::of(source, &self.lying, places).filter(|_| count <= alike);
        let quad = lies.unwrap_or_else(|| {
            let panel = &mut self.spread[..ks.len()];
            left.spread(&(first..first + count), ks, panel);
            Quad::Spread(panel)
        });
        Rows { c: self.c, places }.multiply(columns, &quad, ks, panels, self.tile);
        count
    }

    /// Zeros, the sum of nothing.
    fn clear(&mut self, rows: &Range<usize>, n: usize) {
        for rows in blocks(rows, ROWS) {
            let places = &mut self.places[..rows.len()];
            self.left.locate(&rows, places);
            places.iter().for_each(|place| self.c[place.row..][..n].fill(0.0));
        }
    }
}
