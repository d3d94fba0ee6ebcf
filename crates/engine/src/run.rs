//! Runs ops of a verified program: for each a function from fields and views to a kernel, one file a family.
//!
//! An op's share is cut by shape only, so the bits never depend on the number of workers; reductions
//! have a partial and a combine phase, with a barrier between phases when there is more than one worker.

pub mod along;
pub mod chain;
pub mod copy;
pub mod index;
pub mod moments;
pub mod pool;
pub mod product;
pub mod random;
pub mod rows;
pub mod update;
pub mod window;

use ferrograd_kernels::index::BadIndex;

use crate::memory::Segments;
use crate::share::{Share, Span};
use crate::status::Fault;

/// What an op is given beside its fields.
pub struct Run<'a> {
    pub phase: usize,
    pub share: Share,
    /// What falls to this worker of the rows or elements that the table says the op is cut by.
    pub part: Span,
    pub segments: Segments<'a>,
    /// Floats of the worker, as many as the table says: kernels themselves have no statics and do not allocate.
    pub scratch: &'a mut [f32],
}

/// An index error counted from the first element of the op instead of the share.
fn shifted(mut bad: BadIndex, share: Span) -> Fault {
    bad.element += share.start;
    bad.into()
}
