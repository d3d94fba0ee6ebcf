//! What loading and running can end with. Fixed words, put into words by TypeScript, which knows the layers' names.

use ferrograd_kernels::loss::BadIndex;

/// Why a program was refused, and at which op. A compiler bug, never the user's: it is worded as such.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Refused {
    pub why: LoadError,
    pub op: usize,
}

/// Why a program was refused.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum LoadError {
    Truncated,
    TrailingWords,
    UnknownOp,
    BadField,
    BadDims,
    BadSegment,
    OutOfRange,
    Misaligned,
    NotWritable,
    ReadBeforeWrite,
    Overlap,
    WrittenTwice,
    MayFail,
    OutOfMemory,
}

impl LoadError {
    pub fn text(self) -> &'static str {
        match self {
            LoadError::Truncated => "program ends early",
            LoadError::TrailingWords => "words after the last op",
            LoadError::UnknownOp => "unknown op",
            LoadError::BadField => "a field that means nothing",
            LoadError::BadDims => "fields that contradict each other",
            LoadError::BadSegment => "segment table",
            LoadError::OutOfRange => "operand outside its segment",
            LoadError::Misaligned => "misaligned operand",
            LoadError::NotWritable => "write to a segment that this phase may not write",
            LoadError::ReadBeforeWrite => "read before write",
            LoadError::Overlap => "output overlaps another operand",
            LoadError::WrittenTwice => "state used after it was written",
            LoadError::MayFail => "op of the commit phase that can fail",
            LoadError::OutOfMemory => "out of memory",
        }
    }
}

/// Why a run stopped before its commit.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Fault {
    /// A label or index outside its range.
    BadIndex { element: usize, value: i32 },
    /// NaN or infinity in a guarded value.
    NonFinite { operand: usize, element: usize, value: f32 },
    /// An update would write a number that is not finite: four operands for each range, w and its slots;
    /// the value is the gradient there.
    Overflow { operand: usize, element: usize, value: f32 },
    /// A segment without a live block that is long enough.
    Unbound { segment: usize },
}

impl From<BadIndex> for Fault {
    fn from(bad: BadIndex) -> Fault {
        Fault::BadIndex { element: bad.element, value: bad.value }
    }
}

/// Status words: code (0 is success), op, operand, element, value.
pub type Status = [u32; 5];

pub const CODES: [&str; 5] = ["ok", "badIndex", "nonFinite", "unbound", "overflow"];

impl Fault {
    pub fn status(self, op: usize) -> Status {
        let op = op as u32;
        match self {
            Fault::BadIndex { element, value } => [1, op, 0, element as u32, value as u32],
            Fault::NonFinite { operand, element, value } => {
                [2, op, operand as u32, element as u32, value.to_bits()]
            }
            Fault::Unbound { segment } => [3, op, segment as u32, 0, 0],
            Fault::Overflow { operand, element, value } => {
                [4, op, operand as u32, element as u32, value.to_bits()]
            }
        }
    }
}
