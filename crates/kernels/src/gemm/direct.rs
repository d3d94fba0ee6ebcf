//! Products too small to be worth packing: the operands are read where they lie, in strips of
//! columns. The last strip and the last rows are moved back over the ones before, which computes
//! some elements twice, with the same bits, and needs no code for edges.

use core::ops::Range;

use super::micro::{MR, NR, Sums, add};
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
    let columns = j..b.width.min(j + 4 * V);
    let bias = bias.map_or([F32x4::splat(0.0); V], |bias| padded(&bias[columns.clone()]));
    b.pack(&columns, &(0..b.k), panel);
    rows(a, &panel[..b.k], bias, columns, b.width, c);
}

/// c: (a.span.len(), n), panel: (k)
#[inline(never)]
fn rows<const V: usize>(
    a: &Operand,
    panel: &[[f32; NR]],
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
        let [first, second, third, fourth] = multiply(left, across, panel);
        store(row[0], first);
        store(row[1], second);
        store(row[2], third);
        store(row[3], fourth);
    }
}

/// Row r of the result is the sum over p of a[r][p * across] times the first vectors of panel[p].
#[inline(always)]
fn multiply<const V: usize>(a: [&[f32]; MR], across: usize, panel: &[[f32; NR]]) -> Sums<V> {
    // Each row has a variable of its own, as an array would lie in memory.
    let [mut first, mut second, mut third, mut fourth] = [[F32x4::splat(0.0); V]; MR];
    let mut p = 0;
    for b in panel {
        let b = core::array::from_fn(|v| F32x4::load(&b.as_chunks().0[v]));
        first = add(first, F32x4::splat(a[0][p]), b);
        second = add(second, F32x4::splat(a[1][p]), b);
        third = add(third, F32x4::splat(a[2][p]), b);
        fourth = add(fourth, F32x4::splat(a[3][p]), b);
        p += across;
    }
    [first, second, third, fourth]
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
