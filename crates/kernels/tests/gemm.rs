//! The matrix product has the bits of the reference loop, whatever the shape, the storage, the
//! fusion, the cut or the alignment.

use ferrograd_kernels::activation::{Activation, Params};
use ferrograd_kernels::gemm::{Epilogue, Gemm, PACK_WORDS, gemm, naive, pack_words};

/// Around a multiple of every block size.
const EDGES: [usize; 9] = [1, 4, 8, 63, 65, 127, 130, 255, 259];

fn numbers(n: usize, salt: u32) -> Vec<f32> {
    let mut state = salt.wrapping_mul(2_654_435_761) | 1;
    let mut next = || {
        state = state.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
        (state >> 8) as f32 / 16_777_216.0 - 0.5
    };
    (0..n).map(|_| next()).collect()
}

/// Compares with the reference, the operands starting at `offset` floats into their buffers.
fn check(shape: Gemm, cut: usize, offset: usize, activation: Activation, with_bias: bool) {
    let Gemm { m, n, k, .. } = shape;
    let (a, b) = (numbers(m * k + offset, 1), numbers(k * n + offset, 2));
    let bias = numbers(n, 3);
    let params: Params = [0.2, 0.0];
    let epilogue = Epilogue { bias: with_bias.then_some(&bias[..]), activation, params };
    let mut expected = vec![f32::NAN; m * n];
    naive(&shape, 0..m, &a[offset..], &b[offset..], &epilogue, &mut expected);

    let mut pack = vec![f32::NAN; pack_words([k, m, n])]; // in any order
    let mut c = vec![f32::NAN; m * n + offset];
    let (head, tail) = c[offset..].split_at_mut(cut * n);
    gemm(&shape, 0..cut, &a[offset..], &b[offset..], &epilogue, head, &mut pack);
    gemm(&shape, cut..m, &a[offset..], &b[offset..], &epilogue, tail, &mut pack);
    for (i, (c, expected)) in c[offset..].iter().zip(&expected).enumerate() {
        assert_eq!(c.to_bits(), expected.to_bits(), "element {i} of {shape:?}, cut at {cut}");
    }
}

fn storages(m: usize, n: usize, k: usize) -> [Gemm; 4] {
    [(false, false), (false, true), (true, false), (true, true)].map(|(trans_a, trans_b)| Gemm {
        m,
        n,
        k,
        trans_a,
        trans_b,
    })
}

#[test]
fn small_shapes() {
    for m in 0..=17 {
        for n in 0..=17 {
            for k in 0..=17 {
                for shape in storages(m, n, k) {
                    check(shape, 0, 0, Activation::Linear, false);
                }
            }
        }
    }
}

#[test]
fn random_shapes() {
    let mut state: u32 = 7;
    let mut next = |below: usize| {
        state = state.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
        (state >> 8) as usize % below
    };
    for _ in 0..300 {
        let (m, n, k) = (next(40), next(40), next(70));
        for shape in storages(m, n, k) {
            check(shape, next(m + 1), next(4), Activation::Relu, next(2) == 0);
        }
    }
}

#[test]
fn shapes_around_the_blocks() {
    for (i, &m) in EDGES.iter().enumerate() {
        for (j, &n) in EDGES.iter().enumerate() {
            let k = EDGES[(i * 5 + j * 7) % EDGES.len()];
            for shape in storages(m, n, k) {
                check(shape, m / 3, 0, Activation::Linear, true);
            }
        }
    }
    for k in [511, 512, 513, 784] {
        for shape in storages(5, 9, k).into_iter().chain(storages(9, 3, k)) {
            check(shape, 2, 0, Activation::Linear, true);
        }
    }
    for (m, n, k) in [(70, 13, 600), (41, 8, 1030), (300, 40, 9), (130, 70, 16), (33, 16, 257)] {
        for shape in storages(m, n, k) {
            check(shape, 37.min(m / 2), 0, Activation::Sigmoid, true);
        }
    }
}

#[test]
fn fused_bias_and_activation() {
    for &activation in Activation::ALL {
        for with_bias in [false, true] {
            for (m, n, k) in [(5, 13, 7), (9, 3, 20), (6, 8, 0), (5, 10, 300), (9, 2, 300)] {
                for shape in storages(m, n, k) {
                    check(shape, 3, 0, activation, with_bias);
                }
            }
        }
    }
}

#[test]
fn any_cut_of_the_rows() {
    for (n, k) in [(10, 33), (3, 33), (40, 33), (128, 7), (1, 260)] {
        for shape in storages(19, n, k) {
            for cut in 0..=19 {
                check(shape, cut, 0, Activation::Relu, true);
            }
        }
    }
}

#[test]
fn any_alignment() {
    for offset in 1..4 {
        for shape in storages(9, 11, 10).into_iter().chain(storages(9, 2, 10)) {
            check(shape, 4, offset, Activation::Tanh, true);
        }
    }
}

#[test]
fn nan_and_infinity_stay_in_their_rows_and_columns() {
    for n in [1, 2, 3, 5, 9, 40] {
        nan_and_infinity(n, 6);
        nan_and_infinity(n, 600);
    }
}

fn nan_and_infinity(n: usize, k: usize) {
    let m = 5;
    let shape = Gemm { m, n, k, trans_a: false, trans_b: false };
    let (mut a, mut b) = (numbers(m * k, 1), numbers(k * n, 2));
    a[2 * k + 1] = f32::NAN;
    b[3 * n + n - 1] = f32::INFINITY;
    let epilogue = Epilogue { bias: None, activation: Activation::Linear, params: [0.0; 2] };
    let mut c = vec![0.0; m * n];
    gemm(&shape, 0..m, &a, &b, &epilogue, &mut c, &mut vec![0.0; PACK_WORDS]);
    for (i, row) in c.chunks(n).enumerate() {
        for (j, c) in row.iter().enumerate() {
            assert_eq!(c.is_nan(), i == 2, "{i} {j}");
            assert_eq!(c.is_infinite(), i != 2 && j == n - 1, "{i} {j}");
        }
    }
}

#[test]
fn empty_products() {
    for [m, n, k] in [[0, 5, 600], [5, 0, 600], [0, 0, 600], [40, 0, 3], [0, 40, 3], [600, 5, 0]] {
        for shape in storages(m, n, k) {
            check(shape, m / 2, 0, Activation::Relu, true);
        }
    }
}
