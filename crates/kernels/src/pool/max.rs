//! The largest of each window.

use core::ops::Range;

use super::{Pool, load, store};
use crate::lane::{F32x4, I32x4, Lane};

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
fn store_places(four: I32x4, y: &mut [i32]) {
    if let Some(y) = y.first_chunk_mut() {
        return four.store(y);
    }
    let mut places = [0; 4];
    four.store(&mut places);
    y.iter_mut().zip(places).for_each(|(y, place)| *y = place);
}

/// The larger of what was found so far, and where, and of x, which is `here`.
#[inline(always)]
fn larger((best, place): (F32x4, I32x4), x: F32x4, here: usize) -> (F32x4, I32x4) {
    let (stays, number) = (x.le(best), best.eq(best));
    let next = I32x4::select(stays, place, I32x4::splat(here as i32));
    (F32x4::select(number, F32x4::select(stays, best, x), best), I32x4::select(number, next, place))
}

/// The largest of four pixels in all channels, a multiple of four.
#[inline(never)]
fn largest_of(pixels: [usize; 4], x: &[f32], y: &mut [f32], at: &mut [i32]) {
    let [a, b, c, d] = pixels.map(|here| x[here * y.len()..].as_chunks().0);
    let outputs = y.as_chunks_mut().0.iter_mut().zip(at.as_chunks_mut().0);
    for ((y, at), (((a, b), c), d)) in outputs.zip(a.iter().zip(b).zip(c).zip(d)) {
        let first = (F32x4::load(a), I32x4::splat(pixels[0] as i32));
        let others = [b, c, d].into_iter().zip(&pixels[1..]);
        let best = others.fold(first, |best, (x, here)| larger(best, F32x4::load(x), *here));
        best.0.store(y);
        best.1.store(at);
    }
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
            let first = down.start * columns.size + across.start;
            let none = (F32x4::splat(f32::NEG_INFINITY), I32x4::splat(first as i32));
            let [down_to, right] = [&down, &across].map(|range| range.len().wrapping_sub(1));
            if channels % 4 == 0 && down_to <= 1 && right <= 1 {
                // Of a narrower window pixels come again, which changes nothing.
                let below = first + down_to * columns.size;
                largest_of([first, first + right, below, below + right], x, y, at);
                continue;
            }
            for (channel, (y, at)) in (0..).step_by(4).zip(y.chunks_mut(4).zip(at.chunks_mut(4))) {
                let mut best = none;
                for iy in down.clone() {
                    for ix in across.clone() {
                        let here = iy * columns.size + ix;
                        best = larger(best, load(x, here * channels + channel), here);
                    }
                }
                store(best.0, y);
                store_places(best.1, at);
            }
        }
    }
}

/// What windows apart from each other have of a line, those of one line of windows at most, and zeros between them; dx: (width, channels)
#[inline(never)]
fn scatter(pool: Pool, iy: usize, down: Range<usize>, dy: &[f32], at: &[i32], dx: &mut [f32]) {
    let Pool { columns, channels, .. } = pool;
    dx.fill(0.0);
    for (oy, ox) in down.flat_map(|oy| (0..columns.out).map(move |ox| (oy, ox))) {
        let window = (oy * columns.out + ox) * channels;
        let (dy, at) = (&dy[window..][..channels], &at[window..][..channels]);
        for ix in columns.window(ox) {
            let here = I32x4::splat((iy * columns.size + ix) as i32);
            let dx = dx[ix * channels..].as_chunks_mut().0.iter_mut();
            for ((dx, dy), at) in dx.zip(dy.as_chunks().0).zip(at.as_chunks().0) {
                let (zero, hit) = (F32x4::splat(0.0), I32x4::load(at).equals(here));
                (zero + F32x4::select(hit, F32x4::load(dy), zero)).store(dx);
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
        if columns.kernel <= columns.stride && channels % 4 == 0 && down.len() <= 1 {
            scatter(pool, iy, down, dy, at, dx);
            continue;
        }
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
