//! Memory: blocks of words, segments bound to them, and the views that ops work on.
//! The only module of the engine with `unsafe`.

use alloc::vec::Vec;
use core::marker::PhantomData;

use crate::field::Operand;
use crate::segment::{Kind, Segment};
use crate::share::Span;
use crate::status::Fault;

/// 64 bytes, so that a block starts on a cache line.
#[derive(Clone, Copy)]
#[repr(C, align(64))]
struct Line([u32; LINE]);

/// Words of a cache line.
pub const LINE: usize = 16;

/// Words that start on a cache line.
#[derive(Default)]
pub struct Block {
    lines: Vec<Line>,
    words: usize,
}

impl Block {
    /// Zeroed words, or None when memory is out.
    #[inline(never)]
    pub fn new(words: usize) -> Option<Block> {
        let count = words.div_ceil(LINE).max(1);
        let mut lines = Vec::new();
        lines.try_reserve_exact(count).ok()?;
        lines.resize(count, Line([0; LINE]));
        Some(Block { lines, words })
    }

    fn base(&mut self) -> Base {
        Base { start: self.lines.as_mut_ptr().cast(), words: self.words }
    }

    /// Its words as floats.
    pub fn floats(&mut self) -> &mut [f32] {
        let base = self.base();
        // SAFETY: the block owns `words` initialised words, any bits are an f32, and it is borrowed with `self`.
        unsafe { core::slice::from_raw_parts_mut(base.start.cast(), base.words) }
    }
}

/// A block's name: slot and generation, so that a freed block is never mistaken for a later one.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Handle(pub u32);

const SLOT_BITS: u32 = 20;

#[derive(Default)]
struct Slot {
    block: Option<Block>,
    generation: u32,
    claim: Claim,
}

/// The last binding that took the block, and whether to write it.
#[derive(Clone, Copy, Default)]
struct Claim {
    binding: u64,
    writes: bool,
}

/// All blocks of an engine.
#[derive(Default)]
pub struct Blocks {
    slots: Vec<Slot>,
    vacant: Vec<usize>,
    live_words: usize,
    /// Changes whenever a base may have changed.
    epoch: u64,
    /// Bindings resolved so far.
    bindings: u64,
}

const GENERATIONS: u32 = 1 << (32 - SLOT_BITS);

impl Blocks {
    /// A zeroed block of at least `words` words, or None when memory (or the table) is full.
    pub fn alloc(&mut self, words: usize) -> Option<Handle> {
        if self.vacant.is_empty() && self.slots.len() >= 1 << SLOT_BITS {
            return None;
        }
        let block = Block::new(words)?;
        self.live_words += block.words;
        let slot = self.vacant.pop().unwrap_or_else(|| {
            self.slots.push(Slot::default());
            self.slots.len() - 1
        });
        self.slots[slot].block = Some(block);
        Some(Handle(self.slots[slot].generation << SLOT_BITS | slot as u32))
    }

    fn slot(&mut self, handle: Handle) -> Option<&mut Slot> {
        let slot = self.slots.get_mut(handle.0 as usize & ((1 << SLOT_BITS) - 1))?;
        (slot.generation == handle.0 >> SLOT_BITS).then_some(slot)
    }

    /// Frees a block; false if it was not there.
    pub fn free(&mut self, handle: Handle) -> bool {
        let Some(slot) = self.slot(handle) else { return false };
        let Some(block) = slot.block.take() else { return false };
        slot.generation += 1;
        // A slot whose generations are used up is not used again.
        if slot.generation < GENERATIONS {
            self.vacant.push(handle.0 as usize & ((1 << SLOT_BITS) - 1));
        }
        self.live_words -= block.words;
        self.epoch += 1;
        true
    }

    /// Where a live block lies.
    pub fn base(&mut self, handle: Handle) -> Option<Base> {
        self.slot(handle)?.block.as_mut().map(Block::base)
    }

    /// As `base`, for a segment of the binding that is being resolved: None also if another of its
    /// segments has the block and one of the two is written.
    fn claim(&mut self, handle: Handle, writes: bool) -> Option<Base> {
        let binding = self.bindings;
        let slot = self.slot(handle)?;
        let before = core::mem::replace(&mut slot.claim, Claim { binding, writes });
        let shared = before.binding == binding && (before.writes || writes);
        if shared { None } else { slot.block.as_mut().map(Block::base) }
    }

    pub fn live_words(&self) -> usize {
        self.live_words
    }

    /// A block's words as floats.
    pub fn floats(&mut self, handle: Handle) -> Option<&mut [f32]> {
        self.slot(handle)?.block.as_mut().map(Block::floats)
    }

    /// The words of a block, for tests and for callers in the same process.
    pub fn words_mut(&mut self, handle: Handle) -> Option<&mut [u32]> {
        let block = self.slot(handle)?.block.as_mut()?;
        let base = block.base();
        // SAFETY: the block owns `words` initialised words and is borrowed mutably with `self`.
        Some(unsafe { core::slice::from_raw_parts_mut(base.start, base.words) })
    }
}

