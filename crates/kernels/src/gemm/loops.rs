//! The loops around the inner one: a panel of the left operand stays in the L1 cache while the
//! packed block of the right one streams past it from L2.

use core::ops::Range;

use super::micro::{KC, LINE, MR, NC, NR};
use super::pack::{Operand, Rows};
use super::shape::Shape;
use super::strips;
use super::{Epilogue, Gemm, blocks, direct};
use crate::activation::{self, Activation};

/// Multiplications up to which packing does not pay.
const SMALL: usize = 20 * 20 * 20;
/// Columns of B (k, n) up to which it does not either: A is read so few times.
const NARROW: usize = 2 * NR;

/// Floats of the buffer that [`gemm`] packs into, for a product of any size.
pub const PACK_WORDS: usize = LINE + NR * MR + KC * (MR * 4 + NC);

/// The same for a product of these sizes, in whatever order they are m, n and k.
pub fn pack_words(sizes: [usize; 3]) -> usize {
    let product = sizes.iter().fold(1, |product: usize, &size| product.saturating_mul(size));
    let small = product <= SMALL && sizes.iter().all(|&size| size <= KC);
    if small { SMALL + KC * NR } else { PACK_WORDS }
}

/// c = f(A B + bias) for some rows of C. `a` and `b` are the whole operands;
/// c: (rows.len(), n), pack: ([`pack_words`])
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
    if c.is_empty() {
        return;
    }
    if k == 0 || (rows.len() <= NR && n >= 4 * NR && !trans_b) {
        return super::rows::combine(shape, rows, a, b, epilogue, c);
    }
    if rows.len() == 1 && (!trans_a || m == 1) {
        let a = &a[rows.start * k..][..k];
        if trans_b && n >= super::rows::COLUMNS {
            return super::rows::dots(a, b, epilogue, c);
        }
        if !trans_b && n >= 4 {
            return super::rows::single(a, b, epilogue, c);
        }
    }
    let a = Operand { x: a, width: m, k, k_contiguous: !trans_a, span: rows };
    let b = Operand { x: b, width: n, k, k_contiguous: trans_b, span: 0..n };
    let near = !trans_a || k <= 64; // steps of k down the columns of A stay in the cache
    let small = a.span.len() * n * k <= SMALL || (n <= NARROW && !trans_b && near);
    if k <= KC && small {
        return small_product(a, &b, epilogue, c, pack);
    }
    let rows = 0..a.span.len();
    // Rows are in the lanes where they come as vectors, or where that leaves fewer lanes empty than columns would.
    let fewer = n.next_multiple_of(MR) < n.next_multiple_of(NR);
    let lanes = n <= MR || (n <= NARROW && rows.len() >= 2 * NR && (trans_a || fewer));
    let strips = Shape { n, k, tall: rows.len() > k || lanes };
    strips::product(strips, rows, &Rows { a, n }, &b, epilogue, c, pack);
}

/// Without packing A; some rows at a time, which the activation finds in the cache.
fn small_product(a: Operand, b: &Operand, epilogue: &Epilogue, c: &mut [f32], pack: &mut [f32]) {
    let (z, panel) = pack.split_at_mut(SMALL);
    let panel = panel.as_chunks_mut().0;
    if epilogue.activation == Activation::NONE {
        return direct::product(&a, b, epilogue.bias, c, panel);
    }
    let most = SMALL / b.width;
    for (span, c) in blocks(&a.span, most).zip(c.chunks_mut(most * b.width)) {
        let z = &mut z[..c.len()];
        direct::product(&Operand { span, ..a }, b, epilogue.bias, z, panel);
        activation::forward(epilogue.activation, epilogue.params, z, c);
    }
}
