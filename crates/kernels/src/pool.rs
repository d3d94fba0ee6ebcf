//! Pooling: windows over the two inner axes of (batch, height, width, channels), four channels at a time. What lies
//! outside of an image is left out. An output takes its window's elements in the order (y, x); backward an element takes
//! the windows that cover it in the order (y, x), so that each is written once, however windows overlap.

use core::ops::Range;

use crate::lane::{F32x4, I32x4, Lane};

/// Windows along one axis, of which the first begins `before` elements outside. They end within 2^31 elements.
#[derive(Clone, Copy)]
pub struct Axis {
    pub size: usize,
    pub out: usize,
    pub kernel: usize,
    pub stride: usize,
    pub before: usize,
}

impl Axis {
    /// The elements in a window.
    #[inline(always)]
    fn window(self, o: usize) -> Range<usize> {
        let start = o * self.stride;
        let end = (start + self.kernel).saturating_sub(self.before).min(self.size);
        start.saturating_sub(self.before).min(end)..end
    }

    /// The windows that an element is in.
    #[inline(always)]
    fn covering(self, i: usize) -> Range<usize> {
        let (at, stride) = (i + self.before, self.stride.max(1));
        let end = (at / stride + 1).min(self.out);
        (at + 1).saturating_sub(self.kernel).div_ceil(stride).min(end)..end
    }
}

/// Windows over images.
#[derive(Clone, Copy)]
pub struct Pool {
    pub rows: Axis,
    pub columns: Axis,
    pub channels: usize,
}

impl Pool {
    /// Elements of an image.
    fn image(self) -> usize {
        self.rows.size * self.columns.size * self.channels
    }

    /// Elements of what an image becomes.
    fn pooled(self) -> usize {
        self.rows.out * self.columns.out * self.channels
    }

    /// What a sum over these ranges of an image is divided by; all of a window counts where pads do.
    #[inline(always)]
    fn count(self, pads: bool, down: &Range<usize>, across: &Range<usize>) -> f32 {
        let count =
            if pads { self.rows.kernel * self.columns.kernel } else { down.len() * across.len() };
        count as f32
    }
}

/// Four from here on. What is read beyond a pixel is part of the next one, and not stored.
#[inline(always)]
fn load(x: &[f32], at: usize) -> F32x4 {
    let x = x.get(at..).unwrap_or_default();
    x.first_chunk().map_or_else(|| F32x4::load_partial(x, 0.0), F32x4::load)
}

#[inline(always)]
fn load_places(x: &[i32], at: usize) -> I32x4 {
    let x = x.get(at..).unwrap_or_default();
    x.first_chunk().map_or_else(|| last_places(x), I32x4::load)
}

#[inline(never)]
fn last_places(x: &[i32]) -> I32x4 {
    let mut four = [0; 4];
    four.iter_mut().zip(x).for_each(|(four, x)| *four = *x);
    I32x4::load(&four)
}

#[inline(always)]
fn store(four: F32x4, y: &mut [f32]) {
    match y.first_chunk_mut() {
        Some(y) => four.store(y),
        None => four.store_partial(y),
    }
}

#[inline(always)]
fn store_places(four: I32x4, y: &mut [i32]) {
    if let Some(y) = y.first_chunk_mut() {
        return four.store(y);
    }
    let mut places = [0; 4];
    four.store(&mut places);
    y.iter_mut().zip(places).for_each(|(y, place)| *y = place);
}

/// The largest of each window, and where in its image it stands, counted over (y, x): the first of equals, NaN being
/// the largest. x: (batch, height, width, channels), all of it; y, at: (own rows of all images, out, channels)
#[inline(never)]
pub fn max_pool(pool: Pool, own: Range<usize>, x: &[f32], y: &mut [f32], at: &mut [i32]) {
    let Pool { rows, columns, channels } = pool;
    let width = (columns.out * channels).max(1);
    for ((row, y), at) in own.zip(y.chunks_exact_mut(width)).zip(at.chunks_exact_mut(width)) {
        let x = &x[row / rows.out.max(1) * pool.image()..][..pool.image()];
        let down = rows.window(row % rows.out.max(1));
        let pixels = y.chunks_exact_mut(channels.max(1)).zip(at.chunks_exact_mut(channels.max(1)));
        for (ox, (y, at)) in pixels.enumerate() {
            let across = columns.window(ox);
            for (channel, (y, at)) in (0..).step_by(4).zip(y.chunks_mut(4).zip(at.chunks_mut(4))) {
                let first = down.start * columns.size + across.start;
                let mut best = F32x4::splat(f32::NEG_INFINITY);
                let mut place = I32x4::splat(first as i32);
                for iy in down.clone() {
                    for ix in across.clone() {
                        let here = iy * columns.size + ix;
                        let x = load(x, here * channels + channel);
                        let (stays, number) = (x.le(best), best.eq(best));
                        let next = I32x4::select(stays, place, I32x4::splat(here as i32));
                        place = I32x4::select(number, next, place);
                        best = F32x4::select(number, F32x4::select(stays, best, x), best);
                    }
                }
                store(best, y);
                store_places(place, at);
            }
        }
    }
}