/// Start and length of a live block.
#[derive(Clone, Copy, Debug)]
#[repr(C)]
pub struct Base {
    start: *mut u32,
    words: usize,
}

// SAFETY: an address, followed only by the views of an op, which borrow the blocks.
unsafe impl Send for Base {}

impl Base {
    pub fn address(self) -> usize {
        self.start as usize
    }
}

mod sealed {
    /// Types for which every bit pattern of `WORDS` words is a value.
    pub trait Element: Copy {
        const WORDS: usize;
    }
    impl Element for f32 {
        const WORDS: usize = 1;
    }
    impl Element for i32 {
        const WORDS: usize = 1;
    }
    impl Element for u32 {
        const WORDS: usize = 1;
    }
    impl Element for f64 {
        const WORDS: usize = 2;
    }
}
use sealed::Element;

/// Which blocks a program's segments are bound to, and where those lie.
pub struct Binding {
    bound: Vec<Option<Handle>>,
    /// As of `epoch`.
    bases: Vec<Base>,
    epoch: Option<u64>,
}

impl Binding {
    pub fn new(segments: usize) -> Self {
        Self { bound: alloc::vec![None; segments], bases: Vec::new(), epoch: None }
    }

    /// False if there is no such segment.
    pub fn bind(&mut self, segment: usize, handle: Handle) -> bool {
        let Some(bound) = self.bound.get_mut(segment) else { return false };
        *bound = Some(handle);
        self.epoch = None;
        true
    }

    /// The segments to run `program` on, looked up again only if a block was freed or bound since.
    pub fn segments<'a>(
        &'a mut self,
        segments: &[Segment],
        blocks: &'a mut Blocks,
        scratch: Option<Handle>,
    ) -> Result<Segments<'a>, Fault> {
        if self.epoch != Some(blocks.epoch) {
            self.resolve(segments, blocks, scratch)?;
            self.epoch = Some(blocks.epoch);
        }
        Ok(Segments { bases: &self.bases, blocks: PhantomData })
    }

    /// Live blocks, long enough, and none shared with one that is written.
    fn resolve(
        &mut self,
        segments: &[Segment],
        blocks: &mut Blocks,
        scratch: Option<Handle>,
    ) -> Result<(), Fault> {
        self.bases.clear();
        blocks.bindings += 1;
        for (index, segment) in segments.iter().enumerate() {
            let handle = if segment.kind == Kind::Scratch { scratch } else { self.bound[index] };
            let writes = !matches!(segment.kind, Kind::Constant | Kind::Input);
            let base = handle.and_then(|handle| blocks.claim(handle, writes));
            match base {
                Some(base) if base.words as u64 >= segment.words => self.bases.push(base),
                _ => return Err(Fault::Unbound { segment: index }),
            }
        }
        Ok(())
    }
}

/// The segments of a program while it runs.
///
/// Invariant, kept by `Program::load` and by `Binding`: all segments that a program may write are
/// different blocks, and within one op a written operand shares no word with any other. So the
/// views of one op never alias, and every view lies inside its block.
pub struct Segments<'a> {
    bases: &'a [Base],
    blocks: PhantomData<&'a mut Blocks>,
}

impl<'a> Segments<'a> {
    /// Where the bases stand.
    pub fn address(&self) -> usize {
        self.bases.as_ptr() as usize
    }

    /// A function of its own, so that the many views stay small.
    #[inline(never)]
    fn place(&self, operand: Operand, start: usize, end: usize) -> *mut u32 {
        let base = self.bases[operand.segment()];
        let offset = operand.offset();
        let inside = start <= end && end <= base.words && offset <= base.words - end;
        assert!(inside, "internal: view outside its segment");
        // SAFETY: just checked to lie inside the block.
        unsafe { base.start.add(offset + start) }
    }

    /// Elements `at` of an operand, to read.
    #[inline(always)]
    pub fn view<T: Element>(&self, operand: Operand, at: Span) -> &'a [T] {
        let start = self.place(operand, at.start * T::WORDS, at.end * T::WORDS);
        // SAFETY: inside the block (place), aligned (blocks by 64 bytes, f64 offsets even: verified),
        // any bits are a T, and no written operand of the op overlaps it (invariant).
        unsafe { core::slice::from_raw_parts(start.cast(), at.len()) }
    }

    /// Elements `at` of an operand, to write. A worker asks for its own share only.
    #[inline(always)]
    #[allow(clippy::mut_from_ref)]
    pub fn view_mut<T: Element>(&self, operand: Operand, at: Span) -> &'a mut [T] {
        let start = self.place(operand, at.start * T::WORDS, at.end * T::WORDS);
        // SAFETY: as in `view`; a written operand overlaps no other operand of the op (invariant),
        // and shares of different workers are disjoint.
        unsafe { core::slice::from_raw_parts_mut(start.cast(), at.len()) }
    }
}
