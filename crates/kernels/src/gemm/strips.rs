//! The loops for operands that are copied wherever they come from: rows of a matrix or pixels of an image.

use core::ops::Range;

use super::micro::{self, KC, LINE, MR, NC, NR, Spread, UNROLL};
use super::runs::{self, Place};
use super::tiles::{Quad, Rows};
use super::{Epilogue, blocks};
use crate::lane::{F32x4, Lane, Lying};

/// The left operand, and where its products lie.
pub trait Left {
    /// Steps `ks` of up to MR rows, each value in all lanes; panel: (ks.len())
    fn spread(&self, rows: &Range<usize>, ks: &Range<usize>, panel: &mut [Spread]);
    /// Where the rows are.
    fn locate(&self, rows: &Range<usize>, places: &mut [Place]);
    /// What rows lie in that have a start.
    fn source(&self) -> &[f32] {
        &[]
    }
    /// Says of steps `ks` which of them rows from this one on have, and where they lie from where a row begins; gives the row from
    /// which on that is otherwise.
    fn lie(&self, _row: usize, _ks: &Range<usize>, _lying: &mut Lying<KC>) -> usize {
        usize::MAX
    }
    /// Itself, if its rows can be in the lanes, and had better be there where there are few columns.
    fn lanes(&self) -> Option<&dyn Lanes> {
        None
    }
}

/// A left operand whose rows can be in the lanes.
pub trait Lanes: Left {
    /// Steps `ks` of the rows in panels of NR, each (ks.len(), NR) and as long as whole turns of the inner loop.
    fn pack(&self, rows: &Range<usize>, ks: &Range<usize>, panels: &mut [[f32; NR]]);
}

/// The right operand.
pub trait Right {
    /// Steps `ks` of the columns in panels of NR, each (ks.len(), NR) and as long as whole turns of the inner loop.
    fn pack(&self, columns: &Range<usize>, ks: &Range<usize>, panels: &mut [[f32; NR]]);
    /// The same of up to MR columns, each value in all lanes; panel: (ks.len())
    fn spread(&self, columns: &Range<usize>, ks: &Range<usize>, panel: &mut [Spread]);
}

/// Columns up to which the rows of C are in the lanes: there are so few tiles for what is copied of the left operand.
const NARROW: usize = 16;
/// Steps of k up to which the right operand is spread once, there.
const SHORT: usize = 2 * KC;
/// Rows that are packed at once, there.
const ROWS: usize = 4 * NR;

