//! The engine as functions of numbers: WebAssembly's exports need no glue then. Documentation stands on
//! the TypeScript side. What is absent is -1; addresses are f64, since they may be above 2^31.

#![cfg_attr(target_arch = "wasm32", no_std)]

extern crate alloc;

use alloc::vec::Vec;

use ferrograd_engine::{
    Distribution, Engine, FUSED, Fault, Handle, NUMERICS, Status, Stream, shuffle, table,
};
use spin::{LazyLock, Mutex, MutexGuard};
use wasm_bindgen::prelude::*;

#[cfg(target_arch = "wasm32")]
#[global_allocator]
static ALLOCATOR: talc::wasm::WasmDynamicTalc = talc::wasm::new_wasm_dynamic_allocator();

#[cfg(target_arch = "wasm32")]
#[panic_handler]
fn panic(_: &core::panic::PanicInfo) -> ! {
    core::arch::wasm32::unreachable()
}

#[derive(Default)]
struct Core {
    engine: Engine,
    /// Words that are passed by their address: a program to load, or more of a result than a number.
    words: Vec<u32>,
}

fn core() -> MutexGuard<'static, Core> {
    static CORE: LazyLock<Mutex<Core>> = LazyLock::new(Mutex::default);
    CORE.try_lock().expect("no call before this one trapped")
}

fn or_absent(number: Option<usize>) -> f64 {
    number.map_or(-1.0, |number| number as f64)
}

impl Core {
    /// Keeps words for the caller, who is given their address.
    fn keep(&mut self, words: Vec<u32>) -> f64 {
        self.words = words;
        self.words.as_ptr() as usize as f64
    }

    /// 0, or a status code, the words of which are kept.
    fn report(&mut self, end: Result<(), (usize, Fault)>) -> u32 {
        let Err((op, fault)) = end else { return 0 };
        let status: Status = fault.status(op);
        self.words = status.to_vec();
        status[0]
    }
}

#[wasm_bindgen(js_name = opTableHash)]
pub fn op_table_hash() -> u32 {
    table::HASH
}

#[wasm_bindgen(js_name = numericsVersion)]
pub fn numerics_version() -> u32 {
    NUMERICS + if cfg!(target_feature = "relaxed-simd") { FUSED } else { 0 }
}

/// Address of the words that were kept last.
#[wasm_bindgen]
pub fn kept() -> f64 {
    core().words.as_ptr() as usize as f64
}

#[wasm_bindgen]
pub fn alloc(words: usize) -> f64 {
    or_absent(core().engine.alloc(words).map(|handle| handle.0 as usize))
}

#[wasm_bindgen]
pub fn release(handle: u32) {
    core().engine.free(Handle(handle));
}

#[wasm_bindgen]
pub fn address(handle: u32) -> f64 {
    or_absent(core().engine.address(Handle(handle)))
}

#[wasm_bindgen(js_name = liveWords)]
pub fn live_words() -> f64 {
    core().engine.live_words() as f64
}

#[wasm_bindgen(js_name = scratchWords)]
pub fn scratch_words() -> f64 {
    core().engine.scratch_words() as f64
}

/// Address of room for the words of a program.
#[wasm_bindgen]
pub fn room(words: usize) -> f64 {
    core().keep(alloc::vec![0; words])
}

/// Loads the program that was put there; where it is refused, what it was refused for is kept: address
/// and length of a text, and the op.
#[wasm_bindgen]
pub fn load() -> f64 {
    let core = &mut *core();
    match core.engine.load(&core.words) {
        Ok(program) => program as f64,
        Err(error) => {
            let what = error.why.text();
            core.keep([what.as_ptr() as usize, what.len(), error.op].map(|n| n as u32).to_vec());
            -1.0
        }
    }
}

#[wasm_bindgen]
pub fn unload(program: usize) {
    core().engine.unload(program);
}

#[wasm_bindgen]
pub fn bind(program: usize, segment: usize, handle: u32) -> u32 {
    core().engine.bind(program, segment, Handle(handle)).into()
}

/// 0, or a status code; then code, op, operand, element and value are kept.
#[wasm_bindgen]
pub fn run(program: usize) -> u32 {
    let mut core = core();
    let end = core.engine.run(program);
    core.report(end)
}

/// Where the bases of a program's segments stand, in pairs of address and words; 0 where one is missing.
#[wasm_bindgen]
pub fn bases(program: usize) -> usize {
    core().engine.bases(program).unwrap_or(0)
}

/// As `run`, of one op.
#[wasm_bindgen]
pub fn perform(program: usize, op: usize) -> u32 {
    let mut core = core();
    let end = core.engine.perform(program, op);
    core.report(end)
}

#[wasm_bindgen]
pub fn trace(program: usize) -> u32 {
    let mut core = core();
    let end = core.engine.trace(program);
    core.report(end)
}

/// Fills a block with random numbers, as the op does at step 0.
#[wasm_bindgen]
pub fn draw(handle: u32, dist: u32, p0: f32, p1: f32, seed_low: u32, seed_high: u32, stream: u32) {
    let stream = Stream { seed: [seed_low, seed_high], stream, step: 0 };
    if let Some(dist) = Distribution::from_code(dist) {
        core().engine.draw(Handle(handle), dist, [p0, p1], &stream);
    }
}

/// Address of a random order of 0..count; -1 where memory is out.
#[wasm_bindgen]
pub fn shuffled(count: usize, seed_low: u32, seed_high: u32, stream: u32, step: u32) -> f64 {
    let mut order = Vec::new();
    if order.try_reserve_exact(count).is_err() {
        return -1.0;
    }
    order.resize(count, 0);
    shuffle(&mut order, &Stream { seed: [seed_low, seed_high], stream, step });
    core().keep(order)
}

/// Index of the first NaN or infinity among `words` floats of a block.
#[wasm_bindgen(js_name = firstNonFinite)]
pub fn first_non_finite(handle: u32, offset: usize, words: usize) -> f64 {
    or_absent(core().engine.first_non_finite(Handle(handle), offset, words))
}

/// Address of the sums of squares and of elements as f64, zeros, non-finite ones, then min and max as f32.
#[wasm_bindgen]
pub fn survey(handle: u32, offset: usize, words: usize) -> f64 {
    let mut core = core();
    let survey = core.engine.survey(Handle(handle), offset, words);
    let halves = |x: f64| [x.to_bits() as u32, (x.to_bits() >> 32) as u32];
    let ([a, b], [c, d]) = (halves(survey.squares), halves(survey.sum));
    let (min, max) = (survey.min.to_bits(), survey.max.to_bits());
    core.keep([a, b, c, d, survey.zeros, survey.non_finite, min, max].to_vec())
}

/// Address of the counts of the bins.
#[wasm_bindgen]
pub fn histogram(
    handle: u32,
    offset: usize,
    words: usize,
    min: f64,
    scale: f64,
    bins: usize,
) -> f64 {
    let mut core = core();
    let counts = core.engine.histogram(Handle(handle), offset, words, [min, scale], bins);
    core.keep(counts)
}

#[wasm_bindgen(js_name = oneSigned)]
pub fn one_signed(handle: u32, offset: usize, words: usize, units: usize) -> f64 {
    core().engine.one_signed(Handle(handle), offset, words, units)
}

/// Address of the counts of positive elements of each column, then of negative ones.
#[wasm_bindgen(js_name = columnSigns)]
pub fn column_signs(handle: u32, offset: usize, words: usize, units: usize) -> f64 {
    let mut core = core();
    let counts = core.engine.column_signs(Handle(handle), offset, words, units);
    core.keep(counts)
}
