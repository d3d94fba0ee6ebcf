//! What an instruction can hold: how each kind of field is read from words and named in the table.

use ferrograd_kernels::activation::{self, Activation};
use ferrograd_kernels::elementwise::{self, Binary, Unary};
use ferrograd_kernels::random::Distribution;
use ferrograd_kernels::reduce::Reduction;
use std::ops::{Add, Mul};

use crate::program::LoadError;

/// Reads words one after the other; running out is an error, never a panic.
pub struct Reader<'a> {
    words: &'a [u32],
    at: usize,
}

impl<'a> Reader<'a> {
    pub fn new(words: &'a [u32]) -> Self {
        Self { words, at: 0 }
    }

    pub fn word(&mut self) -> Result<u32, LoadError> {
        let word = self.words.get(self.at).copied().ok_or(LoadError::Truncated)?;
        self.at += 1;
        Ok(word)
    }

    pub fn left(&self) -> usize {
        self.words.len() - self.at
    }
}

/// A value that stands in a program.
pub trait Field: Sized {
    /// Its name in the op table, also the name of the writer's method in TypeScript.
    const KIND: &'static str;
    fn read(reader: &mut Reader) -> Result<Self, LoadError>;
}

/// A size. Products saturate, so that an overflow is too large for any segment instead of wrapping.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Dim(pub u64);

impl Dim {
    /// The size as an index. Verified sizes fit: they were compared with a segment's length.
    pub fn get(self) -> usize {
        usize::try_from(self.0).unwrap_or(usize::MAX)
    }

    /// How many blocks a reduction over this many elements has.
    pub fn blocks(self) -> Dim {
        Dim(ferrograd_kernels::reduce::blocks(self.get()) as u64)
    }
}

impl Mul for Dim {
    type Output = Dim;
    fn mul(self, other: Dim) -> Dim {
        Dim(self.0.saturating_mul(other.0))
    }
}

impl Mul<bool> for Dim {
    type Output = Dim;
    fn mul(self, present: bool) -> Dim {
        if present { self } else { Dim(0) }
    }
}

impl Add for Dim {
    type Output = Dim;
    fn add(self, other: Dim) -> Dim {
        Dim(self.0.saturating_add(other.0))
    }
}

impl From<u64> for Dim {
    fn from(value: u64) -> Dim {
        Dim(value)
    }
}

impl Field for Dim {
    const KIND: &'static str = "dim";
    fn read(reader: &mut Reader) -> Result<Self, LoadError> {
        Ok(Dim(u64::from(reader.word()?)))
    }
}

impl Field for u32 {
    const KIND: &'static str = "word";
    fn read(reader: &mut Reader) -> Result<Self, LoadError> {
        reader.word()
    }
}

impl Field for f32 {
    const KIND: &'static str = "float";
    fn read(reader: &mut Reader) -> Result<Self, LoadError> {
        Ok(f32::from_bits(reader.word()?))
    }
}

impl Field for bool {
    const KIND: &'static str = "flag";
    fn read(reader: &mut Reader) -> Result<Self, LoadError> {
        match reader.word()? {
            0 => Ok(false),
            1 => Ok(true),
            _ => Err(LoadError::BadField("flag")),
        }
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
    fn read(reader: &mut Reader) -> Result<Self, LoadError> {
        Ok(Operand { segment: reader.word()?, offset: reader.word()? })
    }
}

/// One step of an elementwise chain: which function.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Step {
    /// y = f(a)
    Unary(Unary),
    /// y = f(a, b)
    Binary(Binary),
    /// y = f(a), a row of the activation table
    Activation(Activation),
    /// y = f'(a) · b, a being x or y as the row says
    ActivationGradient(Activation),
}

impl Step {
    /// Does the step read its second register?
    pub fn is_binary(self) -> bool {
        matches!(self, Step::Binary(_) | Step::ActivationGradient(_))
    }
}

/// The families of steps, in the order of their codes: family in the high half, row in the low.
pub const STEP_FAMILIES: [&str; 4] = ["unary", "binary", "activation", "activationGradient"];

impl Field for Step {
    const KIND: &'static str = "step";
    fn read(reader: &mut Reader) -> Result<Self, LoadError> {
        let word = reader.word()?;
        let row = word & 0xffff;
        match word >> 16 {
            0 => Unary::from_code(row).map(Step::Unary),
            1 => Binary::from_code(row).map(Step::Binary),
            2 => Activation::from_code(row).map(Step::Activation),
            3 => Activation::from_code(row).map(Step::ActivationGradient),
            _ => None,
        }
        .ok_or(LoadError::BadField("step"))
    }
}

/// A field that is the code of a row in a table.
macro_rules! coded {
    ($type:ident, $kind:literal) => {
        impl Field for $type {
            const KIND: &'static str = $kind;
            fn read(reader: &mut Reader) -> Result<Self, LoadError> {
                $type::from_code(reader.word()?).ok_or(LoadError::BadField($kind))
            }
        }
    };
}

coded!(Activation, "activation");
coded!(Reduction, "reduction");
coded!(Distribution, "distribution");

/// A coded kind: the names of its rows in the order of their codes.
pub struct Names {
    pub kind: &'static str,
    pub names: Vec<&'static str>,
}

/// Every coded kind, for the generated TypeScript.
pub fn names() -> [Names; 5] {
    [
        Names { kind: "activation", names: activation::ROWS.iter().map(|row| row.name).collect() },
        Names { kind: "unary", names: elementwise::UNARY.iter().map(|row| row.name).collect() },
        Names { kind: "binary", names: elementwise::BINARY.iter().map(|row| row.name).collect() },
        Names { kind: "reduction", names: vec!["sum", "max"] },
        Names { kind: "distribution", names: vec!["uniform", "normal", "truncatedNormal"] },
    ]
}
