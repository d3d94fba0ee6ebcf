//! The op table: the contract between the compiler in TypeScript and the engine.
//!
//! One entry says everything about an op: its fields, its operands with type, access and length as
//! a function of the dims, and the groups it repeats. Decoder, verifier, encoder and hash come from it.

use alloc::vec::Vec;

use ferrograd_kernels::activation::Activation;
use ferrograd_kernels::optimizer::Rule;
use ferrograd_kernels::random::Distribution;
use ferrograd_kernels::reduce::Reduction;

use crate::field::{Dim, Field, Len, Operand, Reader, Step};
use crate::program::LoadError;
use crate::valid::*;

/// Registers of a chain: each is a buffer of the worker.
pub const MAX_REGISTERS: usize = 24;

/// What the words of an operand mean.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Type {
    F32,
    I32,
    U32,
    /// Two words, even offset.
    F64,
    /// Copied only, whatever they mean.
    Word,
}

impl Type {
    pub fn words(self) -> u64 {
        if self == Type::F64 { 2 } else { 1 }
    }
}

/// What an op does to an operand.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Access {
    Read,
    Write,
    Both,
}

/// An operand as one instruction uses it.
#[derive(Clone, Copy, Debug)]
pub struct Use {
    pub operand: Operand,
    pub ty: Type,
    pub access: Access,
    /// Elements.
    pub len: u64,
}

/// An entry's operand, for the generated encoder and the hash.
pub struct OperandSpec {
    pub name: &'static str,
    pub ty: Type,
    pub access: Access,
    pub len: &'static str,
}

/// The fields and operands of an op or of one of its repeated groups.
pub struct GroupSpec {
    pub name: &'static str,
    pub fields: &'static [(&'static str, &'static str)],
    pub operands: &'static [OperandSpec],
}

/// One entry of the table as data.
pub struct OpSpec {
    pub name: &'static str,
    pub doc: &'static str,
    pub body: GroupSpec,
    pub groups: &'static [GroupSpec],
}

/// A function of its own: the table calls it once per operand.
#[inline(never)]
fn push(all: &mut Vec<Use>, operand: Operand, ty: Type, access: Access, len: Len) {
    all.push(Use { operand, ty, access, len: len.0 });
}

/// The items of a group. Groups that lie alike in memory share the code, as they do that of an item.
#[inline(never)]
fn items<Item>(reader: &mut Reader, read: fn(&mut Reader) -> Item) -> Vec<Item> {
    (0..reader.count()).map(|_| read(reader)).collect()
}

impl Reduce {
    pub fn partials(&self) -> Dim {
        self.n.partials(self.reduction)
    }
}

macro_rules! layout {
    ($name:ident { $($field:ident: $kind:ty),* } { $($access:ident $operand:ident: $ty:ident[$len:expr]),* }) => {
        impl $name {
            /// Every operand with its access and length.
            #[allow(unused_variables, clippy::ptr_arg)]
            fn uses(&self, all: &mut Vec<Use>) {
                let Self { $($field,)* .. } = *self;
                $(push(all, self.$operand, Type::$ty, Access::$access, Len::from($len));)*
            }
        }
    };
    (spec $name:expr, { $($field:ident: $kind:ty),* } { $($access:ident $operand:ident: $ty:ident[$len:expr]),* }) => {
        GroupSpec {
            name: $name,
            fields: &[$((stringify!($field), <$kind as Field>::KIND)),*],
            operands: &[$(OperandSpec {
                name: stringify!($operand), ty: Type::$ty, access: Access::$access, len: stringify!($len),
            }),*],
        }
    };
}

