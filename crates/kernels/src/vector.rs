//! Loops over slices, four floats at a time. The last, partial vector is padded, computed whole
//! and stored in part, so that no element has a formula of its own. A formula is compiled once,
//! into a loop that is a function of its own and is called again for the tail.

use core::array::from_fn;
use core::slice::from_mut;

use crate::lane::{F32x4, Lane};

pub(crate) type Four = [f32; 4];
pub(crate) type Loop2<'a> = dyn Fn(&[Four], &[Four], &mut [Four]) + 'a;

/// y[i] = f(x[i])
#[inline(always)]
pub fn map(x: &[f32], y: &mut [f32], f: impl Fn(F32x4) -> F32x4) {
    run(x, y, &|x, y| {
        for (x, y) in x.iter().zip(y) {
            f(F32x4::load(x)).store(y);
        }
    });
}

/// y[i] = f(y[i])
#[inline(always)]
pub fn map_in_place(y: &mut [f32], f: impl Fn(F32x4) -> F32x4) {
    run_in_place(y, &|y| {
        for y in y {
            f(F32x4::load(y)).store(y);
        }
    });
}

/// y[i] = f(a[i], b[i])
#[inline(always)]
pub fn map2(a: &[f32], b: &[f32], y: &mut [f32], f: impl Fn(F32x4, F32x4) -> F32x4) {
    run2(a, b, y, &|a, b, y| {
        for ((a, b), y) in a.iter().zip(b).zip(y) {
            f(F32x4::load(a), F32x4::load(b)).store(y);
        }
    });
}

/// As [`map2`], four vectors in a turn, for formulas so short that the turn takes longer.
#[inline(always)]
pub fn map2_by_four(a: &[f32], b: &[f32], y: &mut [f32], f: impl Fn(F32x4, F32x4) -> F32x4) {
    run2(a, b, y, &|a, b, y| {
        let ((a4, a), (b4, b), (y4, y)) =
            (a.as_chunks::<4>(), b.as_chunks::<4>(), y.as_chunks_mut::<4>());
        for ((a, b), y) in a4.iter().zip(b4).zip(y4) {
            for i in 0..4 {
                f(F32x4::load(&a[i]), F32x4::load(&b[i])).store(&mut y[i]);
            }
        }
        for ((a, b), y) in a.iter().zip(b).zip(y) {
            f(F32x4::load(a), F32x4::load(b)).store(y);
        }
    });
}

#[inline(never)]
pub(crate) fn run(x: &[f32], y: &mut [f32], whole: &dyn Fn(&[Four], &mut [Four])) {
    let (x, x_tail) = x.as_chunks();
    let (y, y_tail) = y.as_chunks_mut();
    whole(x, y);
    if !y_tail.is_empty() {
        let mut last = [0.0; 4];
        whole(&[padded(x_tail)], from_mut(&mut last));
        F32x4::load(&last).store_partial(y_tail);
    }
}

#[inline(never)]
pub(crate) fn run_in_place(y: &mut [f32], whole: &dyn Fn(&mut [Four])) {
    let (y, tail) = y.as_chunks_mut();
    whole(y);
    if !tail.is_empty() {
        let mut last = padded(tail);
        whole(from_mut(&mut last));
        F32x4::load(&last).store_partial(tail);
    }
}

#[inline(never)]
pub(crate) fn run2(a: &[f32], b: &[f32], y: &mut [f32], whole: &Loop2) {
    let (a, a_tail) = a.as_chunks();
    let (b, b_tail) = b.as_chunks();
    let (y, y_tail) = y.as_chunks_mut();
    whole(a, b, y);
    if !y_tail.is_empty() {
        let mut last = [0.0; 4];
        whole(&[padded(a_tail)], &[padded(b_tail)], from_mut(&mut last));
        F32x4::load(&last).store_partial(y_tail);
    }
}

/// A partial vector, filled up with ones.
pub(crate) fn padded(x: &[f32]) -> Four {
    F32x4::load_partial(x, 1.0).to_array()
}

