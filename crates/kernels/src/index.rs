//! Kernels steered by integers. Every index is checked: a bad one is an error, never a read or
//! write outside.

/// An index or label outside of its range.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct BadIndex {
    /// Its position in the slice of indices that was passed.
    pub element: usize,
    pub value: i32,
}

/// The index as a position below `bound`.
#[inline(always)]
pub(crate) fn checked(element: usize, value: i32, bound: usize) -> Result<usize, BadIndex> {
    match usize::try_from(value) {
        Ok(index) if index < bound => Ok(index),
        _ => Err(BadIndex { element, value }),
    }
}

/// The number of rows of a table, and none of a table without columns.
fn rows<T>(width: usize, table: &[T]) -> usize {
    table.len().checked_div(width).unwrap_or(0)
}

/// out[i] = table[indices[i]]; table: (rows, width), out: (indices, width)
#[inline(never)]
pub fn gather<T: Copy>(
    width: usize,
    table: &[T],
    indices: &[i32],
    out: &mut [T],
) -> Result<(), BadIndex> {
    let rows = rows(width, table);
    for (element, (&value, out)) in
        indices.iter().zip(out.chunks_exact_mut(width.max(1))).enumerate()
    {
        let row = checked(element, value, rows)?;
        out.copy_from_slice(&table[row * width..][..width]);
    }
    Ok(())
}

/// dtable[indices[i]] += dy[i], in order of i, from zero; dy: (indices, width),
/// dtable: (rows, width)
#[inline(never)]
pub fn scatter_add(
    width: usize,
    indices: &[i32],
    dy: &[f32],
    dtable: &mut [f32],
) -> Result<(), BadIndex> {
    let rows = rows(width, dtable);
    dtable.fill(0.0);
    for (element, (&value, dy)) in indices.iter().zip(dy.chunks_exact(width.max(1))).enumerate() {
        let row = checked(element, value, rows)?;
        for (sum, dy) in dtable[row * width..][..width].iter_mut().zip(dy) {
            *sum += dy;
        }
    }
    Ok(())
}

/// table[indices[i]] = values[i], in order of i; what is no row is left out. values: (indices, width), table: (rows, width)
#[inline(never)]
pub fn put_rows<T: Copy>(width: usize, indices: &[i32], values: &[T], table: &mut [T]) {
    let rows = rows(width, table);
    for (&value, row) in indices.iter().zip(values.chunks_exact(width.max(1))) {
        if let Ok(at) = checked(0, value, rows) {
            table[at * width..][..width].copy_from_slice(row);
        }
    }
}

/// out[i] = 1 at indices[i], 0 elsewhere; out: (indices, depth)
#[inline(never)]
pub fn one_hot(depth: usize, indices: &[i32], out: &mut [f32]) -> Result<(), BadIndex> {
    out.fill(0.0);
    for (element, &value) in indices.iter().enumerate() {
        let column = checked(element, value, depth)?;
        out[element * depth + column] = 1.0;
    }
    Ok(())
}

/// out[i] = the position of the largest of x[i], the first of equals; NaN counts as the largest;
/// x: (rows, n), out: (rows)
#[inline(never)]
pub fn argmax(n: usize, x: &[f32], out: &mut [i32]) {
    if n == 0 {
        out.fill(0);
        return;
    }
    for (x, out) in x.chunks_exact(n).zip(out) {
        let mut best = 0;
        for (j, &value) in x.iter().enumerate() {
            if value > x[best] || (value.is_nan() && !x[best].is_nan()) {
                best = j;
            }
        }
        *out = best as i32;
    }
}

/// Integers as floats.
#[inline(never)]
pub fn int_to_float(x: &[i32], y: &mut [f32]) {
    y.iter_mut().zip(x).for_each(|(y, &x)| *y = x as f32);
}

/// Floats as integers, rounded towards zero; NaN gives 0, what is out of range the nearest end.
#[inline(never)]
pub fn float_to_int(x: &[f32], y: &mut [i32]) {
    y.iter_mut().zip(x).for_each(|(y, &x)| *y = x as i32);
}