macro_rules! ops {
    ($(
        $(#[doc = $doc:literal])*
        $name:ident $fields:tt $operands:tt
        $(each $group:ident: $Group:ident $gfields:tt $goperands:tt)*
        $(check $check:path)?;
    )*) => {
        $(
            ops!(@struct [$(#[doc = $doc])*] $name $fields $operands $($group $Group)*);
            impl $name {
                /// Its fields, its operands, its groups.
                #[inline(never)]
                fn read(reader: &mut Reader) -> Self {
                    ops!(@read reader, $name $fields $operands; $($group $Group)*)
                }
            }
            layout!($name $fields $operands);
            $(
                ops!(@struct [] $Group $gfields $goperands);
                layout!($Group $gfields $goperands);
                impl $Group {
                    #[inline(never)]
                    fn read(reader: &mut Reader) -> Self {
                        ops!(@read reader, $Group $gfields $goperands;)
                    }
                }
            )*
        )*

        /// One decoded instruction.
        #[derive(Clone, Debug)]
        pub enum Op { $($name($name)),* }

        #[derive(Clone, Copy)]
        #[repr(u32)]
        enum Code { $($name),* }

        impl Op {
            /// Reads one instruction: the op's code, its fields, its operands, its groups.
            pub fn read(reader: &mut Reader) -> Result<Op, LoadError> {
                let op = match reader.word() {
                    $(code if code == Code::$name as u32 => Op::$name($name::read(reader)),)*
                    code => return Err(LoadError::UnknownOp(code)),
                };
                reader.ok()?;
                op.check().map_err(LoadError::BadField)?;
                Ok(op)
            }

            /// What the dims and fields of one instruction must fulfil together.
            fn check(&self) -> Result<(), &'static str> {
                match self {
                    $($(Op::$name(op) => $check(op),)?)*
                    _ => Ok(()),
                }
            }

            /// Every operand, those of the groups last.
            pub fn uses(&self) -> Vec<Use> {
                let mut all = Vec::new();
                match self {
                    $(Op::$name(op) => {
                        op.uses(&mut all);
                        $(for item in &op.$group { item.uses(&mut all); })*
                    })*
                }
                all
            }
        }

        /// The table as data.
        pub const TABLE: &[OpSpec] = &[$(OpSpec {
            name: stringify!($name),
            doc: concat!($($doc, "\n"),*),
            body: layout!(spec "", $fields $operands),
            groups: &[$(layout!(spec stringify!($group), $gfields $goperands)),*],
        }),*];
    };
    (@struct [$($attr:tt)*] $name:ident { $($field:ident: $kind:ty),* } { $($access:ident $operand:ident: $ty:ident[$len:expr]),* } $($group:ident $Group:ident)*) => {
        $($attr)*
        #[derive(Clone, Debug)]
        pub struct $name { $(pub $field: $kind,)* $(pub $operand: Operand,)* $(pub $group: Vec<$Group>,)* }
    };
    (@read $reader:ident, $name:ident { $($field:ident: $kind:ty),* } { $($access:ident $operand:ident: $ty:ident[$len:expr]),* }; $($group:ident $Group:ident)*) => {{
        $(let $field = <$kind as Field>::read($reader);)*
        $(let $operand = Operand::read($reader);)*
        $(
            let $group = items($reader, $Group::read);
        )*
        $name { $($field,)* $($operand,)* $($group,)* }
    }};
}

ops! {
    /// C = f(A·B + bias). A is (m, k), stored (k, m) when `trans_a`; B is (k, n), stored (n, k) when `trans_b`.
    /// There are `batch` products; an operand has as many matrices or one that serves them all.
    Matmul { batch: Dim, batch_a: Dim, batch_b: Dim, m: Dim, n: Dim, k: Dim, trans_a: bool, trans_b: bool, has_bias: bool, activation: Activation, p0: f32, p1: f32 }
        { Read a: F32[m * k * batch_a], Read b: F32[k * n * batch_b], Read bias: F32[n * has_bias], Write c: F32[m * n * batch] }
        check matmul_is_valid;
    /// The gradients of a matmul as far as they are wanted: with dz = dy · f'(y), or dy itself where the product has no
    /// activation, da = dz·Bᵀ and db = Aᵀ·dz as A and B are stored, and dbias, the sum of dz over the rows.
    MatmulBackward { m: Dim, n: Dim, k: Dim, trans_a: bool, trans_b: bool, want_a: bool, want_b: bool, want_bias: bool, has_activation: bool, activation: Activation, p0: f32, p1: f32 }
        { Read a: F32[m * want_b * k], Read b: F32[k * want_a * n], Read y: F32[m * has_activation * n], Read dy: F32[m * n],
          Write dz: F32[m * has_activation * n], Write partials: F64[m.blocks() * want_bias * n], Write da: F32[m * want_a * k], Write db: F32[k * want_b * n], Write dbias: F32[n * want_bias] };
    /// A chain of elementwise steps, block by block. Registers are the inputs, then the steps' results; the last is y.
    /// Input element i of y is x[(i / inner) mod len], which covers scalars, rows, columns and whole tensors.
    Map { n: Dim } { Write y: F32[n] }
        each inputs: MapInput { inner: Dim, len: Dim } { Read x: F32[len] }
        each steps: MapStep { step: Step, a: u32, b: u32, p0: f32, p1: f32 } {}
        check map_is_valid;
    /// y (outer, inner) = reduction of x (outer, n, inner) over n. A long one has sums of blocks first.
    Reduce { reduction: Reduction, outer: Dim, n: Dim, inner: Dim }
        { Read x: F32[outer * n * inner], Write partials: F64[outer * n.partials(reduction) * inner], Write y: F32[outer * inner] };
    /// y[i] = x at the strided position of i: broadcast (stride 0), transpose. `len` is what x spans.
    StridedCopy { len: Dim, n: Dim } { Read x: Word[len], Write y: Word[n] }
        each dims: StridedDim { size: Dim, stride: Dim } {}
        check strided_copy_is_valid;
    /// y = x; in the commit phase the assignment of a variable.
    Copy { n: Dim } { Read x: Word[n], Write y: Word[n] };
    /// y = softmax of each row of x.
    Softmax { rows: Dim, n: Dim } { Read x: F32[rows * n], Write y: F32[rows * n] } check softmax_is_valid;
    /// y = log softmax of each row of x.
    LogSoftmax { rows: Dim, n: Dim } { Read x: F32[rows * n], Write y: F32[rows * n] } check log_softmax_is_valid;
    /// dx = y · (dy − Σ dy·y) for each row.
    SoftmaxBackward { rows: Dim, n: Dim } { Read y: F32[rows * n], Read dy: F32[rows * n], Write dx: F32[rows * n] } check softmax_backward_is_valid;
    /// Softmax and cross-entropy with integer labels: loss = −log p[label].
    CrossEntropyLabels { rows: Dim, n: Dim }
        { Read logits: F32[rows * n], Read labels: I32[rows], Write loss: F32[rows], Write probs: F32[rows * n] } check cross_entropy_labels_is_valid;
    /// dlogits = (p − onehot(label)) · dloss.
    CrossEntropyLabelsBackward { rows: Dim, n: Dim }
        { Read probs: F32[rows * n], Read labels: I32[rows], Read dloss: F32[rows], Write dlogits: F32[rows * n] } check cross_entropy_labels_backward_is_valid;
    /// Softmax and cross-entropy with rows of probabilities: loss = −Σ t·log p.
    CrossEntropyRows { rows: Dim, n: Dim }
        { Read logits: F32[rows * n], Read targets: F32[rows * n], Write loss: F32[rows], Write probs: F32[rows * n] } check cross_entropy_rows_is_valid;
    /// dlogits = (p·Σt − t) · dloss.
    CrossEntropyRowsBackward { rows: Dim, n: Dim }
        { Read probs: F32[rows * n], Read targets: F32[rows * n], Read dloss: F32[rows], Write dlogits: F32[rows * n] } check cross_entropy_rows_backward_is_valid;
    /// y[i] = row indices[i] of the table (rows, width).
    Gather { rows: Dim, width: Dim, count: Dim } { Read table: F32[rows * width], Read indices: I32[count], Write y: F32[count * width] };
    /// The gradient of gather: dtable[indices[i]] += dy[i], in the order of i.
    ScatterAdd { rows: Dim, width: Dim, count: Dim } { Read indices: I32[count], Read dy: F32[count * width], Write dtable: F32[rows * width] };
    /// y[i] = 1 at indices[i], 0 elsewhere.
    OneHot { count: Dim, depth: Dim } { Read indices: I32[count], Write y: F32[count * depth] };
    /// The position of the largest value of each row; the first of equals.
    Argmax { rows: Dim, n: Dim } { Read x: F32[rows * n], Write y: I32[rows] } check argmax_is_valid;
    /// Integers as floats.
    IntToFloat { n: Dim } { Read x: I32[n], Write y: F32[n] };
    /// Floats as integers, rounded towards zero; NaN gives 0, what is out of range the nearest end.
    FloatToInt { n: Dim } { Read x: F32[n], Write y: I32[n] };
    /// Labels that count as they are with 1 in kept; 0 and 0 where a label is the one to ignore, an int32 in a word.
    Ignore { n: Dim, label: u32 } { Read x: I32[n], Write y: I32[n], Write kept: F32[n] };
    /// Random numbers by philox(seed, stream, step, element).
    Random { distribution: Distribution, n: Dim, p0: f32, p1: f32, seed_low: u32, seed_high: u32, stream: u32 }
        { Read step: U32[1], Write y: F32[n] };
    /// Zeroes each element with probability `rate`, scales the others by 1/(1 − rate). The same op on dy is its gradient.
    Dropout { n: Dim, rate: f32, seed_low: u32, seed_high: u32, stream: u32 } { Read step: U32[1], Read x: F32[n], Write y: F32[n] };
    /// Stops the step where a value is NaN or infinite. peak: the largest |x|, in any lane. A counter's word is no
    /// finite float from 2,139,095,040 on, so counters are guarded too.
    Guard {} { Write peak: F32[4] } each ranges: GuardRange { len: Dim } { Read x: F32[len] };
    /// Makes a step of an optimizer ready. hyper = [rate, weight decay, clip by value, by norm, by global norm, the
    /// rule's own numbers]; a clip of 0 is none. Decoupled decay shrinks w, the other joins g. step counts the steps
    /// done. reach: how large the slot that w is changed by is at most. numbers: what the step takes; then whether it
    /// takes gradients as they are; otherwise scale is what they are multiplied by; last reach after the step.
    /// Stops the step where a weight or a slot would not be finite; w and its slots are finite, and so is g.
    PrepareUpdate { rule: Rule, decoupled: bool }
        { Read hyper: F64[9], Read step: U32[1], Read peak: F32[4], Write numbers: F32[12] }
        each ranges: PrepareRange { slots: Dim, len: Dim }
            { Read w: F32[len], Read state: F32[slots * len], Read reach: F32[slots.any()], Read g: F32[len], Write scale: F32[1] }
        check prepare_update_is_valid;
    /// A step of an optimizer, as it was made ready.
    Update { rule: Rule } { Read numbers: F32[12] }
        each ranges: UpdateRange { slots: Dim, len: Dim }
            { Both w: F32[len], Both state: F32[slots * len], Both reach: F32[slots.any()], Read g: F32[len], Read scale: F32[1] }
        check update_is_valid;
    /// word += 1 for each counter, which a guard has looked at.
    Increment {} {} each counters: Counter {} { Both word: U32[1] };
}
