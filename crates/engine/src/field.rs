//! What an instruction can hold: how each kind of field is read from words and named in the table.

use core::ops::Mul;
use ferrograd_kernels::activation::{self, Activation};
use ferrograd_kernels::elementwise::{self, Binary, Unary};
use ferrograd_kernels::optimizer::{self, Rule};
use ferrograd_kernels::random::Distribution;
use ferrograd_kernels::reduce::Reduction;

use crate::program::LoadError;

/// Reads words one after the other. The first error sticks and all words after it read as 0, so
/// that decoding is straight-line code with one look at the end of each op.
pub struct Reader<'a> {
    words: &'a [u32],
    at: usize,
    error: Option<LoadError>,
}

impl<'a> Reader<'a> {
    pub fn new(words: &'a [u32]) -> Self {
        Self { words, at: 0, error: None }
    }

    #[inline(never)]
    pub fn word(&mut self) -> u32 {
        match self.words.get(self.at) {
            Some(&word) if self.error.is_none() => {
                self.at += 1;
                word
            }
            _ => {
                self.refuse(LoadError::Truncated);
                0
            }
        }
    }

    /// How many items follow; each takes a word at least, so a count never asks for more memory
    /// than the program's own length.
    #[inline(never)]
    pub fn count(&mut self) -> usize {
        let count = self.word() as usize;
        if count > self.left() {
            self.refuse(LoadError::Truncated);
            return 0;
        }
        count
    }

    #[inline(never)]
    pub fn refuse(&mut self, error: LoadError) {
        self.error.get_or_insert(error);
    }

    /// The first error so far.
    pub fn ok(&self) -> Result<(), LoadError> {
        self.error.map_or(Ok(()), Err)
    }

    pub fn left(&self) -> usize {
        self.words.len() - self.at
    }
}

/// A value that stands in a program.
pub trait Field: Sized {
    /// Its name in the op table, also the name of the writer's method in TypeScript.
    const KIND: &'static str;
    fn read(reader: &mut Reader) -> Self;
}

/// A size.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Dim(pub u32);

impl Dim {
    pub fn get(self) -> usize {
        self.0 as usize
    }

    /// 1 if there are any.
    pub fn any(self) -> Dim {
        Dim(self.0.min(1))
    }

    /// How many blocks the sums over this many rows have.
    pub fn blocks(self) -> Dim {
        Dim(ferrograd_kernels::reduce::blocks(self.get()) as u32)
    }

    /// How many blocks a reduction over this many elements has on the way, if any.
    pub fn partials(self, reduction: Reduction) -> Dim {
        Dim(reduction.partials(self.get()) as u32)
    }
}

/// A number of elements: a product of dims, which saturates, so that an overflow is too large for
/// any segment instead of wrapping.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Len(pub u64);

impl From<Dim> for Len {
    fn from(dim: Dim) -> Len {
        Len(u64::from(dim.0))
    }
}

impl From<u64> for Len {
    fn from(elements: u64) -> Len {
        Len(elements)
    }
}

impl Mul<Dim> for Len {
    type Output = Len;
    #[inline(never)]
    fn mul(self, dim: Dim) -> Len {
        Len(self.0.saturating_mul(u64::from(dim.0)))
    }
}

impl Mul for Dim {
    type Output = Len;
    fn mul(self, other: Dim) -> Len {
        Len(u64::from(self.0) * u64::from(other.0))
    }
}

impl Mul<bool> for Dim {
    type Output = Len;
    fn mul(self, present: bool) -> Len {
        if present { self.into() } else { Len(0) }
    }
}

impl Field for Dim {
    const KIND: &'static str = "dim";
    fn read(reader: &mut Reader) -> Self {
        Dim(reader.word())
    }
}

impl Field for u32 {
    const KIND: &'static str = "word";
    fn read(reader: &mut Reader) -> Self {
        reader.word()
    }
}

impl Field for f32 {
    const KIND: &'static str = "float";
    fn read(reader: &mut Reader) -> Self {
        f32::from_bits(reader.word())
    }
}

impl Field for bool {
    const KIND: &'static str = "flag";
    fn read(reader: &mut Reader) -> Self {
        let word = reader.word();
        if word > 1 {
            reader.refuse(LoadError::BadField("flag"));
        }
        word == 1
    }
}

/// Where an operand lies: a segment of the program and a word in it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Operand {
    pub segment: u32,
    pub offset: u32,
}

impl Field for Operand {
    const KIND: &'static str = "operand";
    fn read(reader: &mut Reader) -> Self {
        Operand { segment: reader.word(), offset: reader.word() }
    }
}

/// One step of an elementwise chain: which function.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Step {
    /// y = f(a)
    Unary(Unary),
    /// y = p0 · f(a, b) + p1, rounded after each of the two
    Binary(Binary),
    /// y = f(a), a row of the activation table
    Activation(Activation),
    /// y = f'(a) · b, a being x or y as the row says
    ActivationGradient(Activation),
    /// y = p0 · a + p1
    Affine,
}

impl Step {
    /// Does the step read its second register?
    pub fn is_binary(self) -> bool {
        matches!(self, Step::Binary(_) | Step::ActivationGradient(_))
    }
}

/// The families of steps, in the order of their codes: family in the high half, row in the low.
pub const STEP_FAMILIES: [&str; 5] =
    ["unary", "binary", "activation", "activationGradient", "affine"];

impl Field for Step {
    const KIND: &'static str = "step";
    fn read(reader: &mut Reader) -> Self {
        let word = reader.word();
        let row = word & 0xffff;
        let step = match word >> 16 {
            0 => Unary::from_code(row).map(Step::Unary),
            1 => Binary::from_code(row).map(Step::Binary),
            2 => Activation::from_code(row).map(Step::Activation),
            3 => Activation::from_code(row).map(Step::ActivationGradient),
            4 if row == 0 => Some(Step::Affine),
            _ => None,
        };
        step.unwrap_or_else(|| {
            reader.refuse(LoadError::BadField("step"));
            Step::Unary(Unary::ALL[0])
        })
    }
}

/// A field that is the code of a row in a table.
macro_rules! coded {
    ($type:ident, $kind:literal) => {
        impl Field for $type {
            const KIND: &'static str = $kind;
            fn read(reader: &mut Reader) -> Self {
                $type::from_code(reader.word()).unwrap_or_else(|| {
                    reader.refuse(LoadError::BadField($kind));
                    $type::ALL[0]
                })
            }
        }
    };
}

coded!(Activation, "activation");
coded!(Reduction, "reduction");
coded!(Distribution, "distribution");
coded!(Rule, "rule");

/// A coded kind: the names of its rows in the order of their codes.
pub struct Names {
    pub kind: &'static str,
    pub names: &'static [&'static str],
}

/// The names in a table of rows.
macro_rules! names_of {
    ($rows:path) => {{
        const NAMES: [&str; $rows.len()] = {
            let mut names = [""; $rows.len()];
            let mut row = 0;
            while row < names.len() {
                names[row] = $rows[row].name;
                row += 1;
            }
            names
        };
        &NAMES
    }};
}

/// Every coded kind, for the hash and the generated TypeScript.
pub const NAMES: [Names; 6] = [
    Names { kind: "activation", names: names_of!(activation::ROWS) },
    Names { kind: "unary", names: names_of!(elementwise::UNARY) },
    Names { kind: "binary", names: names_of!(elementwise::BINARY) },
    Names { kind: "reduction", names: &["sum", "mean", "max"] },
    Names { kind: "distribution", names: &["uniform", "normal", "truncatedNormal"] },
    Names { kind: "rule", names: names_of!(optimizer::ROWS) },
];
