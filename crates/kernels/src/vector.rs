//! Loops over slices, four floats at a time. The last, partial vector is padded, computed whole
//! and stored in part, so that no element has a formula of its own.

use crate::lane::{F32x4, Lane};

/// y[i] = f(x[i])
#[inline(always)]
pub fn map(x: &[f32], y: &mut [f32], f: impl Fn(F32x4) -> F32x4) {
    let (x4, x_tail) = x.as_chunks::<4>();
    let (y4, y_tail) = y.as_chunks_mut::<4>();
    for (x, y) in x4.iter().zip(y4) {
        f(F32x4::load(x)).store(y);
    }
    if !y_tail.is_empty() {
        f(F32x4::load_partial(x_tail, 1.0)).store_partial(y_tail);
    }
}

/// y[i] = f(y[i])
#[inline(always)]
pub fn map_in_place(y: &mut [f32], f: impl Fn(F32x4) -> F32x4) {
    let (y4, tail) = y.as_chunks_mut::<4>();
    for y in y4 {
        f(F32x4::load(y)).store(y);
    }
    if !tail.is_empty() {
        f(F32x4::load_partial(tail, 1.0)).store_partial(tail);
    }
}

/// y[i] = f(a[i], b[i])
#[inline(always)]
pub fn map2(a: &[f32], b: &[f32], y: &mut [f32], f: impl Fn(F32x4, F32x4) -> F32x4) {
    let (a4, a_tail) = a.as_chunks::<4>();
    let (b4, b_tail) = b.as_chunks::<4>();
    let (y4, y_tail) = y.as_chunks_mut::<4>();
    for ((a, b), y) in a4.iter().zip(b4).zip(y4) {
        f(F32x4::load(a), F32x4::load(b)).store(y);
    }
    if !y_tail.is_empty() {
        let (a, b) = (
            F32x4::load_partial(a_tail, 1.0),
            F32x4::load_partial(b_tail, 1.0),
        );
        f(a, b).store_partial(y_tail);
    }
}

/// y[i] = f(y[i], x[i])
#[inline(always)]
pub fn update(y: &mut [f32], x: &[f32], f: impl Fn(F32x4, F32x4) -> F32x4) {
    let (x4, x_tail) = x.as_chunks::<4>();
    let (y4, y_tail) = y.as_chunks_mut::<4>();
    for (x, y) in x4.iter().zip(y4) {
        f(F32x4::load(y), F32x4::load(x)).store(y);
    }
    if !y_tail.is_empty() {
        let (y, x) = (
            F32x4::load_partial(y_tail, 1.0),
            F32x4::load_partial(x_tail, 1.0),
        );
        f(y, x).store_partial(y_tail);
    }
}

/// Folds a run into 16 lanes, element i into lane i mod 16, and the lanes by a fixed tree.
/// `unit` starts every lane and fills what is missing at the end; `step` takes the lane and the
/// next elements.
#[inline(always)]
pub fn fold16(
    x: &[f32],
    unit: f32,
    step: impl Fn(F32x4, F32x4) -> F32x4,
    join: impl Fn(f32, f32) -> f32,
) -> f32 {
    let mut lanes = [F32x4::splat(unit); 4];
    let (x16, tail) = x.as_chunks::<16>();
    for x in x16 {
        for (lane, x) in lanes.iter_mut().zip(x.as_chunks::<4>().0) {
            *lane = step(*lane, F32x4::load(x));
        }
    }
    for (lane, x) in lanes.iter_mut().zip(tail.chunks(4)) {
        *lane = step(*lane, F32x4::load_partial(x, unit));
    }
    join16(lanes, join)
}

/// The fixed tree over 16 lanes: halves are joined until one is left.
#[inline(always)]
pub fn join16(lanes: [F32x4; 4], join: impl Fn(f32, f32) -> f32) -> f32 {
    let [a, b, c, d] = lanes.map(F32x4::to_array);
    let four: [f32; 4] = core::array::from_fn(|i| join(join(a[i], c[i]), join(b[i], d[i])));
    join(join(four[0], four[2]), join(four[1], four[3]))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_length_is_covered() {
        for n in 0..40 {
            let x: Vec<f32> = (0..n).map(|i| i as f32).collect();
            let mut y = vec![f32::NAN; n];
            map(&x, &mut y, |x| x + x);
            assert!(y.iter().enumerate().all(|(i, &y)| y == 2.0 * i as f32));
            map_in_place(&mut y, |y| y + F32x4::load(&[1.0; 4]));
            assert!(
                y.iter()
                    .enumerate()
                    .all(|(i, &y)| y == 2.0 * i as f32 + 1.0)
            );
            update(&mut y, &x, |y, x| y - x);
            assert!(y.iter().enumerate().all(|(i, &y)| y == i as f32 + 1.0));
            let mut z = vec![f32::NAN; n];
            map2(&x, &y, &mut z, |a, b| a * b);
            assert!(
                z.iter()
                    .enumerate()
                    .all(|(i, &z)| z == (i * (i + 1)) as f32)
            );
            let sum = fold16(&x, 0.0, |a, b| a + b, |a, b| a + b);
            assert_eq!(sum, (0..n).sum::<usize>() as f32);
        }
    }
}
