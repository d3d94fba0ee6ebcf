//! The reference: three loops.

use core::ops::Range;

use super::{Epilogue, Gemm};
use crate::activation;

/// What [`super::gemm`] computes, in the order that defines its bits: sums start at 0 and run
/// through k in order; then the bias is added and the activation applied.
pub fn naive(
    shape: &Gemm,
    rows: Range<usize>,
    a: &[f32],
    b: &[f32],
    epilogue: &Epilogue,
    c: &mut [f32],
) {
    let &Gemm { m, n, k, trans_a, trans_b } = shape;
    for (i, c) in rows.zip(c.chunks_exact_mut(n.max(1))) {
        for (j, c) in c.iter_mut().enumerate() {
            let mut sum = 0.0;
            for p in 0..k {
                let a = a[if trans_a { p * m + i } else { i * k + p }];
                let b = b[if trans_b { j * k + p } else { p * n + j }];
                sum += a * b;
            }
            *c = sum + epilogue.bias.map_or(0.0, |bias| bias[j]);
        }
    }
    activation::forward_in_place(epilogue.activation, epilogue.params, c);
}
