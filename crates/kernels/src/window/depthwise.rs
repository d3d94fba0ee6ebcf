//! Convolutions whose groups have one channel and one output each: channels in the lanes, the columns that windows share in
//! registers.

use core::array::from_fn;
use core::ops::Range;

use super::line::{Line, Taps, class_of, outputs_of};
use super::{Axis, Window};
use crate::gemm::Epilogue;
use crate::lane::{F32x4, Lane};

/// Lines of an image that a window may meet.
const LINES: usize = 8;

/// Is it done here?
pub fn fits(window: &Window) -> bool {
    let &Window { y, groups, inputs, outputs, .. } = window;
    inputs == 1 && outputs == 1 && groups >= 4 && y.kernel <= LINES
}

/// As [`super::convolve`].
pub fn convolve(
    window: &Window,
    pixels: Range<usize>,
    x: &[f32],
    kernel: &[f32],
    epilogue: &Epilogue,
    y: &mut [f32],
) {
    let width = window.x.out;
    let [of_y, of_x] = [&window.y, &window.x].map(outputs_of);
    let taps = [Taps::FORWARD; 2];
    let channels = window.groups;
    let (across, bias) = (window.x.kernel, epilogue.bias);
    let sums = Sums { source: x, kernel, bias, channels, y: of_y, x: of_x, taps, across };
    let (mut at, mut rest) = (pixels.start, y);
    while at < pixels.end {
        let (line, first) = (at / width, at % width);
        let end = width.min(first + pixels.end - at);
        let (part, after) = rest.split_at_mut((end - first) * channels);
        sums.line([line / of_y.count, line % of_y.count], first..end, part, first);
        Epilogue { bias: None, ..*epilogue }.apply(0..channels, part);
        (at, rest) = (at + end - first, after);
    }
}

/// As [`super::image_gradient`].
pub fn image_gradient(
    window: &Window,
    lines: Range<usize>,
    dy: &[f32],
    kernel: &[f32],
    dx: &mut [f32],
) {
    let Window { y, x, groups: channels, .. } = *window;
    for (line, dx) in lines.zip(dx.chunks_exact_mut(x.size * channels)) {
        let (image, i) = (line / y.size, line % y.size);
        let (of_y, taps_y) = class_of(&y, i % y.stride);
        for class in 0..x.stride.min(x.size) {
            let (of_x, taps_x) = class_of(&x, class);
            let taps = [taps_y, taps_x];
            let (across, bias) = (x.kernel, None);
            let sums = Sums { source: dy, kernel, bias, channels, y: of_y, x: of_x, taps, across };
            sums.line([image, i / y.stride], 0..of_x.count, dx, 0);
        }
    }
}

/// Sums over windows, channel by channel.
struct Sums<'a> {
    source: &'a [f32],
    kernel: &'a [f32],
    bias: Option<&'a [f32]>,
    channels: usize,
    y: Line,
    x: Line,
    taps: [Taps; 2],
    /// Taps along a line of the kernel.
    across: usize,
}

