//! Products with so few columns that the rows of C are in the lanes.

use core::ops::Range;

use super::micro::{self, LINE, MR, NR, Spread, UNROLL};
use super::operands::{Lanes, Right, finish};
use super::runs::Place;
use super::shape::{ROWS, Shape};
use super::tiles::Rows;
use super::{Epilogue, blocks};
use crate::lane::{F32x4, Lane};

/// As [`super::strips::product`], with the right operand spread and the left one packed.
pub fn product(
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
