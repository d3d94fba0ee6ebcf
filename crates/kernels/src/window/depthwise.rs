//! Convolutions whose groups have one channel and one output each.

use core::ops::Range;

use super::Window;
use super::line::{Taps, class_of, outputs_of};
use super::ring::{Ring, TAPS};
use super::sums::Sums;
use crate::gemm::Epilogue;

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
