//! wasm-bindgen facade of the engine, nothing else.
