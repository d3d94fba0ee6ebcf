//! Operands copied into panels, in the order in which the inner loop reads them.

use core::ops::Range;

use super::micro::{self, MR, NR, Spread, UNROLL};
use super::operands::{Lanes, Left, Right};
use super::runs::Place;
use crate::lane::{F32x4, Lane};

/// A or the transpose of B: `width` vectors of length k.
pub struct Operand<'a> {
    pub x: &'a [f32],
    pub width: usize,
    pub k: usize,
    /// Stored as (width, k), otherwise as (k, width).
    pub k_contiguous: bool,
    /// The vectors that take part.
    pub span: Range<usize>,
}

impl Operand<'_> {
    /// Packs the vectors `span` for the steps `ks`: panels of NR vectors, each (ks.len(), NR) and
    /// as long as whole turns of the inner loop. The last panel is filled up with values whose
    /// products nobody stores.
    pub fn pack(&self, span: &Range<usize>, ks: &Range<usize>, panels: &mut [[f32; NR]]) {
        let panels = panels.chunks_exact_mut(ks.len().next_multiple_of(UNROLL));
        for (first, panel) in span.clone().step_by(NR).zip(panels) {
            self.pack_panel(first, NR.min(span.end - first), ks, &mut panel[..ks.len()]);
        }
    }

    /// One panel of them.
    #[inline(never)]
    pub fn pack_panel(
        &self,
        first: usize,
        count: usize,
        ks: &Range<usize>,
        panel: &mut [[f32; NR]],
    ) {
        if self.k_contiguous {
            // Vectors beyond the last one repeat it.
            let vector = |i: usize| &self.x[(first + i.min(count - 1)) * self.k..][ks.clone()];
            return pack_vectors(&core::array::from_fn(vector), panel);
        }
        let mut rows = &self.x[ks.start * self.width + first..];
        for step in panel {
            match rows.first_chunk::<NR>() {
                // By vectors: loads wait for smaller stores.
                Some(row) => micro::put(micro::halves(row), step),
                None => step.iter_mut().zip(rows).for_each(|(step, x)| *step = *x),
            }
            rows = rows.get(self.width..).unwrap_or_default();
        }
    }

    /// Packs up to MR vectors for the steps `ks`, each value in all lanes; panel: (ks.len())
    #[inline(never)]
    pub fn spread(&self, span: &Range<usize>, ks: &Range<usize>, panel: &mut [Spread]) {
        if self.k_contiguous {
            spread_runs(
                core::array::from_fn(|i| {
                    let vector = (span.start + i).min(span.end - 1);
                    &self.x[vector * self.k..][ks.clone()]
                }),
                panel,
            );
        } else {
            // The first values of each row, or of what follows it: nobody stores their products.
            let rows = self.x[ks.start * self.width + span.start..].chunks(self.width);
            for (row, step) in rows.zip(panel) {
                match row.first_chunk() {
                    Some([a, b, c, d]) => spread([a, b, c, d], step),
                    None => row.iter().zip(step).for_each(|(x, y)| *y = [*x; 4]),
                }
            }
        }
    }
}

/// Some vectors, four of them and four steps at a time.
#[inline(never)]
fn pack_vectors(vectors: &[&[f32]; NR], panel: &mut [[f32; NR]]) {
    for (group, vectors) in vectors.as_chunks::<4>().0.iter().enumerate() {
        let [(a, a_tail), (b, b_tail), (c, c_tail), (d, d_tail)] =
            vectors.map(<[f32]>::as_chunks::<4>);
        let (blocks, tail) = panel.as_chunks_mut::<4>();
        for ((((block, a), b), c), d) in blocks.iter_mut().zip(a).zip(b).zip(c).zip(d) {
            let columns = F32x4::transpose([a, b, c, d].map(F32x4::load));
            for (step, column) in block.iter_mut().zip(columns) {
                column.store(&mut step.as_chunks_mut::<4>().0[group]);
            }
        }
        for (p, step) in tail.iter_mut().enumerate() {
            step.as_chunks_mut::<4>().0[group] = [a_tail[p], b_tail[p], c_tail[p], d_tail[p]];
        }
    }
}

/// Runs of four rows.
#[inline(always)]
pub fn spread_runs([a, b, c, d]: [&[f32]; MR], panel: &mut [Spread]) {
    for ((((step, a), b), c), d) in panel.iter_mut().zip(a).zip(b).zip(c).zip(d) {
        spread([a, b, c, d], step);
    }
}

#[inline(always)]
pub fn spread(x: [&f32; MR], step: &mut Spread) {
    for (x, y) in x.into_iter().zip(step) {
        F32x4::splat(*x).store(y);
    }
}

impl Right for Operand<'_> {
    fn pack(&self, columns: &Range<usize>, ks: &Range<usize>, panels: &mut [[f32; NR]]) {
        let (start, end) = (self.span.start + columns.start, self.span.start + columns.end);
        Operand::pack(self, &(start..end), ks, panels);
    }

    fn spread(&self, columns: &Range<usize>, ks: &Range<usize>, panel: &mut [Spread]) {
        let (start, end) = (self.span.start + columns.start, self.span.start + columns.end);
        Operand::spread(self, &(start..end), ks, panel);
    }
}

/// A as the left operand of a C of n columns.
pub struct Rows<'a> {
    pub a: Operand<'a>,
    pub n: usize,
}

impl Left for Rows<'_> {
    fn spread(&self, rows: &Range<usize>, ks: &Range<usize>, panel: &mut [Spread]) {
        Right::spread(&self.a, rows, ks, panel);
    }

    fn locate(&self, rows: &Range<usize>, places: &mut [Place]) {
        Place::beside(0, self.n, rows, places);
    }

    fn lanes(&self) -> Option<&dyn Lanes> {
        Some(self)
    }
}

impl Lanes for Rows<'_> {
    fn pack(&self, rows: &Range<usize>, ks: &Range<usize>, panels: &mut [[f32; NR]]) {
        Right::pack(&self.a, rows, ks, panels);
    }
}
