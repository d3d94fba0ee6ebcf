//! Operands copied into panels, in the order in which the inner loop reads them.

use core::ops::Range;

use crate::lane::F32x4;

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
    /// Packs the vectors `span` for the steps `ks`: panels of W vectors, each (ks.len(), W). The
    /// last panel is filled up with values whose products nobody stores.
    #[inline(never)]
    pub fn pack<const W: usize>(
        &self,
        span: &Range<usize>,
        ks: &Range<usize>,
        panels: &mut [[f32; W]],
    ) {
        for (first, panel) in span.clone().step_by(W).zip(panels.chunks_exact_mut(ks.len())) {
            let count = W.min(span.end - first);
            if self.k_contiguous {
                self.pack_transposed(first, count, ks, panel);
            } else if count == W {
                let rows = self.x[ks.start * self.width + first..].chunks(self.width);
                for (row, step) in rows.zip(panel) {
                    if let Some(row) = row.first_chunk() {
                        *step = *row;
                    }
                }
            } else {
                let rows = self.x[ks.start * self.width + first..].chunks(self.width);
                for (row, step) in rows.zip(panel) {
                    *step = [0.0; W];
                    step.iter_mut().zip(&row[..count]).for_each(|(step, x)| *step = *x);
                }
            }
        }
    }

    /// Four vectors and four steps at a time. Vectors beyond the last one repeat it.
    #[inline(always)]
    fn pack_transposed<const W: usize>(
        &self,
        first: usize,
        count: usize,
        ks: &Range<usize>,
        panel: &mut [[f32; W]],
    ) {
        for group in 0..W / 4 {
            let vectors: [&[f32]; 4] = core::array::from_fn(|i| {
                let vector = first + (group * 4 + i).min(count - 1);
                &self.x[vector * self.k..][ks.clone()]
            });
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
}
