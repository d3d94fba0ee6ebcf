//! What lies in rows that a product reads where they are.

use super::F32x4;
use crate::lane::Lying;

/// Step by step a float of each of four rows of x, in all lanes.
#[derive(Clone, Copy)]
pub struct Splats<'a> {
    x: &'a [f32],
    starts: [usize; 4],
    offsets: &'a [u32],
}

impl<'a> Splats<'a> {
    /// Of the rows that begin at these starts, if x has all of them.
    pub fn of<const N: usize>(
        x: &'a [f32],
        starts: [usize; 4],
        lying: &'a Lying<N>,
    ) -> Option<Self> {
        lying.fits(x, starts).then_some(Self { x, starts, offsets: lying.offsets() })
    }

    pub fn steps(self) -> impl Iterator<Item = [F32x4; 4]> {
        let Self { x, starts, offsets } = self;
        offsets.iter().map(move |&offset| {
            starts.map(|start| F32x4([x[start.wrapping_add(offset as usize)]; 4]))
        })
    }
}

/// The steps of the right operand beside them, if it has them.
pub fn picked<'a, T, const N: usize>(
    right: &'a [T],
    lying: &'a Lying<N>,
) -> Option<impl Iterator<Item = &'a T>> {
    lying.within(right).then(|| lying.steps().iter().map(|&step| &right[step as usize]))
}
