//! Broadcasts, transposes and slices: one strided copy.

/// y[i0, i1, ...] = x[i0 * stride0 + i1 * stride1 + ...] for the row-major elements
/// `first..first + y.len()` of an output with these `(size, stride)` dimensions.
/// A stride of 0 repeats, permuted strides transpose, and an `x` that starts later slices.
#[inline(never)]
pub fn strided_copy<T: Copy>(dims: &[(usize, usize)], first: usize, x: &[T], y: &mut [T]) {
    let Some((&(size, stride), outer)) = dims.split_last() else {
        y.iter_mut().zip(x).for_each(|(y, x)| *y = *x);
        return;
    };
    if size == 0 {
        return;
    }
    let (mut row, mut skip, mut rest) = (first / size, first % size, y);
    while !rest.is_empty() {
        let (run, after) = rest.split_at_mut((size - skip).min(rest.len()));
        let start = offset(outer, row) + skip * stride;
        copy_run(stride, x.get(start..).unwrap_or(&[]), run);
        (row, skip, rest) = (row + 1, 0, after);
    }
}

/// Where the given row-major element of these dimensions lies in x.
fn offset(dims: &[(usize, usize)], mut element: usize) -> usize {
    let mut sum = 0;
    for &(size, stride) in dims.iter().rev() {
        sum += element % size.max(1) * stride;
        element /= size.max(1);
    }
    sum
}

fn copy_run<T: Copy>(stride: usize, x: &[T], y: &mut [T]) {
    match (stride, x.first()) {
        (1, _) => y.iter_mut().zip(x).for_each(|(y, x)| *y = *x),
        (0, Some(&first)) => y.fill(first),
        _ => y.iter_mut().zip(x.iter().step_by(stride.max(1))).for_each(|(y, x)| *y = *x),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The whole output, computed element by element.
    fn reference(dims: &[(usize, usize)], x: &[i32]) -> Vec<i32> {
        let n = dims.iter().map(|dim| dim.0).product();
        (0..n).map(|i| x[offset(dims, i)]).collect()
    }

    fn check(dims: &[(usize, usize)], expected: Option<&[i32]>) {
        let x: Vec<i32> = (0..200).collect();
        let whole = reference(dims, &x);
        if let Some(expected) = expected {
            assert_eq!(whole, expected);
        }
        for first in 0..=whole.len() {
            for end in first..=whole.len() {
                let mut y = vec![-1; end - first];
                strided_copy(dims, first, &x, &mut y);
                assert_eq!(y, whole[first..end], "{dims:?} {first}..{end}");
            }
        }
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
        check(&[(0, 1), (3, 1)], Some(&[]));
        check(&[(3, 1), (0, 1)], Some(&[]));
    }
}
