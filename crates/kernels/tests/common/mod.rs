//! What the tests of the kernels share.
#![allow(dead_code)]

/// Is it the long run, which draws many more?
pub fn long() -> bool {
    std::env::var("FERROGRAD_LONG").is_ok_and(|long| long == "1")
}

/// The same bits; a NaN is like any other.
pub fn same(a: f32, b: f32) -> bool {
    a.to_bits() == b.to_bits() || (a.is_nan() && b.is_nan())
}
