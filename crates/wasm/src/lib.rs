//! wasm-bindgen facade of the engine, nothing else. Documentation stands on the TypeScript side.

#![cfg_attr(target_arch = "wasm32", no_std)]

extern crate alloc;

use alloc::string::ToString;
use alloc::vec::Vec;

use ferrograd_engine::{Engine, Fault, Handle, Status, table};
use wasm_bindgen::prelude::*;

#[cfg(target_arch = "wasm32")]
#[global_allocator]
static ALLOCATOR: talc::wasm::WasmDynamicTalc = talc::wasm::new_wasm_dynamic_allocator();

#[cfg(target_arch = "wasm32")]
#[panic_handler]
fn panic(_: &core::panic::PanicInfo) -> ! {
    core::arch::wasm32::unreachable()
}

#[wasm_bindgen(js_name = opTableHash)]
pub fn op_table_hash() -> u32 {
    table::HASH
}

#[wasm_bindgen]
#[derive(Default)]
pub struct RawEngine {
    engine: Engine,
    status: Status,
}

#[wasm_bindgen]
impl RawEngine {
    #[wasm_bindgen(constructor)]
    pub fn new() -> RawEngine {
        RawEngine::default()
    }

    pub fn alloc(&mut self, words: usize) -> Option<u32> {
        self.engine.alloc(words).map(|handle| handle.0)
    }

    pub fn release(&mut self, handle: u32) -> bool {
        self.engine.free(Handle(handle))
    }

    pub fn address(&mut self, handle: u32) -> Option<usize> {
        self.engine.address(Handle(handle))
    }

    #[wasm_bindgen(js_name = liveWords)]
    pub fn live_words(&self) -> usize {
        self.engine.live_words()
    }

    #[wasm_bindgen(js_name = scratchWords)]
    pub fn scratch_words(&self) -> usize {
        self.engine.scratch_words()
    }

    pub fn load(&mut self, words: &[u32]) -> Result<usize, JsError> {
        self.engine.load(words).map_err(|error| {
            let (what, op) = error.describe();
            JsError::new(&match op {
                Some(op) => [what, " (op ", &op.to_string(), ")"].concat(),
                None => what.to_string(),
            })
        })
    }

    pub fn unload(&mut self, program: usize) {
        self.engine.unload(program);
    }

    pub fn bind(&mut self, program: usize, segment: usize, handle: u32) -> bool {
        self.engine.bind(program, segment, Handle(handle))
    }

    /// 0, or a status code whose details `status` holds.
    pub fn run(&mut self, program: usize) -> u32 {
        let end = self.engine.run(program);
        self.report(end)
    }

    pub fn trace(&mut self, program: usize) -> u32 {
        let end = self.engine.trace(program);
        self.report(end)
    }

    /// Code, op, operand, element, value of the last run that failed.
    pub fn status(&self) -> Vec<u32> {
        self.status.to_vec()
    }

    /// Index of the first NaN or infinity among `words` floats of a block.
    #[wasm_bindgen(js_name = firstNonFinite)]
    pub fn first_non_finite(&mut self, handle: u32, offset: usize, words: usize) -> Option<usize> {
        self.engine.first_non_finite(Handle(handle), offset, words)
    }

    /// The sums of squares and of elements as f64, zeros, non-finite ones, then min and max as f32.
    pub fn survey(&mut self, handle: u32, offset: usize, words: usize) -> Vec<u32> {
        let survey = self.engine.survey(Handle(handle), offset, words);
        let halves = |x: f64| [x.to_bits() as u32, (x.to_bits() >> 32) as u32];
        let ([a, b], [c, d]) = (halves(survey.squares), halves(survey.sum));
        let (min, max) = (survey.min.to_bits(), survey.max.to_bits());
        [a, b, c, d, survey.zeros, survey.non_finite, min, max].to_vec()
    }

    pub fn histogram(
        &mut self,
        handle: u32,
        offset: usize,
        words: usize,
        min: f64,
        scale: f64,
        bins: usize,
    ) -> Vec<u32> {
        self.engine.histogram(Handle(handle), offset, words, [min, scale], bins)
    }

    #[wasm_bindgen(js_name = oneSigned)]
    pub fn one_signed(&mut self, handle: u32, offset: usize, words: usize, units: usize) -> f64 {
        self.engine.one_signed(Handle(handle), offset, words, units)
    }

    #[wasm_bindgen(js_name = columnSigns)]
    pub fn column_signs(
        &mut self,
        handle: u32,
        offset: usize,
        words: usize,
        units: usize,
    ) -> Vec<u32> {
        self.engine.column_signs(Handle(handle), offset, words, units)
    }

    fn report(&mut self, end: Result<(), (usize, Fault)>) -> u32 {
        match end {
            Ok(()) => 0,
            Err((op, fault)) => {
                self.status = fault.status(op);
                self.status[0]
            }
        }
    }
}
