//! The engine: verifies programs once and replays them.
//!
//! Blocks of words hold everything; a program's segments are bound to blocks; a run computes, guards
//! and commits, or leaves all state as it was.

#![no_std]

extern crate alloc;

mod chain;
mod execute;
pub mod field;
mod inspect;
mod memory;
pub mod op;
mod program;
mod share;
mod status;
pub mod table;
mod valid;
mod verify;

use alloc::vec::Vec;

pub use execute::can_fail;
use execute::{Worker, phases, run_op};
pub use ferrograd_kernels::random::{Distribution, Stream};
pub use memory::Handle;
use memory::{Binding, Blocks, Segments};
use op::{Access, Type};
pub use program::{Kind, LoadError, Program};
use share::{Share, Span};
pub use status::{CODES, Fault, Status};

/// A program with the blocks it is bound to.
struct Loaded {
    program: Program,
    binding: Binding,
}

/// There is no such program, or no such op in it.
const NONE: Fault = Fault::Unbound { segment: 0 };

/// Blocks, programs and the scratch they share.
#[derive(Default)]
pub struct Engine {
    blocks: Blocks,
    programs: Vec<Option<Loaded>>,
    scratch: Option<Handle>,
    scratch_words: usize,
    worker: Worker,
}

impl Engine {
    /// A zeroed block of words; None when memory is out.
    pub fn alloc(&mut self, words: usize) -> Option<Handle> {
        self.blocks.alloc(words)
    }

    /// Frees a block; programs bound to it fail with `Fault::Unbound` from then on.
    pub fn free(&mut self, handle: Handle) -> bool {
        self.blocks.free(handle)
    }

    /// The address of a live block.
    pub fn address(&mut self, handle: Handle) -> Option<usize> {
        self.blocks.base(handle).map(|base| base.address())
    }

    /// The words of a live block.
    pub fn words_mut(&mut self, handle: Handle) -> Option<&mut [u32]> {
        self.blocks.words_mut(handle)
    }

    /// Words in live blocks without the shared scratch.
    pub fn live_words(&self) -> usize {
        self.blocks.live_words() - self.scratch_words
    }

    /// The scratch that all programs share.
    pub fn scratch(&self) -> Option<Handle> {
        self.scratch
    }

    /// Words of the scratch that all programs share.
    pub fn scratch_words(&self) -> usize {
        self.scratch_words
    }

    /// Decodes and verifies a program.
    pub fn load(&mut self, words: &[u32]) -> Result<usize, LoadError> {
        let program = Program::load(words)?;
        for op in program.ops() {
            self.worker.prepare(op).ok_or(LoadError::OutOfMemory)?;
        }
        self.reserve_scratch(program.scratch_words()).ok_or(LoadError::OutOfMemory)?;
        let binding = Binding::new(program.segments().len());
        let loaded = Loaded { program, binding };
        let vacant = self.programs.iter().position(Option::is_none);
        let id = vacant.unwrap_or_else(|| {
            self.programs.push(None);
            self.programs.len() - 1
        });
        self.programs[id] = Some(loaded);
        Ok(id)
    }

    /// Makes the shared scratch at least this large.
    fn reserve_scratch(&mut self, words: usize) -> Option<()> {
        if words > self.scratch_words {
            let scratch = self.blocks.alloc(words)?;
            if let Some(old) = self.scratch.replace(scratch) {
                self.blocks.free(old);
            }
            self.scratch_words = words;
        }
        Some(())
    }

    /// Forgets a program. The scratch goes with the last one.
    pub fn unload(&mut self, id: usize) {
        if let Some(slot) = self.programs.get_mut(id) {
            *slot = None;
        }
        if self.programs.iter().all(Option::is_none) {
            self.programs.clear();
            if let Some(scratch) = self.scratch.take() {
                self.blocks.free(scratch);
                self.scratch_words = 0;
            }
        }
    }

