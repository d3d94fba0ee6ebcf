//! What a row of the op table is made of.

use crate::field::{Operand, Words};

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
    /// Two in a word, the first in the low half.
    F16,
    /// Four in a word, the first in the lowest byte.
    I8,
}

impl Type {
    pub const ALL: [Type; 7] =
        [Type::F32, Type::I32, Type::U32, Type::F64, Type::Word, Type::F16, Type::I8];

    /// Words of this many elements.
    pub fn words(self, len: u64) -> u64 {
        match self {
            Type::F64 => len.saturating_mul(2),
            Type::F16 => len.div_ceil(2),
            Type::I8 => len.div_ceil(4),
            _ => len,
        }
    }

    /// What offsets are a multiple of.
    pub fn alignment(self) -> u64 {
        if self == Type::F64 { 2 } else { 1 }
    }

    /// Its name in the generated documentation.
    pub const fn name(self) -> &'static str {
        match self {
            Type::F32 => "f32",
            Type::I32 => "i32",
            Type::U32 => "u32",
            Type::F64 => "f64",
            Type::Word => "word",
            Type::F16 => "f16",
            Type::I8 => "i8",
        }
    }
}

/// What an op does to an operand.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Access {
    Read,
    Write,
    Both,
}

impl Access {
    pub const ALL: [Access; 3] = [Access::Read, Access::Write, Access::Both];

    /// Its name in the generated documentation.
    pub const fn name(self) -> &'static str {
        match self {
            Access::Read => "reads",
            Access::Write => "writes",
            Access::Both => "updates",
        }
    }
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

/// A field as the table names it.
pub struct FieldSpec {
    pub name: &'static str,
    pub kind: &'static str,
    pub words: Words,
}

/// An operand as the table names it.
pub struct OperandSpec {
    pub name: &'static str,
    pub ty: Type,
    pub access: Access,
    pub len: &'static str,
}

/// The fields and operands of an op or of one of its repeated groups.
pub struct GroupSpec {
    pub name: &'static str,
    pub fields: &'static [FieldSpec],
    pub operands: &'static [OperandSpec],
    pub checks: &'static [&'static str],
}

/// A row as text, for the generated encoder, the hash and the bytes that the engine reads.
pub struct OpSpec {
    pub name: &'static str,
    pub doc: &'static str,
    pub body: GroupSpec,
    pub groups: &'static [GroupSpec],
    /// Floats that a worker needs.
    pub scratch: &'static str,
    /// Not 0 where a second phase combines what the first has left.
    pub combine: &'static str,
    /// Can it stop a run, because of what it finds in the data?
    pub can_fail: bool,
    /// What it is cut by among workers.
    pub rows: &'static str,
    pub elements: &'static str,
}
