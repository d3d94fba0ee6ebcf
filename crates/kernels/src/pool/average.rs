//! The mean of each window.

use core::ops::Range;

use super::{Pool, load, store};
use crate::lane::{F32x4, Lane};

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
