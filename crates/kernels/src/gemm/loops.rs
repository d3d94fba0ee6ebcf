//! The loops around the inner one: a panel of the right operand stays in the L1 cache while the
//! packed block of the left one streams past it from L2.

use core::ops::Range;

use super::direct;
use super::micro::{self, MR, NR, Tile};
use super::output::{Output, Place};
use super::pack::Operand;
use super::{Epilogue, Gemm};
use crate::activation;

/// Steps of k between the loads and stores of a tile; a panel of the right operand takes 8 KB.
const KC: usize = 512;
/// Vectors of the left operand packed at once.
const MC: usize = 32;
/// Vectors of the right operand packed at once.
const NC: usize = 128;

/// Multiplications up to which packing does not pay.
const SMALL: usize = 24 * 24 * 24;
/// Columns of B (k, n) up to which it does not either: A is read so few times.
const NARROW: usize = 2 * NR;

/// Floats of the buffer that [`gemm`] packs into.
pub const PACK_WORDS: usize = size_of::<Tile>() / size_of::<f32>() + KC * (MC + NC);

/// c = f(A B + bias) for some rows of C. `a` and `b` are the whole operands;
/// c: (rows.len(), n), pack: ([`PACK_WORDS`])
pub fn gemm(
    shape: &Gemm,
    rows: Range<usize>,
    a: &[f32],
    b: &[f32],
    epilogue: &Epilogue,
    c: &mut [f32],
    pack: &mut [f32],
) {
    let &Gemm { m, n, k, trans_a, trans_b } = shape;
    let few = rows.len() <= NR || k <= 2 * NR;
    if k == 0 || (few && n >= 4 * NR && !trans_b) {
        super::rows::combine(shape, rows, a, b, epilogue.bias, c);
        return activation::forward_in_place(epilogue.activation, epilogue.params, c);
    }
    if rows.len() == 1 && trans_b && (!trans_a || m == 1) && n >= super::rows::COLUMNS {
        super::rows::dots(&a[rows.start * k..][..k], b, epilogue.bias, c);
        return activation::forward_in_place(epilogue.activation, epilogue.params, c);
    }
    let a = Operand { x: a, width: m, k, k_contiguous: !trans_a, span: rows };
    let b = Operand { x: b, width: n, k, k_contiguous: trans_b, span: 0..n };
    let near = !trans_a || k <= 2 * MC; // steps of k down the columns of A stay in the cache
    let small = a.span.len() * n * k <= SMALL || (n <= NARROW && !trans_b && near);
    if k <= KC && small {
        direct::product(&a, &b, epilogue.bias, c, pack.as_chunks_mut().0);
        return activation::forward_in_place(epilogue.activation, epilogue.params, c);
    }
    let thin = n <= MR;
    let mut output = Output { c, n, k, thin, first: a.span.start, epilogue };
    let Some((tile, pack)) = pack.as_chunks_mut().0.split_first_chunk_mut() else { return };
    let pack = pack.as_flattened_mut();
    let (left, right) = if thin { (&b, &a) } else { (&a, &b) };
    let (left_pack, right_pack) = pack.split_at_mut(KC * MC);
    let packs = (left_pack.as_chunks_mut().0, right_pack.as_chunks_mut().0);
    product(left, right, &mut output, packs, tile);
    if !activation::in_registers(epilogue.activation) {
        activation::forward_in_place(epilogue.activation, epilogue.params, c);
    }
}

/// All tiles, for k > 0.
fn product(
    left: &Operand,
    right: &Operand,
    output: &mut Output,
    (left_pack, right_pack): (&mut [[f32; MR]], &mut [[f32; NR]]),
    tile: &mut Tile,
) {
    for rights in blocks(&right.span, NC) {
        for ks in blocks(&(0..right.k), KC) {
            right.pack(&rights, &ks, right_pack);
            for lefts in blocks(&left.span, MC) {
                left.pack(&lefts, &ks, left_pack);
                block(&lefts, &rights, &ks, left_pack, right_pack, output, tile);
            }
        }
    }
}

/// The tiles of one packed block with the other.
#[inline(never)]
fn block(
    lefts: &Range<usize>,
    rights: &Range<usize>,
    ks: &Range<usize>,
    left_pack: &[[f32; MR]],
    right_pack: &[[f32; NR]],
    output: &mut Output,
    tile: &mut Tile,
) {
    for (right, right_panel) in rights.clone().step_by(NR).zip(right_pack.chunks_exact(ks.len())) {
        for (left, left_panel) in lefts.clone().step_by(MR).zip(left_pack.chunks_exact(ks.len())) {
            let height = MR.min(lefts.end - left);
            let width = NR.min(rights.end - right);
            let place = Place { left, right, height, width };
            if ks.start > 0 {
                output.load(place, tile);
            }
            micro::multiply(left_panel, right_panel, ks.start == 0, tile);
            output.store(ks, place, tile);
        }
    }
}

/// The range in pieces of `size`, the last one smaller.
fn blocks(range: &Range<usize>, size: usize) -> impl Iterator<Item = Range<usize>> {
    let end = range.end;
    range.clone().step_by(size).map(move |start| start..end.min(start + size))
}
