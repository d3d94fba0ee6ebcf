//! Numerical kernels on slices: no allocation, no statics, no panic for lengths that follow the
//! stated shapes, and the same bits on every machine.
//!
//! A kernel computes one thread's *share* of an op. Shares are cut by shape only, and a result
//! never depends on the cut. Matrices are row-major; `m, n, k` are the letters of BLAS; the
//! gradient of `x` is called `dx`.

#![cfg_attr(not(test), no_std)]

pub mod activation;
pub mod along;
mod codes;
pub mod copy;
pub mod elementwise;
pub mod gemm;
pub mod index;
pub mod integers;
pub mod lane;
mod logarithm;
pub mod loss;
pub mod math;
pub mod moments;
pub mod optimizer;
pub mod peak;
mod polynomial;
pub mod pool;
pub mod power;
pub mod random;
pub mod reduce;
pub mod softmax;
pub mod sorting;
pub mod statistics;
pub mod sum;
mod trig;
mod vector;
pub mod window;

pub use activation::{Activation, Params};
pub use gemm::{Epilogue, Gemm, PACK_WORDS, gemm};
pub use index::BadIndex;

/// Which numbers a seed gives: one more with each change of bits. Saved models carry it.
pub const NUMERICS: u32 = 1;

/// What is added to it where a product and its sum are rounded once.
pub const FUSED: u32 = 1000;