/// y[i] = f(y[i], x[i])
#[inline(always)]
pub fn update(y: &mut [f32], x: &[f32], f: impl Fn(F32x4, F32x4) -> F32x4) {
    let (x4, x_tail) = x.as_chunks();
    let (y4, y_tail) = y.as_chunks_mut();
    for (x, y) in x4.iter().zip(y4) {
        f(F32x4::load(y), F32x4::load(x)).store(y);
    }
    if !y_tail.is_empty() {
        let (y, x) = (F32x4::load_partial(y_tail, 1.0), F32x4::load_partial(x_tail, 1.0));
        f(y, x).store_partial(y_tail);
    }
}

/// Floats that are walked through strip by strip, in the L1 cache.
const BLOCK: usize = 4096;

/// y[j] = step(.. step(step(unit, x[0][j]), x[1][j]) ..); x: (rows, n), y: (n)
#[inline(always)]
pub fn fold_rows(unit: f32, x: &[f32], y: &mut [f32], step: impl Fn(F32x4, F32x4) -> F32x4) {
    let n = y.len().max(1);
    y.fill(unit);
    for x in x.chunks((BLOCK / n).max(1) * n) {
        let mut j = 0;
        while n - j >= 16 {
            fold_columns::<4>(x, j, n, &mut y[j..], &step);
            j += 16;
        }
        for j in (j..n).step_by(4) {
            fold_columns::<1>(x, j, n, &mut y[j..], &step);
        }
    }
}

/// The 4 V columns from j on, of which y may lack the last. What is read beyond a row is part of the
/// next one, and not stored.
#[inline(always)]
fn fold_columns<const V: usize>(
    x: &[f32],
    j: usize,
    n: usize,
    y: &mut [f32],
    step: impl Fn(F32x4, F32x4) -> F32x4,
) {
    let mut folds = from_fn(|v| F32x4::load_partial(&y[4 * v..], 0.0));
    let mut at = j;
    while let Some(x) = x.get(at..at + 4 * V) {
        for (fold, x) in folds.iter_mut().zip(x.as_chunks().0) {
            *fold = step(*fold, F32x4::load(x));
        }
        at += n;
    }
    while let Some(x @ [_, ..]) = x.get(at..) {
        folds[0] = step(folds[0], F32x4::load_partial(x, 0.0));
        at += n;
    }
    let folds: [F32x4; V] = folds;
    for (fold, y) in folds.into_iter().zip(y.chunks_mut(4)) {
        match y.first_chunk_mut() {
            Some(y) => fold.store(y),
            None => fold.store_partial(y),
        }
    }
}

/// The maximum of a run, NaN when an element is NaN: element i goes to lane i mod 16.
#[inline(never)]
pub fn max16(x: &[f32]) -> f32 {
    let least = F32x4::splat(f32::NEG_INFINITY);
    let mut lanes = [least; 4];
    let (x16, tail) = x.as_chunks::<16>();
    for x in x16 {
        for (lane, x) in lanes.iter_mut().zip(x.as_chunks::<4>().0) {
            *lane = lane.maximum(F32x4::load(x));
        }
    }
    for (lane, x) in lanes.iter_mut().zip(tail.chunks(4)) {
        *lane = lane.maximum(F32x4::load_partial(x, f32::NEG_INFINITY));
    }
    let four = lanes.into_iter().fold(least, Lane::maximum).to_array();
    four.into_iter().fold(f32::NEG_INFINITY, Lane::maximum)
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
            assert!(y.iter().enumerate().all(|(i, &y)| y == 2.0 * i as f32 + 1.0));
            update(&mut y, &x, |y, x| y - x);
            assert!(y.iter().enumerate().all(|(i, &y)| y == i as f32 + 1.0));
            let mut z = vec![f32::NAN; n];
            map2(&x, &y, &mut z, |a, b| a * b);
            assert!(z.iter().enumerate().all(|(i, &z)| z == (i * (i + 1)) as f32));
        }
    }
}
