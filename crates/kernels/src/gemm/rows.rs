//! Products too small to be worth packing: every row of C is a sum of scaled rows of B.

use core::ops::Range;

use super::Gemm;
use crate::lane::{F32x4, Lane};
use crate::vector;

/// c = A B + bias for some rows of C, where B is stored as (k, n) or k is 0; c: (rows.len(), n)
#[inline(never)]
pub fn combine(
    shape: &Gemm,
    rows: Range<usize>,
    a: &[f32],
    b: &[f32],
    bias: Option<&[f32]>,
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
            vector::update(c, b(p), |c, b| c + a * b);
        }
        if let Some(bias) = bias {
            vector::update(c, bias, |c, bias| c + bias);
        }
    }
}

/// c += a[0] b[0], then a[1] b[1] and so on
#[inline(always)]
fn add4(a: [F32x4; 4], b: [&[f32]; 4], c: &mut [f32]) {
    let sum = |c, b: [F32x4; 4]| a.into_iter().zip(b).fold(c, |c, (a, b)| c + a * b);
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
