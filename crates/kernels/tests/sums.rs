//! Sums and means against f64, number by number.

use ferrograd_kernels::reduce::{BLOCK, Reduction, join_blocks, reduce, sum_blocks};

fn reduced(kind: Reduction, [outer, n, inner]: [usize; 3], x: &[f32]) -> Vec<f32> {
    let mut y = vec![f32::NAN; outer * inner];
    match outer * kind.partials(n) {
        0 => reduce(kind, n, inner, x, &mut y),
        blocks => {
            let mut partials = vec![f64::NAN; blocks * inner];
            sum_blocks(n, inner, 0..blocks, x, &mut partials);
            join_blocks(kind, n, inner, &partials, &mut y);
        }
    }
    y
}

/// Sum and sum of |x| over n.
fn exact([outer, n, inner]: [usize; 3], x: &[f32]) -> Vec<[f64; 2]> {
    let mut sums = vec![[0.0; 2]; outer * inner];
    for (i, &x) in x.iter().enumerate() {
        let [sum, size] = &mut sums[i / (n * inner) * inner + i % inner];
        *sum += f64::from(x);
        *size += f64::from(x.abs());
    }
    sums
}

/// Within 4 roundings of f32, relative to the sum of |x|; what is not finite is exact.
fn check(shape: [usize; 3], x: &[f32]) {
    let n = shape[1];
    let (sums, means) = (reduced(Reduction::Sum, shape, x), reduced(Reduction::Mean, shape, x));
    for (i, [sum, size]) in exact(shape, x).into_iter().enumerate() {
        for (got, by) in [(sums[i], 1.0), (means[i], n as f64)] {
            let right = sum / by;
            let close = if size.is_finite() {
                (f64::from(got) - right).abs() <= size / by * 2.4e-7 + 1e-45
            } else {
                got == right as f32 || (got.is_nan() && right.is_nan())
            };
            assert!(close, "{shape:?} at {i}: expected {right}, got {got}");
        }
    }
}

/// Numbers in -0.5..0.5 by a linear congruence.
fn uniform(count: usize) -> impl Iterator<Item = f32> {
    let mut word = 1u32;
    (0..count).map(move |_| {
        word = word.wrapping_mul(1664525).wrapping_add(1013904223);
        (word >> 8) as f32 / (1 << 24) as f32 - 0.5
    })
}

#[test]
fn all_kinds_of_numbers_in_all_shapes() {
    let kinds: [fn(f32) -> f32; 7] = [
        |u| u,
        |u| 1e4 + u,
        |u| if u > 0.0 { 1e20 * u } else { 1e-20 * u },
        |u| u * 1e-40, // denormal
        |u| 1.0f32.copysign(u),
        |u| 0.1 + u * 0.0,
        |u| f32::exp(60.0 * u),
    ];
    for kind in kinds {
        for n in [1, 2, 7, 8, 9, 31, 33, 100, BLOCK, BLOCK + 1, 3 * BLOCK + 77] {
            for inner in [1, 2, 3, 4, 5, 17, 67] {
                let outer = 1 + n % 3;
                let x: Vec<f32> = uniform(outer * n * inner).map(kind).collect();
                check([outer, n, inner], &x);
            }
        }
        let wide: Vec<f32> = uniform(20 * 2500).map(kind).collect();
        check([1, 20, 2500], &wide);
        check([2, 10, 2500], &wide);
    }
}

#[test]
fn ten_million_numbers() {
    let n = 10_000_000;
    let tenth = vec![0.1f32; n];
    assert_eq!(reduced(Reduction::Sum, [1, n, 1], &tenth), [(0.1f32 as f64 * n as f64) as f32]);
    assert_eq!(reduced(Reduction::Mean, [1, n, 1], &tenth), [0.1]);
    let mixed: Vec<f32> = uniform(n).collect();
    check([1, n, 1], &mixed);
    check([1, n / 4, 4], &mixed);
    check([10, n / 10, 1], &mixed);
}

#[test]
fn equal_numbers_have_their_mean_and_zeros_a_zero_without_sign() {
    for n in [1, 3, 7, 10, 100, 4099, 10_000] {
        for inner in [1, 3] {
            let shape = [1, n, inner];
            for value in [0.1, 1e4 + 1.0 / 1024.0, -3e-39, 7e33] {
                let mean = reduced(Reduction::Mean, shape, &vec![value; n * inner]);
                assert_eq!(mean, vec![value; inner], "{n} times {value}");
            }
            let zeros = reduced(Reduction::Sum, shape, &vec![-0.0; n * inner]);
            assert!(zeros.iter().all(|zero| zero.to_bits() == 0));
        }
    }
}

#[test]
fn infinities_and_nan_stay_in_their_column() {
    let (rows, columns) = (100, 9);
    for at in [0, 5, 8, 50 * 9 + 3, 99 * 9 + 8] {
        for bad in [f32::NAN, f32::INFINITY, f32::NEG_INFINITY] {
            let mut x: Vec<f32> = uniform(rows * columns).collect();
            x[at] = bad;
            check([1, rows, columns], &x);
            check([rows, columns, 1], &x);
            check([1, rows * columns, 1], &x);
            x[at % columns] = -bad;
            check([1, rows, columns], &x);
        }
    }
}

#[test]
fn nothing_has_sum_0_and_no_mean() {
    assert_eq!(reduced(Reduction::Sum, [2, 0, 3], &[]), [0.0; 6]);
    assert!(reduced(Reduction::Mean, [2, 0, 1], &[]).iter().all(|mean| mean.is_nan()));
    assert_eq!(reduced(Reduction::Max, [1, 0, 2], &[]), [f32::NEG_INFINITY; 2]);
    assert_eq!(reduced(Reduction::Sum, [0, 5, 3], &[]), [0.0; 0]);
    assert_eq!(reduced(Reduction::Sum, [3, 5, 0], &[]), [0.0; 0]);
}

/// The error of the mean is in every deviation: batch normalization stands on it.
#[test]
fn a_variance_far_from_zero() {
    let (rows, columns) = (10_000, 4);
    let x: Vec<f32> = uniform(rows * columns).map(|u| 1e4 + (u + 0.5)).collect();
    let shape = [1, rows, columns];
    let mean = reduced(Reduction::Mean, shape, &x);
    let squares: Vec<f32> =
        x.iter().enumerate().map(|(i, x)| (x - mean[i % columns]).powi(2)).collect();
    let means = exact(shape, &x);
    for (j, got) in reduced(Reduction::Mean, shape, &squares).into_iter().enumerate() {
        let center = means[j][0] / rows as f64;
        let right = x.iter().skip(j).step_by(columns).map(|&x| (f64::from(x) - center).powi(2));
        let right = right.sum::<f64>() / rows as f64;
        assert!((f64::from(got) / right - 1.0).abs() < 1e-5, "{got} for {right}");
    }
}
