//! The segments of a program.

/// What a segment is for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// Lives on between runs; written in the commit phase only.
    State,
    /// Read only, the same for every run.
    Constant,
    /// Read only, filled by the caller before a run.
    Input,
    /// Written by a run, read by the caller afterwards.
    Output,
    /// Shared by all programs, undefined at the start of a run.
    Scratch,
}

impl Kind {
    pub const NAMES: [&str; 5] = ["state", "constant", "input", "output", "scratch"];

    pub fn from_code(code: u32) -> Option<Kind> {
        [Kind::State, Kind::Constant, Kind::Input, Kind::Output, Kind::Scratch]
            .get(code as usize)
            .copied()
    }

    /// Must it be written before it is read?
    pub fn starts_undefined(self) -> bool {
        matches!(self, Kind::Output | Kind::Scratch)
    }
}

#[derive(Clone, Copy, Debug)]
pub struct Segment {
    pub kind: Kind,
    pub words: u64,
}
