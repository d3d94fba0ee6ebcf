//! The op table: the contract between the compiler in TypeScript and the engine.
//!
//! One row says everything about an op: its fields, its operands with type, access and length, the
//! groups it repeats, what its dims must fulfil together, what a worker needs for it, and the function
//! that runs it. Decoder, verifier, encoder, dispatch and hash come from it.
//!
//! Lengths are products of fields, numbers and what `length.rs` has.

#[macro_use]
pub mod records;
pub mod code;
pub mod length;
pub mod read;
pub mod row;

use ferrograd_kernels::activation::Activation;
use ferrograd_kernels::integers::Integer;
use ferrograd_kernels::optimizer::Rule;
use ferrograd_kernels::random::Distribution;
use ferrograd_kernels::reduce::Reduction;

use crate::field::{Dim, Operand, Step};

/// Registers of a chain: each is a buffer of the worker.
pub const MAX_REGISTERS: usize = 24;
/// Elements of a chain's block; a register of that many floats is 4 KiB.
pub const CHAIN_BLOCK: usize = 1024;

/// Hands the rows to a macro: `records` makes the types of instructions, `rows` the table.
///
/// After fields and operands: `check`, what the dims must fulfil; `each`, a repeated group; `valid`, a check of
/// the op's own; `scratch`, the floats that a worker needs; `combine`, not 0 where the op has a second phase;
/// `rows` or `elements`, by which it is cut among workers; then the function: one that `runs`, or one that `tries`,
/// because what it finds in the data can stop the run.
macro_rules! op_table {
    ($make:ident) => {
        $make! {
            /// C = f(A·B + bias). A is (m, k), stored (k, m) when `trans_a`; B is (k, n), stored (n, k) when `trans_b`.
            /// There are `batch` products; an operand has as many matrices or one that serves them all.
            Matmul { batch: Dim, batch_a: Dim, batch_b: Dim, m: Dim, n: Dim, k: Dim, trans_a: bool, trans_b: bool, has_bias: bool, activation: Activation, p0: f32, p1: f32 }
                { Read a: F32[m * k * batch_a], Read b: F32[k * n * batch_b], Read bias: F32[n * has_bias], Write c: F32[m * n * batch] }
                check [batch_a = 1 | batch] check [batch_b = 1 | batch]
                scratch [pack(m, n, k)] runs product::matmul;
            /// The gradients of a matmul as far as they are wanted: with dz = dy · f'(y), or dy itself where the product has no
            /// activation, da = dz·Bᵀ and db = Aᵀ·dz as A and B are stored, and dbias, the sum of dz over the rows.
            MatmulBackward { m: Dim, n: Dim, k: Dim, trans_a: bool, trans_b: bool, want_a: bool, want_b: bool, want_bias: bool, has_activation: bool, activation: Activation, p0: f32, p1: f32 }
                { Read a: F32[m * want_b * k], Read b: F32[k * want_a * n], Read y: F32[m * has_activation * n], Read dy: F32[m * n],
                  Write dz: F32[m * has_activation * n], Write partials: F64[blocks(m) * want_bias * n], Write da: F32[m * want_a * k], Write db: F32[k * want_b * n], Write dbias: F32[n * want_bias] }
                scratch [pack(m, n, k)] combine [1] runs product::matmul_backward;
            /// y = f(x * kernel + bias): images (batch, height, width, groups · inputs), a kernel (kernel_y, kernel_x, inputs, groups · outputs),
            /// `pads` zeros on both sides of an axis together, `before` of them first. Sums run over (y, x, input) of the kernel in
            /// order; taps outside multiply zeros.
            Convolve { batch: Dim, height: Dim, width: Dim, groups: Dim, inputs: Dim, outputs: Dim, kernel_y: Dim, kernel_x: Dim, stride_y: Dim, stride_x: Dim, dilation_y: Dim, dilation_x: Dim, before_y: Dim, before_x: Dim, pads_y: Dim, pads_x: Dim, out_y: Dim, out_x: Dim, has_bias: bool, activation: Activation, p0: f32, p1: f32 }
                { Read x: F32[batch * height * width * groups * inputs], Read kernel: F32[kernel_y * kernel_x * inputs * groups * outputs], Read bias: F32[groups * has_bias * outputs], Write y: F32[batch * out_y * out_x * groups * outputs] }
                check [groups > 0] check [inputs > 0] check [outputs > 0]
                check [out_y = window(height, pads_y, kernel_y, dilation_y, stride_y)] check [out_x = window(width, pads_x, kernel_x, dilation_x, stride_x)]
                check [kernel_y > 0] check [kernel_x > 0] check [dilation_y > 0] check [dilation_x > 0] check [stride_y > 0] check [stride_x > 0]
                scratch [windows(kernel_y, kernel_x, inputs, outputs)] runs window::convolve;
            /// The gradient of a convolution by its images: sums over the kernel from its end, and over the outputs of each tap.
            ConvolveImageGradient { batch: Dim, height: Dim, width: Dim, groups: Dim, inputs: Dim, outputs: Dim, kernel_y: Dim, kernel_x: Dim, stride_y: Dim, stride_x: Dim, dilation_y: Dim, dilation_x: Dim, before_y: Dim, before_x: Dim, pads_y: Dim, pads_x: Dim, out_y: Dim, out_x: Dim }
                { Read dy: F32[batch * out_y * out_x * groups * outputs], Read kernel: F32[kernel_y * kernel_x * inputs * groups * outputs], Write dx: F32[batch * height * width * groups * inputs] }
                check [groups > 0] check [inputs > 0] check [outputs > 0]
                check [out_y = window(height, pads_y, kernel_y, dilation_y, stride_y)] check [out_x = window(width, pads_x, kernel_x, dilation_x, stride_x)]
                check [kernel_y > 0] check [kernel_x > 0] check [dilation_y > 0] check [dilation_x > 0] check [stride_y > 0] check [stride_x > 0]
                scratch [windows(kernel_y, kernel_x, inputs, outputs)] runs window::image_gradient;
            /// The gradient by the kernel: sums over the pixels of the outputs in order.
            ConvolveKernelGradient { batch: Dim, height: Dim, width: Dim, groups: Dim, inputs: Dim, outputs: Dim, kernel_y: Dim, kernel_x: Dim, stride_y: Dim, stride_x: Dim, dilation_y: Dim, dilation_x: Dim, before_y: Dim, before_x: Dim, pads_y: Dim, pads_x: Dim, out_y: Dim, out_x: Dim }
                { Read x: F32[batch * height * width * groups * inputs], Read dy: F32[batch * out_y * out_x * groups * outputs], Write dkernel: F32[kernel_y * kernel_x * inputs * groups * outputs] }
                check [groups > 0] check [inputs > 0] check [outputs > 0]
                check [out_y = window(height, pads_y, kernel_y, dilation_y, stride_y)] check [out_x = window(width, pads_x, kernel_x, dilation_x, stride_x)]
                check [kernel_y > 0] check [kernel_x > 0] check [dilation_y > 0] check [dilation_x > 0] check [stride_y > 0] check [stride_x > 0]
                scratch [windows(kernel_y, kernel_x, inputs, outputs)] runs window::kernel_gradient;
            /// A chain of elementwise steps, block by block. Registers are the inputs, then the steps' results; the last is y.
            /// Input element i of y is x[(i / inner) mod len], which covers scalars, rows, columns and whole tensors.
            Map { n: Dim } { Write y: F32[n] }
                each inputs: MapInput { inner: Dim, len: Dim } { Read x: F32[len] }
                each steps: MapStep { step: Step, a: u32, b: u32, p0: f32, p1: f32 } {}
                valid chain::is_valid scratch [REGISTERS] elements [n] runs chain::map;
            /// y (outer, inner) = reduction of x (outer, n, inner) over n. A long one has sums of blocks first.
            Reduce { reduction: Reduction, outer: Dim, n: Dim, inner: Dim }
                { Read x: F32[outer * n * inner], Write partials: F64[outer * partials(n, reduction) * inner], Write y: F32[outer * inner] }
                combine [partials(n, reduction)] runs rows::reduce;
            /// The mean and the biased variance of x (outer, n, inner) over n, in one pass.
            Moments { outer: Dim, n: Dim, inner: Dim }
                { Read x: F32[outer * n * inner], Write mean: F32[outer * inner], Write variance: F32[outer * inner] } rows [outer] runs moments::moments;
            /// What the gradients of a normalization are made of: Σdy and Σdy·(x − mean) over n.
            MomentsBackward { outer: Dim, n: Dim, inner: Dim }
                { Read x: F32[outer * n * inner], Read dy: F32[outer * n * inner], Read mean: F32[outer * inner], Write sum: F32[outer * inner], Write product: F32[outer * inner] }
                rows [outer] runs moments::moments_backward;
            /// y = (x − mean) · scale · gamma + beta of rows of four times `fours`; mean and scale are of each row.
            Normalize { rows: Dim, fours: Dim }
                { Read x: F32[rows * fours * 4], Read mean: F32[rows], Read scale: F32[rows], Read gamma: F32[fours * 4], Read beta: F32[fours * 4], Write y: F32[rows * fours * 4] }
                rows [rows] runs moments::normalize;
            /// dx = (dy · gamma − shift − (x − mean) · slope) · factor; all but gamma are of each row.
            NormalizeBackward { rows: Dim, fours: Dim }
                { Read x: F32[rows * fours * 4], Read dy: F32[rows * fours * 4], Read gamma: F32[fours * 4],
                  Read mean: F32[rows], Read shift: F32[rows], Read slope: F32[rows], Read factor: F32[rows], Write dx: F32[rows * fours * 4] }
                rows [rows] runs moments::normalize_backward;
            /// y = (x − mean) · scale + beta of rows of eight times `eights`; all but x are of each column.
            NormalizeColumns { rows: Dim, eights: Dim }
                { Read x: F32[rows * eights * 8], Read mean: F32[eights * 8], Read scale: F32[eights * 8], Read beta: F32[eights * 8], Write y: F32[rows * eights * 8] }
                rows [rows] runs moments::normalize_columns;
            /// y[i] = x at the strided position of i, from `start` on: broadcast (stride 0), transpose, slice. `len` is what
            /// x spans; a stride is an int32 in a word.
            StridedCopy { len: Dim, start: Dim, n: Dim } { Read x: Word[len], Write y: Word[n] }
                each dims: StridedDim { size: Dim, stride: u32 } {}
                valid copy::is_valid elements [n] runs copy::strided_copy;
            /// y = x; in the commit phase the assignment of a variable.
            Copy { n: Dim } { Read x: Word[n], Write y: Word[n] } elements [n] runs copy::copy;
            /// y (outer, width) = parts side by side: (outer, len) each, or one row for all.
            Concatenate { outer: Dim, width: Dim } { Write y: Word[outer * width] }
                each parts: Part { rows: Dim, len: Dim } { Read x: Word[rows * len] } check [rows = 1 | outer]
                valid copy::fills rows [outer] runs copy::concatenate;
            /// y[i] = factors[i] · y[i − 1] + terms[i] along n of (outer, n, inner), from `start` on; factors that are not there
            /// are 1, such terms 0.
            Scan { outer: Dim, n: Dim, inner: Dim, reverse: bool, has_factors: bool, has_terms: bool, start: f32 }
                { Read factors: F32[outer * has_factors * n * inner], Read terms: F32[outer * has_terms * n * inner], Write y: F32[outer * n * inner] }
                rows [outer] runs along::scan;
            /// y[j] = x[indices[j]] along n of x (outer, n, inner); indices and y are (outer, count, inner).
            TakeAlong { outer: Dim, n: Dim, count: Dim, inner: Dim }
                { Read x: Word[outer * n * inner], Read indices: I32[outer * count * inner], Write y: Word[outer * count * inner] } rows [outer] tries along::take;
            /// y = x, where then y[indices[j]] = values[j] along n, in the order of j; or values are added.
            PutAlong { outer: Dim, n: Dim, count: Dim, inner: Dim, adds: bool }
                { Read x: Word[outer * n * inner], Read indices: I32[outer * count * inner], Read values: Word[outer * count * inner], Write y: Word[outer * n * inner] }
                rows [outer] tries along::put;
            /// The positions of each row's elements in order, equals as they stand, NaN last.
            Argsort { rows: Dim, n: Dim, descending: bool, integers: bool }
                { Read x: Word[rows * n], Write spare: I32[rows * n], Write y: I32[rows * n] } rows [rows] runs along::argsort;
            /// y = f(a, b) of integers.
            Integers { integer: Integer, n: Dim } { Read a: I32[n], Read b: I32[n], Write y: I32[n] } elements [n] runs along::integers;
            /// y (outer, inner) = x[0] f x[1] f … along n of integers x (outer, n, inner), 0 of nothing.
            ReduceIntegers { integer: Integer, outer: Dim, n: Dim, inner: Dim } { Read x: I32[outer * n * inner], Write y: I32[outer * inner] }
                rows [outer] runs along::reduce_integers;
            /// y = softmax of each row of x.
            Softmax { rows: Dim, n: Dim } { Read x: F32[rows * n], Write y: F32[rows * n] } check [n > 0] rows [rows] runs rows::softmax;
            /// y = log softmax of each row of x.
            LogSoftmax { rows: Dim, n: Dim } { Read x: F32[rows * n], Write y: F32[rows * n] } check [n > 0] rows [rows] runs rows::log_softmax;
            /// dx = y · (dy − Σ dy·y) for each row.
            SoftmaxBackward { rows: Dim, n: Dim } { Read y: F32[rows * n], Read dy: F32[rows * n], Write dx: F32[rows * n] } check [n > 0] rows [rows] runs rows::softmax_backward;
            /// Softmax and cross-entropy with integer labels: loss = −log p[label].
            CrossEntropyLabels { rows: Dim, n: Dim }
                { Read logits: F32[rows * n], Read labels: I32[rows], Write loss: F32[rows], Write probs: F32[rows * n] } check [n > 0] rows [rows] tries rows::cross_entropy_labels;
            /// dlogits = (p − onehot(label)) · dloss.
            CrossEntropyLabelsBackward { rows: Dim, n: Dim }
                { Read probs: F32[rows * n], Read labels: I32[rows], Read dloss: F32[rows], Write dlogits: F32[rows * n] } check [n > 0] rows [rows] tries rows::cross_entropy_labels_backward;
            /// Softmax and cross-entropy with rows of probabilities: loss = −Σ t·log p.
            CrossEntropyRows { rows: Dim, n: Dim }
                { Read logits: F32[rows * n], Read targets: F32[rows * n], Write loss: F32[rows], Write probs: F32[rows * n] } check [n > 0] rows [rows] runs rows::cross_entropy_rows;
            /// dlogits = (p·Σt − t) · dloss.
            CrossEntropyRowsBackward { rows: Dim, n: Dim }
                { Read probs: F32[rows * n], Read targets: F32[rows * n], Read dloss: F32[rows], Write dlogits: F32[rows * n] } check [n > 0] rows [rows] runs rows::cross_entropy_rows_backward;
            /// y[i] = row indices[i] of the table (rows, width).
            Gather { rows: Dim, width: Dim, count: Dim } { Read table: Word[rows * width], Read indices: I32[count], Write y: Word[count * width] } rows [count] tries index::gather;
            /// The gradient of gather: dtable[indices[i]] += dy[i], in the order of i.
            ScatterAdd { rows: Dim, width: Dim, count: Dim } { Read indices: I32[count], Read dy: F32[count * width], Write dtable: F32[rows * width] } tries index::scatter_add;
            /// Row indices[i] of a table becomes values[i], in the order of i; the others stay, and what is no row is left out. A commit
            /// of rows.
            PutRows { rows: Dim, width: Dim, count: Dim } { Read indices: I32[count], Read values: Word[count * width], Both table: Word[rows * width] } runs index::put_rows;
            /// y[i] = 1 at indices[i], 0 elsewhere.
            OneHot { count: Dim, depth: Dim } { Read indices: I32[count], Write y: F32[count * depth] } rows [count] tries index::one_hot;
            /// The position of the largest value of each row; the first of equals.
            Argmax { rows: Dim, n: Dim } { Read x: F32[rows * n], Write y: I32[rows] } check [n > 0] rows [rows] runs index::argmax;
            /// The largest of each window of x (batch, height, width, channels), and where in its image it stands, counted over
            /// (y, x): the first of equals, NaN being the largest. `top` and `left` are those of the pads that lie before.
            MaxPool { batch: Dim, height: Dim, width: Dim, channels: Dim, out_height: Dim, out_width: Dim, kernel_height: Dim, kernel_width: Dim, stride_height: Dim, stride_width: Dim, pads_height: Dim, pads_width: Dim, top: Dim, left: Dim }
                { Read x: F32[batch * height * width * channels], Write y: F32[batch * out_height * out_width * channels], Write at: I32[batch * out_height * out_width * channels] }
                check [out_height = window(height, pads_height, kernel_height, 1, stride_height)]
                check [out_width = window(width, pads_width, kernel_width, 1, stride_width)]
                valid pool::is_valid rows [batch * out_height] runs pool::max_pool;
            /// dx is the sum of dy of the windows whose largest an element is.
            MaxPoolBackward { batch: Dim, height: Dim, width: Dim, channels: Dim, out_height: Dim, out_width: Dim, kernel_height: Dim, kernel_width: Dim, stride_height: Dim, stride_width: Dim, pads_height: Dim, pads_width: Dim, top: Dim, left: Dim }
                { Read dy: F32[batch * out_height * out_width * channels], Read at: I32[batch * out_height * out_width * channels], Write dx: F32[batch * height * width * channels] }
                check [out_height = window(height, pads_height, kernel_height, 1, stride_height)]
                check [out_width = window(width, pads_width, kernel_width, 1, stride_width)]
                valid pool::is_valid rows [batch * height] runs pool::max_pool_backward;
            /// The mean of each window, of what lies in the image or, where pads count, of all of it.
            AveragePool { batch: Dim, height: Dim, width: Dim, channels: Dim, out_height: Dim, out_width: Dim, kernel_height: Dim, kernel_width: Dim, stride_height: Dim, stride_width: Dim, pads_height: Dim, pads_width: Dim, top: Dim, left: Dim, counts_pads: bool }
                { Read x: F32[batch * height * width * channels], Write y: F32[batch * out_height * out_width * channels] }
                check [out_height = window(height, pads_height, kernel_height, 1, stride_height)]
                check [out_width = window(width, pads_width, kernel_width, 1, stride_width)]
                valid pool::is_valid rows [batch * out_height] runs pool::average_pool;
            /// dx is the sum of an element's share of dy of the windows that it is in.
            AveragePoolBackward { batch: Dim, height: Dim, width: Dim, channels: Dim, out_height: Dim, out_width: Dim, kernel_height: Dim, kernel_width: Dim, stride_height: Dim, stride_width: Dim, pads_height: Dim, pads_width: Dim, top: Dim, left: Dim, counts_pads: bool }
                { Read dy: F32[batch * out_height * out_width * channels], Write dx: F32[batch * height * width * channels] }
                check [out_height = window(height, pads_height, kernel_height, 1, stride_height)]
                check [out_width = window(width, pads_width, kernel_width, 1, stride_width)]
                valid pool::is_valid rows [batch * height] runs pool::average_pool_backward;
            /// Integers as floats.
            IntToFloat { n: Dim } { Read x: I32[n], Write y: F32[n] } elements [n] runs index::int_to_float;
            /// Floats as integers, rounded towards zero; NaN gives 0, what is out of range the nearest end.
            FloatToInt { n: Dim } { Read x: F32[n], Write y: I32[n] } elements [n] runs index::float_to_int;
            /// Labels that count as they are with 1 in kept; 0 and 0 where a label is the one to ignore, an int32 in a word.
            Ignore { n: Dim, label: u32 } { Read x: I32[n], Write y: I32[n], Write kept: F32[n] } elements [n] runs index::ignore;
            /// Random numbers by philox(seed, stream, step, element).
            Random { distribution: Distribution, n: Dim, p0: f32, p1: f32, seed_low: u32, seed_high: u32, stream: u32 }
                { Read step: U32[1], Write y: F32[n] } elements [n] runs random::random;
            /// Zeroes each element with probability `rate`, scales the others by 1/(1 − rate). The same op on dy is its gradient.
            Dropout { n: Dim, rate: f32, seed_low: u32, seed_high: u32, stream: u32 } { Read step: U32[1], Read x: F32[n], Write y: F32[n] } elements [n] runs random::dropout;
            /// Stops the step where a value is NaN or infinite. peak: the largest |x|, in any lane. A counter's word is no
            /// finite float from 2,139,095,040 on, so counters are guarded too.
            Guard {} { Write peak: F32[PEAK] } each ranges: GuardRange { len: Dim } { Read x: F32[len] } tries update::guard;
            /// Makes a step of an optimizer ready. hyper = [rate, weight decay, clip by value, by norm, by global norm, the
            /// rule's own numbers]; a clip of 0 is none. Decoupled decay shrinks w, the other joins g. step counts the steps
            /// done. reach: how large the slot that w is changed by is at most. numbers: what the step takes; then whether it
            /// takes gradients as they are; otherwise scale is what they are multiplied by; last reach after the step.
            /// Stops the step where a weight or a slot would not be finite; w and its slots are finite, and so is g.
            PrepareUpdate { rule: Rule, decoupled: bool }
                { Read hyper: F64[HYPER], Read step: U32[1], Read peak: F32[PEAK], Write numbers: F32[NUMBERS] }
                each ranges: PrepareRange { slots: Dim, len: Dim }
                    { Read w: F32[len], Read state: F32[slots * len], Read reach: F32[any(slots)], Read g: F32[len], Write scale: F32[1] }
                    check [slots = slots_of(rule)]
                tries update::prepare;
            /// A step of an optimizer, as it was made ready.
            Update { rule: Rule } { Read numbers: F32[NUMBERS] }
                each ranges: UpdateRange { slots: Dim, len: Dim }
                    { Both w: F32[len], Both state: F32[slots * len], Both reach: F32[any(slots)], Read g: F32[len], Read scale: F32[1] }
                    check [slots = slots_of(rule)]
                runs update::update;
            /// word += 1 for each counter, which a guard has looked at.
            Increment {} {} each counters: Counter {} { Both word: U32[1] } runs update::increment;
        }
    };
}

op_table!(records);
