//! What lies in rows that a product reads where they are.

use core::arch::wasm32::v128_load32_splat;

use super::F32x4;
use crate::lane::Lying;

/// Step by step a float of each of four rows of x, in all lanes.
#[derive(Clone, Copy)]
pub struct Splats<'a> {
    rows: [*const f32; 4],
    offsets: &'a [u32],
}

impl<'a> Splats<'a> {
    /// Of the rows that begin at these starts, if x has all of them.
    #[inline(always)]
    pub fn of<const N: usize>(
        x: &'a [f32],
        starts: [usize; 4],
        lying: &'a Lying<N>,
    ) -> Option<Self> {
        let rows = starts.map(|start| x.as_ptr().wrapping_add(start));
        lying.fits(x, starts).then_some(Self { rows, offsets: lying.offsets() })
    }

    #[inline(always)]
    pub fn steps(self) -> impl Iterator<Item = [F32x4; 4]> {
        // SAFETY: x has what lies at the least and at the largest offset from each start, and so what lies between them.
        let splat = |at: *const f32| F32x4(unsafe { v128_load32_splat(at.cast()) });
        let step =
            move |&offset: &u32| self.rows.map(|row| splat(row.wrapping_add(offset as usize)));
        self.offsets.iter().map(step)
    }
}

/// The steps of the right operand beside them, if it has them.
#[inline(always)]
pub fn picked<'a, T, const N: usize>(
    right: &'a [T],
    lying: &'a Lying<N>,
) -> Option<impl Iterator<Item = &'a T>> {
    // SAFETY: `right` has each of these steps.
    let pick = |&step: &u32| unsafe { &*right.as_ptr().add(step as usize) };
    lying.within(right).then(|| lying.steps().iter().map(pick))
}
