//! What an instruction can hold: each kind of field, and how it stands in a word.

use ferrograd_kernels::activation::{self, Activation};
use ferrograd_kernels::elementwise::{self, Binary, Unary};
use ferrograd_kernels::integers::Integer;
use ferrograd_kernels::optimizer::{self, Rule};
use ferrograd_kernels::random::Distribution;
use ferrograd_kernels::reduce::Reduction;

/// A value that stands in one word of a program.
pub trait Field: Sized {
    /// Its name in the op table.
    const KIND: &'static str;
    /// Which words are values.
    const WORDS: Words = Words::Any;
    /// The value of a word that was verified; any value, where it wasn't.
    fn of(word: u32) -> Self;
}

/// Which words are values of a field.
#[derive(Clone, Copy, PartialEq, Eq)]
pub enum Words {
    Any,
    /// A family of steps and a row of it.
    Step,
    Below(usize),
}

/// A size.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Dim(pub u32);

impl Dim {
    pub fn get(self) -> usize {
        self.0 as usize
    }
}

impl Field for Dim {
    const KIND: &'static str = "dim";
    fn of(word: u32) -> Self {
        Dim(word)
    }
}

impl Field for u32 {
    const KIND: &'static str = "word";
    fn of(word: u32) -> Self {
        word
    }
}

impl Field for f32 {
    const KIND: &'static str = "float";
    fn of(word: u32) -> Self {
        f32::from_bits(word)
    }
}

impl Field for bool {
    const KIND: &'static str = "flag";
    const WORDS: Words = Words::Below(2);
    fn of(word: u32) -> Self {
        word != 0
    }
}

/// Where an operand lies: a segment of the program and a word in it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Operand(u64);

impl Operand {
    /// Of its two words. One number is a load, where the words lie side by side.
    pub fn new(segment: u32, offset: u32) -> Operand {
        Operand(u64::from(segment) | u64::from(offset) << 32)
    }

    pub fn segment(self) -> usize {
        self.0 as u32 as usize
    }

    pub fn offset(self) -> usize {
        (self.0 >> 32) as usize
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

    /// Family in the high half, row in the low.
    pub fn from_word(word: u32) -> Option<Step> {
        let row = word & 0xffff;
        match word >> 16 {
            0 => Unary::from_code(row).map(Step::Unary),
            1 => Binary::from_code(row).map(Step::Binary),
            2 => Activation::from_code(row).map(Step::Activation),
            3 => Activation::from_code(row).map(Step::ActivationGradient),
            4 if row == 0 => Some(Step::Affine),
            _ => None,
        }
    }
}

/// The families of steps, in the order of their codes.
pub const STEP_FAMILIES: [&str; 5] =
    ["unary", "binary", "activation", "activationGradient", "affine"];

impl Field for Step {
    const KIND: &'static str = "step";
    const WORDS: Words = Words::Step;
    fn of(word: u32) -> Self {
        Step::from_word(word).unwrap_or(Step::Affine)
    }
}

/// A field that is the code of a row in a table.
macro_rules! coded {
    ($type:ident, $kind:literal) => {
        impl Field for $type {
            const KIND: &'static str = $kind;
            const WORDS: Words = Words::Below($type::ALL.len());
            fn of(word: u32) -> Self {
                $type::from_code(word).unwrap_or($type::ALL[0])
            }
        }
    };
}

coded!(Activation, "activation");
coded!(Reduction, "reduction");
coded!(Distribution, "distribution");
coded!(Rule, "rule");
coded!(Integer, "integer");

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
pub const NAMES: [Names; 7] = [
    Names { kind: "activation", names: names_of!(activation::ROWS) },
    Names { kind: "unary", names: names_of!(elementwise::UNARY) },
    Names { kind: "binary", names: names_of!(elementwise::BINARY) },
    Names { kind: "reduction", names: &["sum", "mean", "max"] },
    Names { kind: "distribution", names: &["uniform", "normal", "truncatedNormal"] },
    Names { kind: "rule", names: names_of!(optimizer::ROWS) },
    Names {
        kind: "integer",
        names: &["less", "equal", "add", "sub", "mul", "maximum", "minimum", "floorDiv", "mod"],
    },
];
