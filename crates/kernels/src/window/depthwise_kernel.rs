//! The gradient by the kernel of convolutions whose groups have one channel and one output each: sums stay in registers along a
//! line of outputs, whose windows are copied first.

use core::array::from_fn;
use core::ops::Range;

use super::Window;
use super::line::outputs_of;
use super::ring::{Copy, Four, Ring, TAPS, first_of};
use crate::gemm::blocks;
use crate::lane::F32x4;

/// Outputs that are read at once.
const PIXELS: usize = 4;

/// As [`super::kernel_gradient`]: the rows are taps.
pub fn kernel_gradient(
    window: &Window,
    rows: Range<usize>,
    x: &[f32],
    dy: &[f32],
    dkernel: &mut [f32],
    pack: &mut [f32],
) {
    if rows.is_empty() {
        return;
    }
    let channels = window.groups;
    let [of_y, of_x] = [&window.y, &window.x].map(outputs_of);
    let (ring, groups) = (Ring::new(&of_y, &of_x), channels.div_ceil(4));
    let at_once = ring.at_once(groups, rows.len());
    let whole = ring.windows == of_x.count;
    let mut taps = [0; TAPS];
    for groups in blocks(&(0..groups), at_once) {
        let room = pack.as_chunks_mut().0;
        let (sums, room) = room.split_at_mut(groups.len() * rows.len());
        let lines = &mut room[..groups.len() * ring.len()];
        sums.fill([0.0; 4]);
        let mut copied = 0;
        for line in 0..window.batch * of_y.count {
            let (image, i) = (line / of_y.count, line % of_y.count);
            let size = of_y.source * of_x.source * channels;
            for windows in blocks(&(0..of_x.count), ring.windows) {
                let (start, image) = (windows.start, &x[image * size..]);
                let groups = groups.clone();
                let copy = Copy { ring, image, channels, groups, y: of_y, x: of_x, start };
                if i == 0 || !whole {
                    lines.fill([0.0; 4]);
                    copied = 0;
                }
                copy.lines(i, &mut copied, lines);
                for (tap, place) in rows.clone().zip(&mut taps) {
                    let (y, x) = (tap / of_x.taps, tap % of_x.taps);
                    *place = ring.line(i * of_y.step + y * of_y.next) + ring.pixel(x * of_x.next);
                }
                let dy = &dy[(line * of_x.count + start) * channels..];
                along(&copy, lines, &taps[..rows.len()], windows.len(), dy, sums);
            }
        }
        for (n, sum) in sums.iter().enumerate() {
            let (group, tap) = (groups.start + n / rows.len(), n % rows.len());
            dkernel[tap * channels + first_of(group, channels)..][..4].copy_from_slice(sum);
        }
    }
}

/// Adds what some outputs of a line, beside each other, multiply; sums: (groups, taps.len())
fn along(copy: &Copy, lines: &[Four], taps: &[usize], outs: usize, dy: &[f32], sums: &mut [Four]) {
    let beside = |taps: &[usize]| taps[1] == taps[0] + 1 && taps[2] == taps[0] + 2;
    let square = taps.len() == 9 && taps.chunks_exact(3).all(beside);
    for (g, group) in copy.groups.clone().enumerate() {
        let dy = &dy[first_of(group, copy.channels)..];
        let lines = &lines[g * copy.ring.len()..];
        let sums = &mut sums[g * taps.len()..][..taps.len()];
        let (threes, rest) = sums.as_chunks_mut();
        if square && let [a, b, c] = threes {
            let rows = [0, 3, 6].map(|tap| &lines[taps[tap]..][..outs + 2]);
            of_square(rows, dy, [a, b, c], copy.channels);
            continue;
        }
        let row = |tap: usize| &lines[tap..][..outs];
        for (sums, taps) in threes.iter_mut().zip(taps.as_chunks::<3>().0) {
            of_taps(taps.map(row), dy, sums, copy.channels);
        }
        let (ones, _) = rest.as_chunks_mut::<1>();
        for (sum, tap) in ones.iter_mut().zip(&taps[taps.len() / 3 * 3..]) {
            of_taps([row(*tap)], dy, sum, copy.channels);
        }
    }
}

/// Three lines of three taps beside each other.
#[inline(never)]
fn of_square(rows: [&[Four]; 3], mut dy: &[f32], own: [&mut [Four; 3]; 3], channels: usize) {
    let outs = rows[0].len() - 2;
    let mut sums: [F32x4; 9] = from_fn(|tap| F32x4::load(&own[tap / 3][tap % 3]));
    let mut j = 0;
    while j + PIXELS <= outs {
        let Some(outs) = F32x4::load_rows::<PIXELS>(dy, channels) else { return };
        for (y, row) in rows.iter().enumerate() {
            for (c, column) in row[j..j + PIXELS + 2].iter().enumerate() {
                let column = F32x4::load(column);
                for tap in 0..3 {
                    if c >= tap && c - tap < PIXELS {
                        sums[3 * y + tap] = sums[3 * y + tap].madd(column, outs[c - tap]);
                    }
                }
            }
        }
        dy = dy.get(PIXELS * channels..).unwrap_or_default();
        j += PIXELS;
    }
    while j < outs {
        let Some([out]) = F32x4::load_rows(dy, channels) else { return };
        for (y, row) in rows.iter().enumerate() {
            for (tap, column) in row[j..j + 3].iter().enumerate() {
                sums[3 * y + tap] = sums[3 * y + tap].madd(F32x4::load(column), out);
            }
        }
        dy = dy.get(channels..).unwrap_or_default();
        j += 1;
    }
    for (sum, own) in sums.into_iter().zip(own.into_iter().flatten()) {
        sum.store(own);
    }
}

/// Any taps.
#[inline(never)]
fn of_taps<const N: usize>(rows: [&[Four]; N], dy: &[f32], own: &mut [Four; N], channels: usize) {
    let mut sums: [F32x4; N] = from_fn(|tap| F32x4::load(&own[tap]));
    for (j, dy) in (0..rows[0].len()).zip(dy.chunks(channels)) {
        let Some(out) = dy.first_chunk().map(F32x4::load) else { return };
        sums = from_fn(|tap| sums[tap].madd(F32x4::load(&rows[tap][j]), out));
    }
    for (sum, own) in sums.into_iter().zip(own) {
        sum.store(own);
    }
}
