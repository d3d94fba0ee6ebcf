//! Broadcasts, transposes and slices: one strided copy.

/// y[i0, i1, ...] = x[start + i0 * stride0 + i1 * stride1 + ...] for the row-major elements
/// `first..first + y.len()` of an output with these `(size, stride)` dimensions.
/// A stride of 0 repeats, a negative one goes back, permuted strides transpose, and a later start slices.
#[inline(never)]
pub fn strided_copy<T: Copy>(
    start: usize,
    dims: &[(usize, isize)],
    first: usize,
    x: &[T],
    y: &mut [T],
) {
    let Some((&(size, stride), outer)) = dims.split_last() else {
        copy_run(1, x.get(start..).unwrap_or(&[]), 0, y);
        return;
    };
    if size == 0 {
        return;
    }
    let (mut row, mut skip, mut rest) = (first / size, first % size, y);
    while !rest.is_empty() {
        let (run, after) = rest.split_at_mut((size - skip).min(rest.len()));
        let at = start.wrapping_add_signed(offset(outer, row) + skip as isize * stride);
        copy_run(stride, x, at, run);
        (row, skip, rest) = (row + 1, 0, after);
    }
}

/// Where the given row-major element of these dimensions lies in x, from the first on.
fn offset(dims: &[(usize, isize)], mut element: usize) -> isize {
    let mut sum = 0;
    for &(size, stride) in dims.iter().rev() {
        sum += (element % size.max(1)) as isize * stride;
        element /= size.max(1);
    }
    sum
}

fn copy_run<T: Copy>(stride: isize, x: &[T], mut at: usize, y: &mut [T]) {
    if stride == 1 {
        let x = x.get(at..).unwrap_or(&[]);
        return y.iter_mut().zip(x).for_each(|(y, x)| *y = *x);
    }
    for y in y {
        let Some(&x) = x.get(at) else { return };
        *y = x;
        at = at.wrapping_add_signed(stride);
    }
}

/// Columns of y: the ones from `at` on become x; x: (rows, len) or (1, len), y: (rows, width)
#[inline(never)]
pub fn put_columns<T: Copy>(width: usize, at: usize, len: usize, x: &[T], y: &mut [T]) {
    if len == 0 {
        return;
    }
    for (x, y) in x.chunks_exact(len).cycle().zip(y.chunks_exact_mut(width)) {
        y[at..at + len].copy_from_slice(x);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The whole output, computed element by element.
    fn reference(start: usize, dims: &[(usize, isize)], x: &[i32]) -> Vec<i32> {
        let n = dims.iter().map(|dim| dim.0).product();
        (0..n).map(|i| x[start.wrapping_add_signed(offset(dims, i))]).collect()
    }

    fn check(dims: &[(usize, isize)], expected: Option<&[i32]>) {
        check_from(0, dims, expected);
    }

    fn check_from(start: usize, dims: &[(usize, isize)], expected: Option<&[i32]>) {
        let x: Vec<i32> = (0..200).collect();
        let whole = reference(start, dims, &x);
        if let Some(expected) = expected {
            assert_eq!(whole, expected);
        }
        for first in 0..=whole.len() {
            for end in first..=whole.len() {
                let mut y = vec![-1; end - first];
                strided_copy(start, dims, first, &x, &mut y);
                assert_eq!(y, whole[first..end], "{dims:?} {first}..{end}");
            }
        }
    }

    #[test]
    fn columns_stand_side_by_side() {
        let mut y = [0; 8]; // (2, 4)
        put_columns(4, 0, 3, &[1, 2, 3, 4, 5, 6], &mut y);
        put_columns(4, 3, 1, &[9], &mut y);
        put_columns(4, 2, 0, &[], &mut y);
        assert_eq!(y, [1, 2, 3, 9, 4, 5, 6, 9]);
    }

    #[test]
    fn transposes_broadcasts_and_slices() {
        check(&[], None);
        check(&[(5, 1)], Some(&[0, 1, 2, 3, 4]));
        check(&[(3, 1), (2, 3)], Some(&[0, 3, 1, 4, 2, 5]));
        check(&[(2, 0), (3, 1)], Some(&[0, 1, 2, 0, 1, 2]));
        check(&[(3, 1), (2, 0)], Some(&[0, 0, 1, 1, 2, 2]));
        check(&[(2, 10), (2, 3)], Some(&[0, 3, 10, 13]));
        check(&[(3, 4), (2, 20), (4, 1)], None);
        check_from(9, &[(2, -4), (3, -1)], Some(&[9, 8, 7, 5, 4, 3]));
        check_from(5, &[], Some(&[5]));
        check(&[(0, 1), (3, 1)], Some(&[]));
        check(&[(3, 1), (0, 1)], Some(&[]));
    }
}
