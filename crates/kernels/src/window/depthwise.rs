//! Convolutions whose groups have one channel and one output each.

use core::ops::Range;

use super::line::{Taps, class_of, outputs_of};
use super::ring::{Ring, TAPS};
use super::sums::{Sums, four};
use super::{Axis, Window};
use crate::gemm::Epilogue;
use crate::lane::{F32x4, Lane};

/// Is it done here?
pub fn fits(window: &Window) -> bool {
    let &Window { y, x, groups, inputs, outputs, .. } = window;
    let one = inputs == 1 && outputs == 1 && groups >= 4;
    one && y.kernel.saturating_mul(x.kernel) <= TAPS
        && Ring::new(&outputs_of(&y), &outputs_of(&x)).windows > 0
}

/// As [`super::convolve`].
pub fn convolve(
    window: &Window,
    pixels: Range<usize>,
    x: &[f32],
    kernel: &[f32],
    epilogue: &Epilogue,
    y: &mut [f32],
    pack: &mut [f32],
) {
    let (channels, bias) = (window.groups, epilogue.bias);
    let [of_y, of_x] = [&window.y, &window.x].map(outputs_of);
    let (taps, across) = ([Taps::FORWARD; 2], window.x.kernel);
    let sums = Sums { source: x, kernel, bias, channels, y: of_y, x: of_x, taps, across };
    images(pixels, window.y.out * window.x.out, channels, y, |image, pixels, y| {
        sums.of(image, pixels, y, pack);
        Epilogue { bias: None, ..*epilogue }.apply(0..channels, y);
    });
}

/// As [`super::image_gradient`].
pub fn image_gradient(
    window: &Window,
    lines: Range<usize>,
    dy: &[f32],
    kernel: &[f32],
    dx: &mut [f32],
    pack: &mut [f32],
) {
    let Window { y, x, groups: channels, .. } = *window;
    let pixels = lines.start * x.size..lines.end * x.size;
    images(pixels, y.size * x.size, channels, dx, |image, pixels, dx| {
        for class in 0..y.stride.min(y.size) {
            let (of_y, taps_y) = class_of(&y, class);
            for class in 0..x.stride.min(x.size) {
                let (of_x, taps_x) = class_of(&x, class);
                let (taps, across) = ([taps_y, taps_x], x.kernel);
                let (source, bias) = (dy, None);
                let sums = Sums { source, kernel, bias, channels, y: of_y, x: of_x, taps, across };
                sums.of(image, pixels.clone(), dx, pack);
            }
        }
    });
}

/// Some pixels of images of `size`, image by image; out: (pixels.len(), channels)
fn images(
    pixels: Range<usize>,
    size: usize,
    channels: usize,
    mut out: &mut [f32],
    mut f: impl FnMut(usize, Range<usize>, &mut [f32]),
) {
    let mut at = pixels.start;
    while at < pixels.end {
        let (image, first) = (at / size, at % size);
        let end = size.min(first + pixels.end - at);
        let (part, rest) = out.split_at_mut((end - first) * channels);
        f(image, first..end, part);
        (at, out) = (at + end - first, rest);
    }
}

/// As [`super::kernel_gradient`]: the rows are taps.
pub fn kernel_gradient(
    window: &Window,
    rows: Range<usize>,
    x: &[f32],
    dy: &[f32],
    dkernel: &mut [f32],
) {
    let (width, channels) = (window.x.kernel, window.groups);
    let (mut tap, mut rest) = (rows.start, dkernel);
    while tap < rows.end {
        let three = tap % width + 3 <= width && tap + 3 <= rows.end;
        let count = if three { 3 } else { 1 };
        let (part, after) = rest.split_at_mut(count * channels);
        match (three, channels >= 8) {
            (true, true) => of_taps::<3, 2>(window, tap, x, dy, part),
            (true, false) => of_taps::<3, 1>(window, tap, x, dy, part),
            _ => of_taps::<1, 1>(window, tap, x, dy, part),
        }
        (tap, rest) = (tap + count, after);
    }
}

/// The gradients of TAPS taps beside each other, VECTORS of channels at a time; dkernel: (TAPS, channels)
fn of_taps<const TAPS: usize, const VECTORS: usize>(
    window: &Window,
    tap: usize,
    x: &[f32],
    dy: &[f32],
    dkernel: &mut [f32],
) {
    let channels = window.groups;
    for channel in (0..channels).step_by(4 * VECTORS) {
        let channel = channel.min(channels - 4 * VECTORS);
        let mut sums = [[F32x4::splat(0.0); VECTORS]; TAPS];
        for line in 0..window.batch * window.y.out {
            let (image, i) = (line / window.y.out, line % window.y.out);
            let at = window.y.at(i, tap / window.x.kernel);
            let width = window.x.size * channels;
            let inside = at < window.y.size;
            let x = if inside { &x[(image * window.y.size + at) * width..][..width] } else { &[] };
            let dy = &dy[line * window.x.out * channels..][..window.x.out * channels];
            along(&window.x, channels, tap % window.x.kernel, channel, x, dy, &mut sums);
        }
        for (sums, row) in sums.into_iter().zip(dkernel.chunks_exact_mut(channels)) {
            let (row, _) = row[channel..].as_chunks_mut();
            sums.into_iter().zip(row).for_each(|(sum, row)| sum.store(row));
        }
    }
}

/// sums[t] += x · dy along a line of outputs
#[inline(never)]
fn along<const TAPS: usize, const VECTORS: usize>(
    axis: &Axis,
    channels: usize,
    tap: usize,
    channel: usize,
    x: &[f32],
    dy: &[f32],
    sums: &mut [[F32x4; VECTORS]; TAPS],
) {
    let mut own = *sums;
    for (j, dy) in dy.chunks_exact(channels).enumerate() {
        let dy: [F32x4; VECTORS] = core::array::from_fn(|v| four(dy, channel + 4 * v));
        for (t, sums) in own.iter_mut().enumerate() {
            let at = axis.at(j, tap + t);
            let at = if at < axis.size { at * channels + channel } else { usize::MAX - 16 };
            for (v, sum) in sums.iter_mut().enumerate() {
                *sum = sum.madd(four(x, at + 4 * v), dy[v]);
            }
        }
    }
    *sums = own;
}
