//! One instruction of a program: which op, and its words.

use alloc::vec::Vec;
use core::marker::PhantomData;

use crate::op::read::{self, Read};
use crate::op::row::Use;
use crate::run::Run;
use crate::status::{Fault, LoadError};

/// A table of ops as the engine uses it.
pub trait Table {
    /// The bytes of all ops, and where those of each begin.
    const BYTES: &'static [u8];
    const STARTS: &'static [u16];
    /// A check of an op's own, of the words behind its code.
    fn is_valid(op: u32, words: &[u32]) -> bool;
    /// Runs a worker's share of one phase of an op.
    fn run(op: u32, words: &[u32], run: &mut Run) -> Result<(), Fault>;
}

/// Checks the instruction at the start of these words and gives each of its operands, those of the groups last.
pub fn read<T: Table>(
    words: &[u32],
    using: &mut dyn FnMut(Use) -> Result<(), LoadError>,
) -> Result<Read, LoadError> {
    let (&op, words) = words.split_first().ok_or(LoadError::Truncated)?;
    let &start = T::STARTS.get(op as usize).ok_or(LoadError::UnknownOp)?;
    let bytes = T::BYTES.get(start.into()..).unwrap_or_default();
    let read = read::read(bytes, words, using)?;
    if T::is_valid(op, words) { Ok(read) } else { Err(LoadError::BadDims) }
}

/// Words that follow the code of every instruction, whatever they mean: no fewer than fields and operands take.
pub const ROOM: usize = 32;

/// A verified instruction: where it begins, and what its table says of it.
pub struct Instruction {
    pub start: usize,
    pub read: Read,
}

impl Instruction {
    /// With the words of its program.
    pub fn of<'a, T: Table>(&'a self, words: &'a [u32]) -> Op<'a, T> {
        let words = words.get(self.start..).unwrap_or_default();
        Op { read: &self.read, words, table: PhantomData }
    }
}

/// A verified instruction with its words, which go on behind it.
pub struct Op<'a, T> {
    read: &'a Read,
    words: &'a [u32],
    table: PhantomData<T>,
}

impl<T: Table> Op<'_, T> {
    /// Can it stop a run, because of what it finds in the data?
    pub fn can_fail(&self) -> bool {
        self.read.can_fail
    }

    /// Every operand, those of the groups last.
    pub fn uses(&self) -> Vec<Use> {
        let mut uses = Vec::new();
        self.each(&mut |used| uses.push(used));
        uses
    }

    /// Gives every operand, those of the groups last.
    pub fn each(&self, using: &mut dyn FnMut(Use)) {
        let read = read::<T>(self.words, &mut |used| {
            using(used);
            Ok(())
        });
        debug_assert!(read.is_ok(), "it was verified");
    }

    /// Runs all phases, the shares of each one after the other.
    pub fn run(&self, run: &mut Run) -> Result<(), Fault> {
        let Some((&op, words)) = self.words.split_first() else { return Ok(()) };
        // One look, so that none is needed for each op.
        if words.len() < ROOM {
            return Ok(());
        }
        for phase in 0..self.read.phases {
            run.phase = phase;
            for worker in 0..run.share.workers {
                run.share.worker = worker;
                run.part = run.share.of(self.read.total, self.read.unit);
                T::run(op, words, run)?;
            }
        }
        Ok(())
    }
}
