//! Matrix product, C = f(A B + bias), with the same bits as the loop in [`naive()`].

mod naive;

pub use naive::naive;

use crate::activation::{Activation, Params};
use core::ops::Range;

/// The shape of a product: A is (m, k), B is (k, n), C is (m, n), all row-major.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Gemm {
    pub m: usize,
    pub n: usize,
    pub k: usize,
    /// A is stored as (k, m).
    pub trans_a: bool,
    /// B is stored as (n, k).
    pub trans_b: bool,
}

/// What happens to a finished element of the product.
#[derive(Clone, Copy, Debug)]
pub struct Epilogue<'a> {
    pub bias: Option<&'a [f32]>, // (n)
    pub activation: Activation,
    pub params: Params,
}

pub const PACK_WORDS: usize = 1;

pub fn gemm(
    shape: &Gemm,
    rows: Range<usize>,
    a: &[f32],
    b: &[f32],
    epilogue: &Epilogue,
    c: &mut [f32],
    _pack: &mut [f32],
) {
    naive(shape, rows, a, b, epilogue, c);
}
