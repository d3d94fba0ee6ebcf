use super::*;

const BATCH: usize = 2;

/// Axes with windows inside, overlapping, apart and over the edges.
fn axes() -> Vec<Axis> {
    let mut axes = Vec::new();
    for (size, kernel, stride, before, after) in [
        (1, 1, 1, 0, 0),
        (5, 2, 2, 0, 0),
        (6, 3, 2, 1, 1),
        (4, 3, 1, 2, 2),
        (7, 2, 3, 1, 0),
        (3, 3, 5, 0, 1),
    ] {
        let out = (size + before + after - kernel) / stride + 1;
        axes.push(Axis { size, out, kernel, stride, before });
    }
    axes
}

fn pools(mut f: impl FnMut(Pool, &[f32], &[f32])) {
    for (case, &rows) in axes().iter().enumerate() {
        for &columns in &axes() {
            for channels in [1, 3, 4, 6, 8] {
                let pool = Pool { rows, columns, channels };
                let floats = |n: usize, by: usize| -> Vec<f32> {
                    (0..n).map(|i| ((i + case) * by % 17) as f32 - 8.0).collect()
                };
                let x = floats(BATCH * pool.image(), 7);
                let dy = floats(BATCH * pool.pooled(), 5);
                f(pool, &x, &dy);
            }
        }
    }
}

/// Every pair of an element and a window that it is in, with the elements' numbers: (element, window, count).
fn taps(pool: Pool) -> Vec<(usize, usize, usize)> {
    let inside = |axis: Axis, o: usize| -> Vec<usize> {
        let all = (0..axis.kernel).map(move |tap| (o * axis.stride + tap) as i64);
        let shifted = all.map(|at| at - axis.before as i64);
        shifted.filter(|&at| at >= 0 && at < axis.size as i64).map(|at| at as usize).collect()
    };
    let Pool { rows, columns, channels } = pool;
    let mut taps = Vec::new();
    for image in 0..BATCH {
        for (oy, ox) in (0..rows.out).flat_map(|oy| (0..columns.out).map(move |ox| (oy, ox))) {
            let (down, across) = (inside(rows, oy), inside(columns, ox));
            for (&iy, &ix) in down.iter().flat_map(|iy| across.iter().map(move |ix| (iy, ix))) {
                for channel in 0..channels {
                    let element = (iy * columns.size + ix) * channels + channel;
                    let window = (oy * columns.out + ox) * channels + channel;
                    taps.push((
                        image * pool.image() + element,
                        image * pool.pooled() + window,
                        down.len() * across.len(),
                    ));
                }
            }
        }
    }
    taps
}

/// In two shares.
fn halves<T: Clone>(rows: usize, all: &mut [T], mut f: impl FnMut(Range<usize>, &mut [T])) {
    let (half, width) = (rows / 2, all.len() / rows.max(1));
    let (head, tail) = all.split_at_mut(half * width);
    f(0..half, head);
    f(half..rows, tail);
}

#[test]
fn the_largest_is_the_first_of_equals_and_its_place_gets_the_gradient() {
    pools(|pool, x, dy| {
        let (mut y, mut at) = (vec![f32::NAN; dy.len()], vec![-1; dy.len()]);
        max_pool(pool, 0..BATCH * pool.rows.out, x, &mut y, &mut at);
        let mut found = vec![None; dy.len()];
        let mut dx = vec![0.0; x.len()];
        for (element, window, _) in taps(pool) {
            let best = found[window].get_or_insert(element);
            if x[element] > x[*best] {
                *best = element;
            }
        }
        for (window, best) in found.iter().enumerate() {
            let best = best.expect("no window is empty");
            dx[best] += dy[window];
            assert_eq!(y[window], x[best]);
            assert_eq!(at[window] as usize, best % pool.image() / pool.channels);
        }
        let mut own = vec![f32::NAN; x.len()];
        halves(BATCH * pool.rows.size, &mut own, |rows, dx| {
            max_pool_backward(pool, rows, dy, &at, dx);
        });
        assert_eq!(own, dx);
    });
}

#[test]
fn means_are_of_what_lies_inside_or_of_all() {
    pools(|pool, x, dy| {
        for pads in [false, true] {
            let all = pool.rows.kernel * pool.columns.kernel;
            let (mut sums, mut counts) = (vec![0.0; dy.len()], vec![0; dy.len()]);
            let mut dx = vec![0.0; x.len()];
            for (element, window, inside) in taps(pool) {
                let count = if pads { all } else { inside };
                sums[window] += x[element];
                counts[window] = count;
                dx[element] += dy[window] / count as f32;
            }
            let mut y = vec![f32::NAN; dy.len()];
            halves(BATCH * pool.rows.out, &mut y, |rows, y| {
                average_pool(pool, pads, rows, x, y);
            });
            let means = sums.iter().zip(&counts).map(|(sum, &count)| sum / count as f32);
            assert_eq!(y, means.collect::<Vec<_>>());
            let mut own = vec![f32::NAN; x.len()];
            average_pool_backward(pool, pads, 0..BATCH * pool.rows.size, dy, &mut own);
            assert_eq!(own, dx);
        }
    });
}

#[test]
fn nan_is_the_largest_and_the_first_of_it_counts() {
    let axis = Axis { size: 6, out: 2, kernel: 3, stride: 3, before: 0 };
    let one = Axis { size: 1, out: 1, kernel: 1, stride: 1, before: 0 };
    let pool = Pool { rows: one, columns: axis, channels: 1 };
    let x = [1.0, f32::NAN, f32::NAN, f32::NEG_INFINITY, f32::NEG_INFINITY, f32::NEG_INFINITY];
    let (mut y, mut at) = ([0.0; 2], [0; 2]);
    max_pool(pool, 0..1, &x, &mut y, &mut at);
    assert!(y[0].is_nan() && y[1] == f32::NEG_INFINITY);
    assert_eq!(at, [1, 3]);
}
