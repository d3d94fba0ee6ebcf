//! Polynomials of lanes.

use crate::lane::Lane;

/// c[0] + c[1] x + c[2] x^2 + ..., in pairs of terms, which wait for each other less than one term
/// after the other
#[inline(always)]
pub(crate) fn polynomial<L: Lane, const N: usize>(x: L, c: [f32; N]) -> L {
    let pair = |c: &[f32]| match *c {
        [low, high] => L::splat(high) * x + L::splat(low),
        _ => L::splat(c[0]),
    };
    let x2 = x * x;
    let last = (N - 1) / 2 * 2;
    let mut sum = pair(&c[last..]);
    for c in c[..last].chunks(2).rev() {
        sum = sum * x2 + pair(c);
    }
    sum
}
