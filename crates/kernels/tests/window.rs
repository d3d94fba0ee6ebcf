//! Convolutions and their gradients have the bits of the reference loops, whatever the shape, the fusion or the cut.

mod common;

use common::long;
use ferrograd_kernels::activation::Activation;
use ferrograd_kernels::gemm::Epilogue;
use ferrograd_kernels::window::{self, Axis, Window};

struct Random(u32);

impl Random {
    fn word(&mut self) -> u32 {
        self.0 = self.0.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
        self.0 >> 8
    }

    fn below(&mut self, end: usize) -> usize {
        self.word() as usize % end
    }

    fn from(&mut self, start: usize, end: usize) -> usize {
        start + self.below(end - start + 1)
    }

    fn numbers(&mut self, n: usize) -> Vec<f32> {
        (0..n).map(|_| self.word() as f32 / 16_777_216.0 - 0.5).collect()
    }

    /// An axis on which at least one window fits.
    fn axis(&mut self, most: usize) -> Axis {
        let (kernel, stride, dilation) = (self.from(1, 4), self.from(1, 3), self.from(1, 3));
        let reach = (kernel - 1) * dilation + 1;
        let (before, after) = (self.below(reach + 1), self.below(reach + 1));
        let least = reach.saturating_sub(before + after).max(1);
        let size = self.from(least, least.max(most));
        Axis {
            size,
            out: (size + before + after - reach) / stride + 1,
            kernel,
            stride,
            dilation,
            before,
        }
    }

    fn window(&mut self, most: usize, channels: usize) -> Window {
        let (y, x) = (self.axis(most), self.axis(most));
        let groups = if self.below(2) == 0 { 1 } else { self.from(2, 3) };
        let [inputs, outputs] = [(); 2].map(|()| self.from(1, channels));
        Window { batch: self.from(1, 3), y, x, groups, inputs, outputs }
    }
}

fn same(what: &str, window: &Window, found: &[f32], expected: &[f32]) {
    assert_eq!(found.len(), expected.len());
    for (i, (found, expected)) in found.iter().zip(expected).enumerate() {
        assert_eq!(found.to_bits(), expected.to_bits(), "{what}: element {i} of {window:?}");
    }
}

/// Computes some rows into their place, with room to pack into.
type Half<'a> = dyn FnMut(core::ops::Range<usize>, &mut [f32], &mut [f32]) + 'a;

/// All three, each cut in two somewhere.
fn check(window: &Window, random: &mut Random, activation: Activation) {
    let &Window { batch, y, x, groups, inputs, outputs } = window;
    let image = random.numbers(batch * y.size * x.size * groups * inputs);
    let kernel = random.numbers(window.steps() * groups * outputs);
    let dy = random.numbers(window.pixels() * groups * outputs);
    let bias = random.numbers(groups * outputs);
    let with_bias = random.below(2) == 0;
    let epilogue =
        Epilogue { bias: with_bias.then_some(&bias[..]), activation, params: [0.2, 0.0] };
    let mut pack = vec![f32::NAN; window::words([y.kernel, x.kernel, inputs, outputs])];
    let mut halves = |rows: usize, width: usize, run: &mut Half| {
        let cut = random.below(rows + 1);
        let mut result = vec![f32::NAN; rows * width];
        let (head, tail) = result.split_at_mut(cut * width);
        run(0..cut, head, &mut pack);
        run(cut..rows, tail, &mut pack);
        result
    };

    let mut expected = vec![f32::NAN; dy.len()];
    window::naive(window, &image, &kernel, &epilogue, &mut expected);
    let found = halves(window.pixels(), groups * outputs, &mut |rows, y, pack| {
        window::convolve(window, rows, &image, &kernel, &epilogue, y, pack);
    });
    same("y", window, &found, &expected);

    let mut expected = vec![f32::NAN; image.len()];
    window::naive_image_gradient(window, &dy, &kernel, &mut expected);
    let found = halves(batch * y.size, x.size * groups * inputs, &mut |rows, dx, pack| {
        window::image_gradient(window, rows, &dy, &kernel, dx, pack);
    });
    same("dx", window, &found, &expected);

    let mut expected = vec![f32::NAN; kernel.len()];
    window::naive_kernel_gradient(window, &image, &dy, &mut expected);
    let found = halves(window.steps(), groups * outputs, &mut |rows, dkernel, pack| {
        window::kernel_gradient(window, rows, &image, &dy, dkernel, pack);
    });
    same("dkernel", window, &found, &expected);
}

#[test]
fn small_shapes_at_random() {
    let random = &mut Random(1);
    for case in 0..if long() { 15_000 } else { 500 } {
        let window = random.window(9, [1, 3, 5, 9][case % 4]);
        check(&window, random, [Activation::Linear, Activation::Relu][case % 2]);
    }
}

#[test]
fn shapes_of_more_than_a_block() {
    let random = &mut Random(2);
    let same = |size, kernel, stride| Axis {
        size,
        out: (size + kernel / 2 * 2 - kernel) / stride + 1,
        kernel,
        stride,
        dilation: 1,
        before: kernel / 2,
    };
    for (size, kernel, stride, inputs, outputs) in [
        (17, 3, 1, 32, 40),
        (20, 5, 2, 30, 8),
        (9, 3, 1, 300, 17),
        (12, 1, 1, 64, 530),
        (14, 5, 2, 8, 40),
        (12, 3, 1, 40, 12),
        (19, 5, 1, 1, 16),
        (40, 3, 1, 3, 10),
        (40, 5, 1, 1, 8),
        (23, 3, 2, 3, 33),
        (4, 3, 2, 512, 192), // a class of pixels packs longer blocks of the kernel than all taps would
    ] {
        let (y, x) = (same(size, kernel, stride), same(size + 1, kernel, stride));
        let window = Window { batch: 2, y, x, groups: 1, inputs, outputs };
        check(&window, random, Activation::Tanh);
    }
}