/// Floats of C in a strip of rows, which stays in the L2 cache while the blocks of k go by. Of a single one in L1, until it
/// is finished.
const STRIP: usize = 32 * 1024;

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
    /// Floats that [`product`] packs into, for k or less.
    pub fn words(&self) -> usize {
        let quads = if self.tall && self.n <= NARROW { self.n.div_ceil(MR) } else { 0 };
        let narrow = quads * (self.k.min(SHORT) * MR * 4 + MR * ROWS) + KC * ROWS;
        let columns = self.n.min(NC).next_multiple_of(NR);
        let step = self.k.min(KC).next_multiple_of(UNROLL); // a smaller k may come in larger steps
        let packed = self.k.div_ceil(KC).min(self.together(columns)) * step;
        LINE + narrow.max(NR * MR + step * MR * 4 + packed * columns)
    }

    /// Is C computed as its transpose?
    fn is_narrow(&self) -> bool {
        self.tall && self.n <= NARROW && self.k > 0
    }

    /// Steps of k that are spread at once, there.
    fn spread(&self) -> usize {
        if self.k <= SHORT { self.k } else { self.step() }
    }

    /// Steps of k between the loads and stores of a tile: as even as they can be.
    fn step(&self) -> usize {
        self.k.div_ceil(self.k.div_ceil(KC).max(1)).next_multiple_of(UNROLL)
    }

    /// Blocks of k that are packed at once.
    fn together(&self, columns: usize) -> usize {
        if self.tall { (NC / columns.max(NR)).max(1) } else { 1 }
    }
}

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
        return narrow(shape, rows, left, right, epilogue, c, pack);
    }
    let (Shape { n, k, .. }, block) = (shape, shape.step());
    let aligned = pack.as_ptr().align_offset(LINE * size_of::<f32>()).min(LINE);
    let Some((tile, pack)) = pack[aligned..].as_chunks_mut().0.split_first_chunk_mut() else {
        return;
    };
    let (left_pack, right_pack) = pack.as_flattened_mut().split_at_mut(block * MR * 4);
    let left_pack: &mut [Spread] = left_pack.as_chunks_mut().0.as_chunks_mut().0;
    let right_pack: &mut [[f32; NR]] = right_pack.as_chunks_mut().0;
    let (mut lying, mut places) = (Lying::NONE, [Place::OUTSIDE; ROWS]);
    for columns in blocks(&(0..n), NC) {
        let tiles = columns.len().div_ceil(NR);
        let span = block * shape.together(tiles * NR);
        let strip = if k <= block { STRIP / 8 } else { STRIP };
        let strip = (strip / columns.len() / MR).max(1) * MR;
        for ks in blocks(&(0..k), span.max(1)) {
            for (ks, panels) in blocks(&ks, block).zip(right_pack.chunks_exact_mut(tiles * block)) {
                right.pack(&columns, &ks, panels);
            }
            for strip in blocks(&rows, strip) {
                let packed = right_pack.chunks_exact(tiles * block);
                for (ks, panels) in blocks(&ks, block).zip(packed) {
                    let panels = panels.as_chunks().0;
                    let mut until = 0;
                    for rows in blocks(&strip, ROWS) {
                        let places = &mut places[..rows.len()];
                        left.locate(&rows, places);
                        let mut done = 0;
                        while done < rows.len() {
                            let first = rows.start + done;
                            if first >= until {
                                lying.clear();
                                until = left.lie(first, &ks, &mut lying);
                            }
                            if n == NR && lying.count() == k {
                                let places = &places[done..rows.len().min(until - rows.start)];
                                let right = panels.as_flattened();
                                let quads = runs::quads(left.source(), &lying, places, right, c);
                                done += quads;
                                if quads > 0 {
                                    continue;
                                }
                            }
                            let rows = first..rows.end.min(first + MR);
                            let places = &places[done..done + rows.len()];
                            let whole = rows.end <= until;
                            let lies = Quad::of(left.source(), &lying, places).filter(|_| whole);
                            let quad = lies.unwrap_or_else(|| {
                                let panel = &mut left_pack[..ks.len()];
                                left.spread(&rows, &ks, panel);
                                Quad::Spread(panel)
                            });
                            let mut output = Rows { c, places };
                            output.multiply(&columns, &quad, &ks, panels, tile);
                            done += rows.len();
                        }
                    }
                }
                if ks.end == k && !epilogue.is_none() {
                    finish(left, &strip, &columns, epilogue, c);
                }
            }
        }
    }
    if k == 0 {
        for rows in blocks(&rows, MR) {
            let places = &mut places[..rows.len()];
            left.locate(&rows, places);
            let mut output = Rows { c, places };
            output.rows(&(0..n)).into_iter().for_each(|row| row.fill(0.0));
        }
        finish(left, &rows, &(0..n), epilogue, c);
    }
}

