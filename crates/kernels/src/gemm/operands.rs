//! What a product needs of its operands, and what is done to its rows, wherever they lie.

use core::ops::Range;

use super::micro::{KC, NR, Spread};
use super::runs::Place;
use super::shape::ROWS;
use super::{Epilogue, blocks};
use crate::lane::Lying;

/// The left operand, and where its products lie.
pub trait Left {
    /// Steps `ks` of up to MR rows, each value in all lanes; panel: (ks.len())
    fn spread(&self, rows: &Range<usize>, ks: &Range<usize>, panel: &mut [Spread]);
    /// Where the rows are.
    fn locate(&self, rows: &Range<usize>, places: &mut [Place]);
    /// What rows lie in that have a start.
    fn source(&self) -> &[f32] {
        &[]
    }
    /// Says of steps `ks` which of them rows from this one on have, and where they lie from where a row begins; gives the row from
    /// which on that is otherwise.
    fn lie(&self, _row: usize, _ks: &Range<usize>, _lying: &mut Lying<KC>) -> usize {
        usize::MAX
    }
    /// Itself, if its rows can be in the lanes, and had better be there where there are few columns.
    fn lanes(&self) -> Option<&dyn Lanes> {
        None
    }
}

/// A left operand whose rows can be in the lanes.
pub trait Lanes: Left {
    /// Steps `ks` of the rows in panels of NR, each (ks.len(), NR) and as long as whole turns of the inner loop.
    fn pack(&self, rows: &Range<usize>, ks: &Range<usize>, panels: &mut [[f32; NR]]);
}

/// The right operand.
pub trait Right {
    /// Steps `ks` of the columns in panels of NR, each (ks.len(), NR) and as long as whole turns of the inner loop.
    fn pack(&self, columns: &Range<usize>, ks: &Range<usize>, panels: &mut [[f32; NR]]);
    /// The same of up to MR columns, each value in all lanes; panel: (ks.len())
    fn spread(&self, columns: &Range<usize>, ks: &Range<usize>, panel: &mut [Spread]);
}

/// Bias and activation. Rows that lie beside each other are one for the activation.
pub fn finish(
    left: &dyn Left,
    rows: &Range<usize>,
    columns: &Range<usize>,
    epilogue: &Epilogue,
    c: &mut [f32],
) {
    let mut places = [Place::OUTSIDE; ROWS];
    let mut place = |row| {
        left.locate(&(row..row + 1), &mut places[..1]);
        places[0].row
    };
    let (first, last) = (place(rows.start), place(rows.end - 1));
    if last == first + (rows.len() - 1) * columns.len() {
        let c = &mut c[first + columns.start..last + columns.end];
        return epilogue.apply(columns.clone(), c);
    }
    let mut stretch = 0..0;
    for rows in blocks(rows, ROWS) {
        let places = &mut places[..rows.len()];
        left.locate(&rows, places);
        for &mut Place { row, .. } in places {
            if row + columns.start != stretch.end {
                epilogue.apply(columns.clone(), &mut c[stretch.clone()]);
                stretch.start = row + columns.start;
            }
            stretch.end = row + columns.end;
        }
    }
    epilogue.apply(columns.clone(), &mut c[stretch]);
}
