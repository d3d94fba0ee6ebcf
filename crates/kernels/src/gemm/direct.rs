//! Products too small to be worth packing: the operands are read where they lie, in strips of
//! columns. The last strip and the last rows are moved back over the ones before, which computes
//! some elements twice, with the same bits, and needs no code for edges.

use core::ops::Range;

use super::micro::{MR, NR, Sums, step};
use super::pack::Operand;
use crate::lane::{F32x4, Lane};

/// c = A B + bias for some rows of C; 0 < k <= panel.len()
pub fn product(
    a: &Operand,
    b: &Operand,
    bias: Option<&[f32]>,
    c: &mut [f32],
    panel: &mut [[f32; NR]],
) {
    let n = b.width;
    let mut j = 0;
    while j < n {
        let wide = b.k_contiguous || (n >= NR && n - j > 4);
        if wide {
            strip::<2>(a, b, bias, j.min(n.saturating_sub(NR)), c, panel);
        } else {
            strip::<1>(a, b, bias, j.min(n.saturating_sub(4)), c, panel);
        }
        j += if wide { NR } else { 4 };
    }
}

/// The columns from j on, as many as V vectors hold.
fn strip<const V: usize>(
    a: &Operand,
    b: &Operand,
    bias: Option<&[f32]>,
    j: usize,
    c: &mut [f32],
    panel: &mut [[f32; NR]],
) {
    let (n, k) = (b.width, b.k);
    let columns = j..n.min(j + 4 * V);
    let bias = bias.map_or([F32x4::splat(0.0); V], |bias| padded(&bias[columns.clone()]));
    let in_place = if b.k_contiguous { 0 } else { whole_steps::<V>(n, k) };
    if in_place < k {
        b.pack(&columns, &(in_place..k), panel);
    }
    let b = [
        Steps { x: if in_place > 0 { &b.x[j..] } else { &[] }, stride: n },
        Steps { x: panel.as_flattened(), stride: NR },
    ];
    rows(a, b, bias, columns, n, c);
}

/// The steps of k for which V vectors can be read from B (k, n). Where n is smaller, they reach
/// into the next rows; nobody stores what they have too many.
fn whole_steps<const V: usize>(n: usize, k: usize) -> usize {
    if n >= 4 * V { k } else { k.saturating_sub((4 * V - n).div_ceil(n)) }
}

/// Consecutive steps of k: each reads from x on, `stride` further than the one before.
struct Steps<'a> {
    x: &'a [f32],
    stride: usize,
}

/// c: (a.span.len(), n)
#[inline(never)]
fn rows<const V: usize>(
    a: &Operand,
    b: [Steps; 2],
    bias: [F32x4; V],
    columns: Range<usize>,
    n: usize,
    c: &mut [f32],
) {
    let (down, across) = if a.k_contiguous { (a.k, 1) } else { (1, a.width) };
    let last = (a.k - 1) * across;
    let count = a.span.len();
    for i in (0..count).step_by(MR) {
        let i = i.min(count.saturating_sub(MR));
        let row = [0, 1, 2, 3].map(|r| (i + r).min(count - 1));
        let left = row.map(|row| &a.x[(a.span.start + row) * down..][..=last]);
        // One by one, so that the sums stay in registers.
        let mut store = |row: usize, sums: [F32x4; V]| {
            let c = &mut c[row * n + columns.start..];
            match c.as_chunks_mut().0.first_chunk_mut::<V>() {
                // Where n is smaller, this reaches into rows that are stored later.
                Some(c) => (0..V).for_each(|v| (sums[v] + bias[v]).store(&mut c[v])),
                None => {
                    store_partial([0, V - 1].map(|v| sums[v] + bias[v]), &mut c[..columns.len()])
                }
            }
        };
        let [first, second, third, fourth] = multiply(left, across, last, &b);
        store(row[0], first);
        store(row[1], second);
        store(row[2], third);
        store(row[3], fourth);
    }
}

/// Row r of the result is the sum over p of a[r][p * across] times the vectors of step p of b.
#[inline(always)]
fn multiply<const V: usize>(
    a: [&[f32]; MR],
    across: usize,
    last: usize,
    b: &[Steps; 2],
) -> Sums<V> {
    let mut sums = [[F32x4::splat(0.0); V]; MR];
    let mut p = 0;
    for Steps { x, stride } in b {
        let mut q = 0;
        while p <= last
            && let Some(b) = x.get(q..q + 4 * V)
        {
            let b = b.as_chunks().0;
            let b: [F32x4; V] = core::array::from_fn(|v| F32x4::load(&b[v]));
            step(a.map(|a| F32x4::splat(a[p])), b, &mut sums);
            p += across;
            q += stride;
        }
    }
    sums
}

#[inline(never)]
fn store_partial(sums: [F32x4; 2], c: &mut [f32]) {
    for (sum, c) in sums.into_iter().zip(c.chunks_mut(4)) {
        sum.store_partial(c);
    }
}

fn padded<const V: usize>(x: &[f32]) -> [F32x4; V] {
    core::array::from_fn(|v| F32x4::load_partial(&x[x.len().min(4 * v)..], 0.0))
}
