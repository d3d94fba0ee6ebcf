//! What the tests of the kernels share.

/// The same bits; a NaN is like any other.
pub fn same(a: f32, b: f32) -> bool {
    a.to_bits() == b.to_bits() || (a.is_nan() && b.is_nan())
}