/// The same with rows of C in the lanes: the right operand is spread, the left one packed.
fn narrow(
    shape: Shape,
    rows: Range<usize>,
    left: &dyn Lanes,
    right: &dyn Right,
    epilogue: &Epilogue,
    c: &mut [f32],
    pack: &mut [f32],
) {
    let (Shape { n, k, .. }, block, quads) = (shape, shape.step(), shape.n.div_ceil(MR));
    let aligned = pack.as_ptr().align_offset(LINE * size_of::<f32>()).min(LINE);
    let span = shape.spread();
    let (spread, pack) = pack[aligned..].split_at_mut(quads * span * MR * 4);
    let (packed, sums) = pack.split_at_mut(block * ROWS);
    let sums = &mut sums[..quads * MR * ROWS];
    let spread: &mut [Spread] = spread.as_chunks_mut().0.as_chunks_mut().0;
    let packed: &mut [[f32; NR]] = packed.as_chunks_mut().0;
    let sums: &mut [[f32; NR]] = sums.as_chunks_mut().0;
    let (first, mut places) = (rows.start, [Place::OUTSIDE; ROWS]);
    for rows in blocks(&rows, ROWS) {
        let panels = rows.len().div_ceil(NR);
        for ks in blocks(&(0..k), block) {
            let steps = ks.start % span..ks.start % span + ks.len();
            if span < k || rows.start == first {
                for (columns, spread) in blocks(&(0..n), MR).zip(spread.chunks_exact_mut(span)) {
                    right.spread(&columns, &ks, &mut spread[steps.clone()]);
                }
            }
            left.pack(&rows, &ks, packed);
            let turns = panels * ks.len().next_multiple_of(UNROLL);
            let packed = packed[..turns].as_chunks().0;
            let quads = spread.chunks_exact(span).zip(sums.chunks_exact_mut(MR * ROWS / NR));
            for (spread, sums) in quads {
                let mut each = sums.chunks_exact_mut(ROWS / NR);
                let mut next = || &mut each.next().unwrap_or_default()[..panels];
                let sums = [next(), next(), next(), next()];
                micro::multiply(&spread[steps.clone()], packed, ks.start == 0, sums);
            }
        }
        let sums: &[[f32; ROWS]] = sums.as_flattened().as_chunks().0; // (columns, ROWS)
        left.locate(&rows, &mut places[..rows.len()]);
        for (at, places) in places[..rows.len()].chunks(MR).enumerate() {
            let mut output = Rows { c, places };
            let mut four = output.rows(&(0..n));
            for (column, sums) in sums.as_chunks::<MR>().0.iter().enumerate() {
                put_columns(sums.each_ref().map(|sums| &sums[MR * at..]), column * MR, &mut four);
            }
        }
        if !epilogue.is_none() {
            finish(left, &rows, &(0..n), epilogue, c);
        }
    }
}

/// Four columns of up to four rows, given as rows.
#[inline(always)]
fn put_columns(columns: [&[f32]; MR], at: usize, rows: &mut [&mut [f32]; MR]) {
    let four = columns.map(|x| x.first_chunk().map_or(F32x4::splat(0.0), F32x4::load));
    for (values, row) in F32x4::transpose(four).into_iter().zip(rows) {
        let row = row.get_mut(at..).unwrap_or_default();
        match row.first_chunk_mut() {
            Some(row) => values.store(row),
            None => values.store_partial(row),
        }
    }
}

/// Bias and activation. Rows that lie beside each other are one for the activation.
fn finish(
    left: &dyn Left,
    rows: &Range<usize>,
    columns: &Range<usize>,
    epilogue: &Epilogue,
    c: &mut [f32],
) {
    let mut places = [Place::OUTSIDE; ROWS];
    let mut place = |row| {
        left.locate(&(row..row + 1), &mut places[..1]);
        places[0].row
    };
    let (first, last) = (place(rows.start), place(rows.end - 1));
    if last == first + (rows.len() - 1) * columns.len() {
        let c = &mut c[first + columns.start..last + columns.end];
        return epilogue.apply(columns.clone(), c);
    }
    let mut stretch = 0..0;
    for rows in blocks(rows, ROWS) {
        let places = &mut places[..rows.len()];
        left.locate(&rows, places);
        for &mut Place { row, .. } in places {
            if row + columns.start != stretch.end {
                epilogue.apply(columns.clone(), &mut c[stretch.clone()]);
                stretch.start = row + columns.start;
            }
            stretch.end = row + columns.end;
        }
    }
    epilogue.apply(columns.clone(), &mut c[stretch]);
}
