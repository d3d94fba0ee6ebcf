//! What the tests of the engine share: programs by hand, and programs at random from the op table.
#![allow(dead_code)]

pub mod generate;
pub mod run;

use ferrograd_engine::op::TABLE;
use ferrograd_engine::{Engine, Handle, Kind};

/// Is it the long run, which draws many more?
pub fn long() -> bool {
    std::env::var("FERROGRAD_LONG").is_ok_and(|long| long == "1")
}

/// splitmix64 (Steele, Lea and Flood, 2014).
pub struct Rng(pub u64);

impl Rng {
    pub fn word(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        z ^ (z >> 31)
    }

    pub fn below(&mut self, n: usize) -> usize {
        (self.word() % n as u64) as usize
    }

    pub fn percent(&mut self, chance: usize) -> bool {
        self.below(100) < chance
    }

    /// From -2 up to 2.
    pub fn float(&mut self) -> f32 {
        (self.word() >> 40) as f32 / (1 << 22) as f32 - 2.0
    }
}

/// An instruction: the code of the op with this name, then its words.
pub fn op(name: &str, words: &[u32]) -> Vec<u32> {
    let code = TABLE.iter().position(|spec| spec.name == name).expect("an op of the table");
    [&[code as u32], words].concat()
}

/// A program of these segments and instructions.
pub fn program(segments: &[(Kind, u32)], compute: &[Vec<u32>], commit: &[Vec<u32>]) -> Vec<u32> {
    let mut words = vec![segments.len() as u32];
    words.extend(segments.iter().flat_map(|&(kind, len)| [kind as u32, len]));
    words.extend([compute.len() + commit.len(), compute.len()].map(|count| count as u32));
    words.extend(compute.iter().chain(commit).flatten());
    words
}

/// Loads a program and binds a block of its own to every segment but the scratch.
pub fn start(engine: &mut Engine, words: &[u32]) -> (usize, Vec<Handle>) {
    let id = engine.load(words).expect("a valid program");
    let count = words[0] as usize;
    let handles = (0..count).map(|segment| {
        let (kind, len) = (words[1 + 2 * segment], words[2 + 2 * segment]);
        if kind == Kind::Scratch as u32 {
            return engine.scratch().expect("the scratch");
        }
        let handle = engine.alloc(len as usize).expect("memory");
        assert!(engine.bind(id, segment, handle));
        handle
    });
    let handles = handles.collect();
    (id, handles)
}

pub fn write(engine: &mut Engine, handle: Handle, floats: &[f32]) {
    let words = engine.words_mut(handle).expect("a live block");
    words.iter_mut().zip(floats).for_each(|(word, float)| *word = float.to_bits());
}

pub fn read(engine: &mut Engine, handle: Handle) -> Vec<f32> {
    let words = engine.words_mut(handle).expect("a live block");
    words.iter().map(|&word| f32::from_bits(word)).collect()
}

pub fn bits(x: f32) -> u32 {
    x.to_bits()
}