    /// Binds a block to a segment; false if there is no such program or segment.
    pub fn bind(&mut self, id: usize, segment: usize, handle: Handle) -> bool {
        let Some(Some(loaded)) = self.programs.get_mut(id) else { return false };
        loaded.binding.bind(segment, handle)
    }

    /// Runs a program; the error says which op stopped it, and then no state has changed.
    pub fn run(&mut self, id: usize) -> Result<(), (usize, Fault)> {
        self.replay(id, 1, false)
    }

    /// As `run`, cut into shares that one thread runs one after the other: the same bits.
    pub fn run_in_shares(&mut self, id: usize, workers: usize) -> Result<(), (usize, Fault)> {
        self.replay(id, workers.max(1), false)
    }

    /// As `run` without the commit, looking for NaN and infinity after every op: names the first that makes one.
    pub fn trace(&mut self, id: usize) -> Result<(), (usize, Fault)> {
        self.replay(id, 1, true)
    }

    /// Where the bases of a program's segments stand, in their order, for code of its own that runs it
    /// op by op. They hold until a block is allocated, freed or bound.
    pub fn bases(&mut self, id: usize) -> Option<usize> {
        self.bound(id).ok().map(|(_, segments, _)| segments.address())
    }

    /// Runs one op of a program. Who runs a program so keeps to its order, and ends it at the first fault.
    pub fn perform(&mut self, id: usize, index: usize) -> Result<(), (usize, Fault)> {
        let here = |fault| (index, fault);
        let (program, segments, worker) = self.bound(id).map_err(here)?;
        let op = program.ops().get(index).ok_or(here(NONE))?;
        // Programs that are written out have it performed at every step: 0.1 us less without a look at all ops.
        if let op::Op::PrepareUpdate(op) = op {
            return execute::update::prepare(op, Share { worker: 0, workers: 1 }, &segments)
                .map_err(here);
        }
        run_whole(op, 1, &segments, worker).map_err(here)
    }

    /// A program with what it runs on.
    fn bound(&mut self, id: usize) -> Result<(&Program, Segments<'_>, &mut Worker), Fault> {
        let loaded = self.programs.get_mut(id).and_then(Option::as_mut).ok_or(NONE)?;
        let Loaded { program, binding } = loaded;
        let segments = binding.segments(program, &mut self.blocks, self.scratch)?;
        Ok((program, segments, &mut self.worker))
    }

    fn replay(&mut self, id: usize, workers: usize, tracing: bool) -> Result<(), (usize, Fault)> {
        let (program, segments, own) = self.bound(id).map_err(|fault| (0, fault))?;
        let ops = if tracing { program.compute_ops() } else { program.ops() };
        for (index, op) in ops.iter().enumerate() {
            run_whole(op, workers, &segments, own).map_err(|fault| (index, fault))?;
            if tracing {
                check_finite(op, &segments).map_err(|fault| (index, fault))?;
            }
        }
        Ok(())
    }
}

/// All phases of an op, its shares one after the other.
fn run_whole(
    op: &op::Op,
    workers: usize,
    segments: &Segments,
    own: &mut Worker,
) -> Result<(), Fault> {
    for phase in 0..phases(op) {
        for worker in 0..workers {
            run_op(op, phase, Share { worker, workers }, segments, own)?;
        }
    }
    Ok(())
}

/// Looks through what an op has written.
fn check_finite(op: &op::Op, segments: &Segments) -> Result<(), Fault> {
    let written = op.uses().into_iter().filter(|used| used.access != Access::Read);
    for (operand, used) in written.enumerate().filter(|(_, used)| used.ty == Type::F32) {
        let x: &[f32] = segments.view(used.operand, Span::first(used.len as usize));
        if let Some(element) = ferrograd_kernels::peak::first_non_finite(x) {
            return Err(Fault::NonFinite { operand, element, value: x[element] });
        }
    }
    Ok(())
}