/// Each element has dy of the windows whose largest it is; dy, at: (batch, out, out, channels), all of them,
/// dx: (own rows of all images, width, channels)
#[inline(never)]
pub fn max_pool_backward(pool: Pool, own: Range<usize>, dy: &[f32], at: &[i32], dx: &mut [f32]) {
    let Pool { rows, columns, channels } = pool;
    for (row, dx) in own.zip(dx.chunks_exact_mut((columns.size * channels).max(1))) {
        let (image, iy) = (row / rows.size.max(1), row % rows.size.max(1));
        let (start, down) = (image * pool.pooled(), rows.covering(iy));
        let (dy, at) = (&dy[start..][..pool.pooled()], &at[start..][..pool.pooled()]);
        for (ix, dx) in dx.chunks_exact_mut(channels.max(1)).enumerate() {
            let across = columns.covering(ix);
            let here = I32x4::splat((iy * columns.size + ix) as i32);
            for (channel, dx) in (0..).step_by(4).zip(dx.chunks_mut(4)) {
                let mut sum = F32x4::splat(0.0);
                for oy in down.clone() {
                    for ox in across.clone() {
                        let window = (oy * columns.out + ox) * channels + channel;
                        let hit = load_places(at, window).equals(here);
                        sum = sum + F32x4::select(hit, load(dy, window), F32x4::splat(0.0));
                    }
                }
                store(sum, dx);
            }
        }
    }
}

/// The mean of each window, of what lies in the image or, where pads count, of all of it;
/// x: (batch, height, width, channels), all of it, y: (own rows of all images, out, channels)
#[inline(never)]
pub fn average_pool(pool: Pool, pads: bool, own: Range<usize>, x: &[f32], y: &mut [f32]) {
    let Pool { rows, columns, channels } = pool;
    for (row, y) in own.zip(y.chunks_exact_mut((columns.out * channels).max(1))) {
        let x = &x[row / rows.out.max(1) * pool.image()..][..pool.image()];
        let down = rows.window(row % rows.out.max(1));
        for (ox, y) in y.chunks_exact_mut(channels.max(1)).enumerate() {
            let across = columns.window(ox);
            let count = F32x4::splat(pool.count(pads, &down, &across));
            for (channel, y) in (0..).step_by(4).zip(y.chunks_mut(4)) {
                let mut sum = F32x4::splat(0.0);
                for iy in down.clone() {
                    for ix in across.clone() {
                        sum = sum + load(x, (iy * columns.size + ix) * channels + channel);
                    }
                }
                store(sum / count, y);
            }
        }
    }
}

/// Each element has its share of dy of the windows that it is in; dy: (batch, out, out, channels), all of it,
/// dx: (own rows of all images, width, channels)
#[inline(never)]
pub fn average_pool_backward(
    pool: Pool,
    pads: bool,
    own: Range<usize>,
    dy: &[f32],
    dx: &mut [f32],
) {
    let Pool { rows, columns, channels } = pool;
    for (row, dx) in own.zip(dx.chunks_exact_mut((columns.size * channels).max(1))) {
        let (image, iy) = (row / rows.size.max(1), row % rows.size.max(1));
        let dy = &dy[image * pool.pooled()..][..pool.pooled()];
        let down = rows.covering(iy);
        for (ix, dx) in dx.chunks_exact_mut(channels.max(1)).enumerate() {
            let across = columns.covering(ix);
            for (channel, dx) in (0..).step_by(4).zip(dx.chunks_mut(4)) {
                let mut sum = F32x4::splat(0.0);
                for oy in down.clone() {
                    for ox in across.clone() {
                        let dy = load(dy, (oy * columns.out + ox) * channels + channel);
                        let count = pool.count(pads, &rows.window(oy), &columns.window(ox));
                        sum = sum + dy / F32x4::splat(count);
                    }
                }
                store(sum, dx);
            }
        }
    }
}

#[cfg(test)]
mod tests {
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
}