/// Labels that count as they are, with 1 in kept; 0 and 0 where a label is the one to ignore.
#[inline(never)]
pub fn ignore(label: i32, x: &[i32], y: &mut [i32], kept: &mut [f32]) {
    for ((y, kept), &x) in y.iter_mut().zip(kept).zip(x) {
        (*y, *kept) = if x == label { (0, 0.0) } else { (x, 1.0) };
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ignored_labels_are_compared_as_integers() {
        let (mut y, mut kept) = ([9; 4], [9.0; 4]);
        ignore(16_777_217, &[16_777_216, 16_777_217, -1, 0], &mut y, &mut kept);
        assert_eq!((y, kept), ([16_777_216, 0, -1, 0], [1.0, 0.0, 1.0, 1.0]));
    }

    const TABLE: [f32; 6] = [0.0, 1.0, 10.0, 11.0, 20.0, 21.0]; // (3, 2)

    #[test]
    fn gather_copies_rows() {
        let mut out = [0.0; 6];
        assert_eq!(gather(2, &TABLE, &[2, 0, 2], &mut out), Ok(()));
        assert_eq!(out, [20.0, 21.0, 0.0, 1.0, 20.0, 21.0]);
    }

    #[test]
    fn scatter_add_sums_repeats() {
        let mut dtable = [9.0; 6];
        let dy = [1.0, 2.0, 3.0, 4.0, 5.0, 6.0];
        assert_eq!(scatter_add(2, &[2, 0, 2], &dy, &mut dtable), Ok(()));
        assert_eq!(dtable, [3.0, 4.0, 0.0, 0.0, 6.0, 8.0]);
    }

    #[test]
    fn put_rows_leaves_the_others() {
        let mut table = TABLE;
        put_rows(
            2,
            &[2, 0, 2, 3, -1],
            &[1.0, 2.0, 3.0, 4.0, 5.0, 6.0, 7.0, 8.0, 9.0, 9.0],
            &mut table,
        );
        assert_eq!(table, [3.0, 4.0, 10.0, 11.0, 5.0, 6.0]);
        put_rows(0, &[0], &[], &mut [0.0; 0]);
    }

    #[test]
    fn one_hot_sets_one_column() {
        let mut out = [9.0; 6];
        assert_eq!(one_hot(3, &[1, 0], &mut out), Ok(()));
        assert_eq!(out, [0.0, 1.0, 0.0, 1.0, 0.0, 0.0]);
    }

    #[test]
    fn conversions_saturate() {
        let x = [1.9, -1.9, f32::NAN, 3e9, f32::NEG_INFINITY];
        let mut y = [9; 5];
        float_to_int(&x, &mut y);
        assert_eq!(y, [1, -1, 0, i32::MAX, i32::MIN]);
        let mut z = [9.0; 5];
        int_to_float(&y, &mut z);
        assert_eq!(z, [1.0, -1.0, 0.0, 2147483648.0, -2147483648.0]);
    }

    #[test]
    fn bad_indices_are_named() {
        for value in [-1, 3, i32::MIN, i32::MAX] {
            let bad = Err(BadIndex { element: 1, value });
            assert_eq!(gather(2, &TABLE, &[0, value], &mut [0.0; 4]), bad);
            assert_eq!(scatter_add(2, &[0, value], &[1.0; 4], &mut [0.0; 6]), bad);
            assert_eq!(one_hot(3, &[0, value], &mut [0.0; 6]), bad);
        }
        assert!(gather(2, &[], &[0], &mut [0.0f32; 2]).is_err());
    }

    #[test]
    fn argmax_takes_the_first_of_equals_and_nan_first() {
        let x = [1.0, 3.0, 3.0, 5.0, f32::NAN, 7.0, f32::NEG_INFINITY, f32::NEG_INFINITY, -1.0];
        let mut out = [9; 3];
        argmax(3, &x, &mut out);
        assert_eq!(out, [1, 1, 2]);
    }
}
