//! Matrix product, C = f(A B + bias), with the same bits as the loop in [`naive()`].

mod direct;
mod loops;
pub(crate) mod micro;
mod naive;
mod narrow;
pub(crate) mod operands;
pub(crate) mod pack;
mod rows;
pub(crate) mod runs;
pub(crate) mod shape;
pub(crate) mod strips;
mod tiles;

pub use loops::{PACK_WORDS, gemm, pack_words};
pub use naive::naive;

use core::ops::Range;

use crate::activation::{self, Activation, Params};
use crate::vector;

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

impl Epilogue<'_> {
    /// C stays as it is.
    pub const NONE: Self = Self { bias: None, activation: Activation::NONE, params: [0.0; 2] };

    /// Does it leave C as it is?
    fn is_none(&self) -> bool {
        self.bias.is_none() && self.activation == Activation::Linear
    }

    /// c = f(c + bias) for some columns of rows of C; c: (rows, columns.len())
    pub fn apply(&self, columns: Range<usize>, c: &mut [f32]) {
        if let Some(bias) = self.bias.filter(|_| !c.is_empty()) {
            let bias = &bias[columns];
            // Short rows are taken several at a time.
            let (mut several, width) = ([0.0; 256], bias.len().max(1));
            let count = (several.len() / width).min(c.len() / width).max(1);
            let bias = match several.get_mut(..count * width) {
                Some(rows) => {
                    rows.chunks_exact_mut(width).for_each(|row| row.copy_from_slice(bias));
                    rows
                }
                None => bias,
            };
            for rows in c.chunks_mut(bias.len()) {
                vector::update(rows, &bias[..rows.len()], |c, bias| c + bias);
            }
        }
        activation::forward_in_place(self.activation, self.params, c);
    }
}

/// The range in pieces of `size`, the last one smaller.
pub(crate) fn blocks(range: &Range<usize>, size: usize) -> impl Iterator<Item = Range<usize>> {
    let end = range.end;
    range.clone().step_by(size).map(move |start| start..end.min(start + size))
}