impl Sums<'_> {
    /// Some positions of a line of an image, in `out`, which begins with the pixel `origin`.
    fn line(&self, [image, i]: [usize; 2], js: Range<usize>, out: &mut [f32], origin: usize) {
        let width = self.x.source * self.channels;
        let mut lines: [&[f32]; LINES] = [&[]; LINES]; // empty where they are none of the image
        for (tap, line) in lines.iter_mut().enumerate().take(self.y.taps) {
            let at = self.y.at(i, tap);
            if at < self.y.source {
                *line = &self.source[(image * self.y.source + at) * width..][..width];
            }
        }
        let place = (self.x.start + js.start * self.x.stride - origin) * self.channels;
        let [a, b, c, ..] = lines;
        let lines = &lines[..self.y.taps];
        let taps = if self.x.next == 1 { [lines.len(), self.x.taps] } else { [0; 2] };
        for channel in (0..self.channels).step_by(4) {
            let channel = channel.min(self.channels - 4);
            let out = &mut out[place + channel..];
            let js = js.clone();
            match (taps, self.x.step) {
                ([3, 3], 1) => self.slide([a, b, c], channel, js, out),
                ([..=3, 3], 2) if js.len() >= 2 => {
                    self.tiles::<3, 2, 2, 5>(lines, channel, js, out)
                }
                ([..=3, 2], 1) if js.len() >= 4 => {
                    self.tiles::<2, 1, 4, 5>(lines, channel, js, out)
                }
                _ => self.gather(lines, channel, js, out),
            }
        }
    }

    fn weight(&self, y: usize, x: usize, channel: usize) -> F32x4 {
        let tap = self.taps[0].at(y) * self.across + self.taps[1].at(x);
        four(self.kernel, tap * self.channels + channel)
    }

    /// What is added to the sums: where there is no bias, the zero that changes none, not even -0.
    fn bias(&self, channel: usize) -> F32x4 {
        self.bias.map_or(F32x4::splat(-0.0), |bias| four(bias, channel))
    }

    /// Windows of any kind.
    #[inline(never)]
    fn gather(&self, lines: &[&[f32]], channel: usize, js: Range<usize>, out: &mut [f32]) {
        let bias = self.bias(channel);
        for (j, out) in js.zip(out.chunks_mut(self.x.stride * self.channels)) {
            let mut sum = F32x4::splat(0.0);
            for (y, line) in lines.iter().enumerate() {
                for x in 0..self.x.taps {
                    let at = self.x.at(j, x);
                    let inside = at < self.x.source;
                    let at = if inside { at * self.channels + channel } else { usize::MAX };
                    sum = sum.madd(four(line, at), self.weight(y, x, channel));
                }
            }
            if let Some(out) = out.first_chunk_mut() {
                (sum + bias).store(out);
            }
        }
    }

    /// Windows of 3 x 3 pixels beside each other: what the next one meets again stays in registers.
    #[inline(never)]
    fn slide(&self, lines: [&[f32]; 3], channel: usize, js: Range<usize>, out: &mut [f32]) {
        let channels = self.channels;
        let k = [0, 1, 2].map(|y| [0, 1, 2].map(|x| self.weight(y, x, channel)));
        let bias = self.bias(channel);
        // Positions before the line wrap, so that they are behind its end.
        let mut at = self.x.at(js.start, 0).wrapping_mul(channels).wrapping_add(channel);
        let mut next = || {
            let column = lines.map(|line| four(line, at));
            at = at.wrapping_add(channels);
            column
        };
        let (mut first, mut second) = (next(), next());
        for (_, out) in js.zip(out.chunks_mut(self.x.stride * channels)) {
            let third = next();
            let mut sum = F32x4::splat(0.0);
            for y in 0..3 {
                sum = sum.madd(first[y], k[y][0]).madd(second[y], k[y][1]).madd(third[y], k[y][2]);
            }
            if let Some(out) = out.first_chunk_mut() {
                (sum + bias).store(out);
            }
            (first, second) = (second, third);
        }
    }

    /// OUTS windows of TAPS columns at a time, STEP apart, which share the COLUMNS that are loaded of a line. The last ones may
    /// repeat some of those before.
    #[inline(never)]
    fn tiles<const TAPS: usize, const STEP: usize, const OUTS: usize, const COLUMNS: usize>(
        &self,
        lines: &[&[f32]],
        channel: usize,
        js: Range<usize>,
        out: &mut [f32],
    ) {
        let (channels, pitch) = (self.channels, self.x.stride * self.channels);
        let mut weights = [[F32x4::splat(0.0); TAPS]; 3];
        for (y, weights) in weights.iter_mut().enumerate().take(lines.len()) {
            *weights = from_fn(|x| self.weight(y, x, channel));
        }
        let bias = self.bias(channel);
        'tiles: for j in js.clone().step_by(OUTS) {
            let j = j.min(js.end - OUTS);
            let out = &mut out[(j - js.start) * pitch..];
            // Positions before the line wrap, so that they are behind its end.
            let at = self.x.at(j, 0).wrapping_mul(channels).wrapping_add(channel);
            let mut sums = [F32x4::splat(0.0); OUTS];
            for (line, row) in lines.iter().zip(&weights) {
                let columns = line.get(at..).and_then(|line| F32x4::load_rows(line, channels));
                let Some(columns) = columns else {
                    self.gather(lines, channel, j..j + OUTS, out);
                    continue 'tiles;
                };
                add::<TAPS, STEP, OUTS, COLUMNS>(columns, row, &mut sums);
            }
            for (o, sum) in sums.into_iter().enumerate() {
                if let Some(out) = out.get_mut(o * pitch..).and_then(|out| out.first_chunk_mut()) {
                    (sum + bias).store(out);
                }
            }
        }
    }
}

/// Adds a line of each of OUTS windows.
#[inline(always)]
fn add<const TAPS: usize, const STEP: usize, const OUTS: usize, const COLUMNS: usize>(
    columns: [F32x4; COLUMNS],
    weights: &[F32x4; TAPS],
    sums: &mut [F32x4; OUTS],
) {
    for (tap, weight) in weights.iter().enumerate() {
        for (o, sum) in sums.iter_mut().enumerate() {
            *sum = sum.madd(columns[o * STEP + tap], *weight);
        }
    }
}

/// Four floats, zeros where there are none.
#[inline(always)]
fn four(x: &[f32], at: usize) -> F32x4 {
    let chunk = x.get(at..).and_then(|x| x.first_chunk());
    chunk.map_or(F32x4::splat(0.0), F32x4::load)
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
