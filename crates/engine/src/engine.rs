//! Blocks, programs and the scratch they share.

use alloc::vec::Vec;

use crate::instruction::{Op, Table};
use crate::memory::{Binding, Block, Blocks, Handle, Segments};
use crate::op::row::{Access, Type};
use crate::program::Program;
use crate::run::Run;
use crate::share::{Share, Span};
use crate::status::{Fault, LoadError, Refused};

/// A program with the blocks it is bound to.
struct Loaded<T> {
    program: Program<T>,
    binding: Binding,
}

/// There is no such program, or no such op in it.
const NONE: Fault = Fault::Unbound { segment: 0 };

/// An engine for the programs of a table.
#[derive(Default)]
pub struct Engine<T> {
    pub(crate) blocks: Blocks,
    programs: Vec<Option<Loaded<T>>>,
    scratch: Option<Handle>,
    scratch_words: usize,
    /// Floats of the worker, for the op that needs most.
    worker: Block,
}

impl<T: Table> Engine<T> {
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
    pub fn load(&mut self, words: &[u32]) -> Result<usize, Refused> {
        let program = Program::load(words)?;
        self.reserve(&program).ok_or(Refused { why: LoadError::OutOfMemory, op: 0 })?;
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

    /// Makes the worker's scratch and the one that programs share as large as this one needs.
    fn reserve(&mut self, program: &Program<T>) -> Option<()> {
        if self.worker.floats().len() < program.worker_floats() {
            self.worker = Block::new(program.worker_floats())?;
        }
        let words = program.scratch_words();
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
        self.bound(id).ok().map(|(_, run)| run.segments.address())
    }

    /// Runs one op of a program. Who runs a program so keeps to its order, and ends it at the first fault.
    pub fn perform(&mut self, id: usize, index: usize) -> Result<(), (usize, Fault)> {
        let here = |fault| (index, fault);
        let (program, mut run) = self.bound(id).map_err(here)?;
        let op = program.op(index).ok_or(here(NONE))?;
        op.run(&mut run).map_err(here)
    }

    /// A program with what it runs on.
    fn bound(&mut self, id: usize) -> Result<(&Program<T>, Run<'_>), Fault> {
        let loaded = self.programs.get_mut(id).and_then(Option::as_mut).ok_or(NONE)?;
        let Loaded { program, binding } = loaded;
        let segments = binding.segments(program.segments(), &mut self.blocks, self.scratch)?;
        let share = Share { worker: 0, workers: 1 };
        Ok((
            program,
            Run { phase: 0, share, part: Span::first(0), segments, scratch: self.worker.floats() },
        ))
    }

    fn replay(&mut self, id: usize, workers: usize, tracing: bool) -> Result<(), (usize, Fault)> {
        let (program, mut run) = self.bound(id).map_err(|fault| (0, fault))?;
        run.share.workers = workers;
        let count = if tracing { program.compute() } else { program.ops().len() };
        for (index, op) in program.ops().take(count).enumerate() {
            op.run(&mut run).map_err(|fault| (index, fault))?;
            if tracing {
                check_finite(&op, &run.segments).map_err(|fault| (index, fault))?;
            }
        }
        Ok(())
    }
}

/// Looks through what an op has written.
fn check_finite<T: Table>(op: &Op<T>, segments: &Segments) -> Result<(), Fault> {
    let (mut operand, mut end) = (0, Ok(()));
    op.each(&mut |used| {
        if used.access == Access::Read {
            return;
        }
        if used.ty == Type::F32 && end.is_ok() {
            let x: &[f32] = segments.view(used.operand, Span::first(used.len as usize));
            if let Some(element) = ferrograd_kernels::peak::first_non_finite(x) {
                end = Err(Fault::NonFinite { operand, element, value: x[element] });
            }
        }
        operand += 1;
    });
    end
}
