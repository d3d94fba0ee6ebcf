//! Few rows, for which packing B does not pay: every row of C is a sum of scaled rows of B, or one
//! of products with them.

use core::ops::Range;

use super::{Epilogue, Gemm};
use crate::lane::{self, F32x4, Lane};
use crate::vector;

/// c = f(A B + bias) for some rows of C, where B is stored as (k, n) or k is 0; c: (rows.len(), n)
#[inline(never)]
pub fn combine(
    shape: &Gemm,
    rows: Range<usize>,
    a: &[f32],
    b: &[f32],
    epilogue: &Epilogue,
    c: &mut [f32],
) {
    let &Gemm { m, n, k, trans_a, .. } = shape;
    let (row_stride, step) = if trans_a { (1, m) } else { (k, 1) };
    for (i, c) in rows.zip(c.chunks_exact_mut(n.max(1))) {
        c.fill(0.0);
        let a = |p: usize| F32x4::splat(a[i * row_stride + p * step]);
        let b = |p: usize| &b[p * n..][..n];
        let unrolled = k - k % 4;
        for p in (0..unrolled).step_by(4) {
            add4([0, 1, 2, 3].map(|q| a(p + q)), [0, 1, 2, 3].map(|q| b(p + q)), c);
        }
        for p in unrolled..k {
            let a = a(p);
            vector::update(c, b(p), |c, b| c.madd(a, b));
        }
        epilogue.apply(0..n, c);
    }
}

/// c += a[0] b[0], then a[1] b[1] and so on
#[inline(always)]
fn add4(a: [F32x4; 4], b: [&[f32]; 4], c: &mut [f32]) {
    let sum = |c, b: [F32x4; 4]| a.into_iter().zip(b).fold(c, |c: F32x4, (a, b)| c.madd(a, b));
    let (c4, c_tail) = c.as_chunks_mut::<4>();
    let [(b0, t0), (b1, t1), (b2, t2), (b3, t3)] = b.map(<[f32]>::as_chunks::<4>);
    for ((((c, b0), b1), b2), b3) in c4.iter_mut().zip(b0).zip(b1).zip(b2).zip(b3) {
        sum(F32x4::load(c), [b0, b1, b2, b3].map(F32x4::load)).store(c);
    }
    if !c_tail.is_empty() {
        let tails = [t0, t1, t2, t3].map(|tail| F32x4::load_partial(tail, 0.0));
        sum(F32x4::load_partial(c_tail, 0.0), tails).store_partial(c_tail);
    }
}

/// Columns of one row that are computed at once: the sums of four vectors are under way together.
pub const COLUMNS: usize = 16;

/// c = f(A B + bias) for one row of at least four columns, where B is stored as (k, n). The last vectors are moved back over
/// the ones before; a: (k), b: (k, n), c: (n)
#[inline(never)]
pub fn single(a: &[f32], b: &[f32], epilogue: &Epilogue, c: &mut [f32]) {
    let n = c.len();
    for j in (0..n).step_by(COLUMNS) {
        let places = [0, 4, 8, 12].map(|v| (j + v).min(n - 4));
        let columns = places.map(|place| lane::rows::<4>(&b[place..], n, a.len()));
        let [Some(first), Some(second), Some(third), Some(fourth)] = columns else { return };
        let mut sums = [F32x4::splat(0.0); 4];
        for ((((a, first), second), third), fourth) in
            a.iter().zip(first).zip(second).zip(third).zip(fourth)
        {
            let a = F32x4::splat(*a);
            for (sum, b) in sums.iter_mut().zip([first, second, third, fourth]) {
                *sum = sum.madd(a, F32x4::load(b));
            }
        }
        for (sum, place) in sums.into_iter().zip(places) {
            if let Some(c) = c[place..].first_chunk_mut() {
                sum.store(c);
            }
        }
    }
    epilogue.apply(0..n, c);
}

/// c = f(a B + bias) for one row, where B is stored as (n, k): 4x4 blocks of it are transposed on the
/// way. The last columns are moved back over the ones before; a: (k), c: (n), n >= [`COLUMNS`]
#[inline(never)]
pub fn dots(a: &[f32], b: &[f32], epilogue: &Epilogue, c: &mut [f32]) {
    let (k, n) = (a.len(), c.len());
    for j in (0..n).step_by(COLUMNS) {
        let j = j.min(n - COLUMNS);
        let rows = &b[j * k..][..COLUMNS * k];
        let mut sums = [F32x4::splat(0.0); COLUMNS / 4];
        for (block, a) in a.as_chunks::<4>().0.iter().enumerate() {
            for (v, sum) in sums.iter_mut().enumerate() {
                let four = [0, 1, 2, 3].map(|r| four_at(rows, (4 * v + r) * k + 4 * block));
                for (column, a) in F32x4::transpose(four).into_iter().zip(a) {
                    *sum = sum.madd(F32x4::splat(*a), column);
                }
            }
        }
        for p in k - k % 4..k {
            for (v, sum) in sums.iter_mut().enumerate() {
                let column = [0, 1, 2, 3].map(|r| rows[(4 * v + r) * k + p]);
                *sum = sum.madd(F32x4::splat(a[p]), F32x4::load(&column));
            }
        }
        let (c, _) = c[j..].as_chunks_mut();
        for (sum, c) in sums.into_iter().zip(c) {
            sum.store(c);
        }
    }
    epilogue.apply(0..n, c);
}

#[inline(always)]
fn four_at(x: &[f32], at: usize) -> F32x4 {
    x[at..].first_chunk().map_or(F32x4::splat(0.0), F32x4::load)
}