#[test]
fn one_channel_a_group() {
    let random = &mut Random(3);
    for case in 0..200 {
        let window = random.window(12, 1);
        let groups = [4, 7, 16, 33][case % 4];
        let outputs = if case % 3 == 0 { 2 } else { 1 };
        check(&Window { groups, outputs, ..window }, random, Activation::Relu);
    }
}

#[test]
fn one_channel_a_group_in_parts() {
    let random = &mut Random(5);
    let axis = |size, kernel, stride, dilation: usize| Axis {
        size,
        out: (size - 1) / stride + 1,
        kernel,
        stride,
        dilation,
        before: (kernel - 1) * dilation / 2,
    };
    let one = axis(1, 1, 1, 1);
    for (y, x, groups) in [
        (axis(5, 3, 1, 1), axis(700, 3, 1, 1), 5), // more columns than are copied at once
        (one, axis(2100, 9, 2, 3), 8),             // of one line
        (axis(6, 3, 2, 1), axis(9, 3, 2, 1), 700), // more channels
        (axis(9, 5, 1, 1), axis(12, 6, 1, 1), 9),  // taps by threes
        (axis(13, 7, 1, 1), axis(8, 7, 3, 2), 6),
        (axis(20, 9, 1, 1), axis(20, 8, 1, 1), 4), // more taps
        (axis(90, 2, 1, 80), axis(60, 2, 1, 50), 4), // more lines
    ] {
        check(&Window { batch: 2, y, x, groups, inputs: 1, outputs: 1 }, random, Activation::Relu);
    }
}

/// Blocks of k end within lines, and lines of outputs within blocks.
#[test]
fn images_of_one_channel() {
    let random = &mut Random(6);
    let inside = |size, kernel, stride, dilation: usize| {
        let out = (size - (kernel - 1) * dilation - 1) / stride + 1;
        Axis { size, out, kernel, stride, dilation, before: 0 }
    };
    for (y, x, outputs) in [
        (inside(28, 5, 1, 1), inside(28, 5, 1, 1), 8),
        (inside(30, 3, 2, 1), inside(21, 3, 1, 2), 13),
        (inside(1, 1, 1, 1), inside(900, 9, 1, 1), 24),
    ] {
        let window = Window { batch: 3, y, x, groups: 1, inputs: 1, outputs };
        check(&window, random, Activation::Relu);
    }
}

/// A number that is not finite spreads to what its window covers, taps outside too.
#[test]
fn taps_outside_multiply_zeros() {
    let axis = Axis { size: 4, out: 4, kernel: 3, stride: 1, dilation: 1, before: 1 };
    for (inputs, outputs) in [(1, 1), (1, 8), (4, 8), (3, 5)] {
        let window = Window { batch: 1, y: axis, x: axis, groups: 1, inputs, outputs };
        let mut kernel = vec![1.0; window.steps() * outputs];
        kernel[0] = f32::INFINITY; // meets nothing of the image in the first line
        let image = vec![1.0; 16 * inputs];
        let mut pack = vec![0.0; window::words([3, 3, inputs, outputs])];
        let mut y = vec![0.0; 16 * outputs];
        window::convolve(&window, 0..16, &image, &kernel, &Epilogue::NONE, &mut y, &mut pack);
        let mut expected = vec![0.0; y.len()];
        window::naive(&window, &image, &kernel, &Epilogue::NONE, &mut expected);
        assert!(y[0].is_nan() && expected[0].is_nan());
        let of = |y: &[f32]| y.iter().map(|y| y.is_nan()).collect::<Vec<_>>();
        assert_eq!(of(&y), of(&expected));
    }
}

/// Where the batch is so large that taps outside are left out, a kernel that is not finite is multiplied at all of them.
#[test]
fn taps_that_are_left_out_multiply_zeros() {
    let random = &mut Random(4);
    let axis = |out, before| Axis { size: 8, out, kernel: 3, stride: 1, dilation: 1, before };
    for (out, before, inputs, outputs) in [(8, 1, 8, 4), (8, 1, 3, 20), (6, 0, 20, 4)] {
        let axis = axis(out, before);
        let window = Window { batch: 40, y: axis, x: axis, groups: 1, inputs, outputs };
        check(&window, random, Activation::Relu);
        let image = random.numbers(window.image());
        let dy = random.numbers(window.pixels() * outputs);
        let mut kernel = random.numbers(window.steps() * outputs);
        kernel[0] = f32::NAN;
        let mut pack = vec![0.0; window::words([3, 3, inputs, outputs])];
        let of = |x: &[f32]| x.iter().map(|x| x.is_nan()).collect::<Vec<_>>();
        let (mut y, mut expected) = (dy.clone(), dy.clone());
        let pixels = 0..window.pixels();
        window::convolve(&window, pixels, &image, &kernel, &Epilogue::NONE, &mut y, &mut pack);
        window::naive(&window, &image, &kernel, &Epilogue::NONE, &mut expected);
        assert_eq!(of(&y), of(&expected));
        let (mut dx, mut expected) = (image.clone(), image.clone());
        window::image_gradient(&window, 0..40 * 8, &dy, &kernel, &mut dx, &mut pack);
        window::naive_image_gradient(&window, &dy, &kernel, &mut expected);
        assert_eq!(of(&dx), of(&expected));
    }
}
