//! The engine: verifies programs once and replays them.
//!
//! Blocks of words hold everything; a program's segments are bound to blocks; a run computes, guards
//! and commits, or leaves all state as it was.

#![no_std]

extern crate alloc;

mod engine;
pub mod field;
mod inspect;
pub mod instruction;
mod memory;
pub mod numbers;
#[macro_use]
pub mod op;
mod program;
mod run;
mod segment;
mod share;
mod status;
#[macro_use]
pub mod table;
mod verify;

#[cfg(test)]
mod made_up;

pub use ferrograd_kernels::random::{Distribution, Stream, shuffle};
pub use ferrograd_kernels::{FUSED, NUMERICS};
pub use memory::Handle;
pub use segment::Kind;
pub use status::{CODES, Fault, LoadError, Refused, Status};

/// An engine for the shipped ops.
pub type Engine = engine::Engine<table::Ops>;
/// A verified program of the shipped ops.
pub type Program = program::Program<table::Ops>;
