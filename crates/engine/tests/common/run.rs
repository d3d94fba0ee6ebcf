//! Runs programs between canaries: every word that no executed op writes must stay as it was.

use ferrograd_engine::op::row::Access;
use ferrograd_engine::{Engine, Fault, Handle, Kind, Program};

use super::Rng;
use super::generate::INPUT;

/// Words of all segments together beyond which a mutated program is not run.
const ROOM: u64 = 1 << 18;

/// How one run ended, and what all blocks held afterwards.
pub struct Ran {
    pub end: Result<(), (usize, Fault)>,
    pub blocks: Vec<Vec<u32>>,
}

/// A program with its blocks, which can be run again from the same start.
pub struct Bench<'a> {
    engine: &'a mut Engine,
    pub program: Program,
    id: usize,
    handles: Vec<Handle>,
    before: Vec<Vec<u32>>,
}

impl<'a> Bench<'a> {
    /// None if the verifier refuses the program, or it wants more room than there is.
    pub fn new(engine: &'a mut Engine, words: &[u32], rng: &mut Rng) -> Option<Bench<'a>> {
        let program = Program::load(words).ok()?;
        let total: u64 = program.segments().iter().map(|segment| segment.words).sum();
        if total > ROOM {
            return None;
        }
        let id = engine.load(words).expect("it was just verified");
        let mut handles = Vec::new();
        for (index, segment) in program.segments().iter().enumerate() {
            // A few words more than the program asked for: canaries behind the last operand.
            let handle = match (segment.kind, engine.scratch()) {
                (Kind::Scratch, Some(scratch)) => scratch,
                _ => engine.alloc(segment.words as usize + 7).expect("memory"),
            };
            engine.bind(id, index, handle);
            handles.push(handle);
        }
        let before = handles.iter().enumerate().map(|(index, &handle)| {
            let len = engine.words_mut(handle).expect("a live block").len();
            fill(rng, index, len)
        });
        let before = before.collect();
        Some(Bench { engine, program, id, handles, before })
    }

    /// In so many shares.
    pub fn run(&mut self, workers: usize) -> Ran {
        self.ran(|engine, id, _| match workers {
            1 => engine.run(id),
            _ => engine.run_in_shares(id, workers),
        })
    }

    /// As programs that are written out have ops performed.
    pub fn run_op_by_op(&mut self) -> Ran {
        self.ran(|engine, id, ops| (0..ops).try_for_each(|op| engine.perform(id, op)))
    }

    fn ran(
        &mut self,
        run: impl Fn(&mut Engine, usize, usize) -> Result<(), (usize, Fault)>,
    ) -> Ran {
        for (&handle, before) in self.handles.iter().zip(&self.before) {
            self.engine.words_mut(handle).expect("a live block").copy_from_slice(before);
        }
        let end = run(self.engine, self.id, self.program.ops().len());
        let engine = &mut self.engine;
        let after =
            self.handles.iter().map(|&handle| engine.words_mut(handle).expect("live").to_vec());
        let blocks = after.collect();
        Ran { end, blocks }
    }

    /// Panics if a word has changed that no executed op writes, or state in a run that failed.
    pub fn check_canaries(&self, ran: &Ran) {
        let executed = ran.end.map_or_else(|(op, _)| op + 1, |()| self.program.ops().len());
        let mut allowed: Vec<Vec<bool>> =
            self.before.iter().map(|b| vec![false; b.len()]).collect();
        for used in self.program.ops().take(executed).flat_map(|op| op.uses()) {
            if used.access != Access::Read {
                let start = used.operand.offset();
                let end = start + used.ty.words(used.len) as usize;
                allowed[used.operand.segment()][start..end].fill(true);
            }
        }
        for (segment, (before, after)) in self.before.iter().zip(&ran.blocks).enumerate() {
            let state = self.program.segments()[segment].kind == Kind::State;
            for (word, (b, a)) in before.iter().zip(after).enumerate() {
                let may_change = allowed[segment][word] && !(state && ran.end.is_err());
                assert!(a == b || may_change, "word {word} of segment {segment} has changed");
            }
        }
    }
}

impl Drop for Bench<'_> {
    fn drop(&mut self) {
        self.engine.unload(self.id);
        self.handles.drain(..).for_each(|handle| {
            self.engine.free(handle);
        });
    }
}

/// Small integers in the input, floats elsewhere.
fn fill(rng: &mut Rng, segment: usize, len: usize) -> Vec<u32> {
    let word = |_| if segment == INPUT { rng.below(5) as u32 } else { rng.float().to_bits() };
    (0..len).map(word).collect()
}
