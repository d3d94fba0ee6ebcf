//! What goes along an axis in order: scans, elements by number. A tensor is seen as
//! (outer, n, inner), and n is the axis.

use crate::index::{BadIndex, checked};

/// How a scan goes.
#[derive(Clone, Copy)]
pub struct Scan {
    pub n: usize,
    pub inner: usize,
    /// From the last element to the first.
    pub reverse: bool,
    /// What stands before the first.
    pub start: f32,
}

/// y[i] = factors[i] y[i - 1] + terms[i] along n: factors without elements are 1, such terms 0. What is handed
/// on is in f64, each element is rounded once; y: (outers, n, inner)
#[inline(never)]
pub fn scan(scan: Scan, factors: &[f32], terms: &[f32], y: &mut [f32]) {
    let Scan { n, inner, reverse, start } = scan;
    for first in 0..y.len().checked_div(n).unwrap_or(0) {
        let first = first / inner * n * inner + first % inner;
        let mut last = f64::from(start);
        for i in 0..n {
            let at = first + if reverse { n - 1 - i } else { i } * inner;
            last = last * factors.get(at).map_or(1.0, |&x| f64::from(x))
                + terms.get(at).map_or(0.0, |&x| f64::from(x));
            y[at] = last as f32;
        }
    }
}

/// y[j] = x[indices[j]] along n; x: (outers, n, inner), indices and y: (outers, count, inner)
#[inline(never)]
pub fn take(
    [n, count, inner]: [usize; 3],
    x: &[u32],
    indices: &[i32],
    y: &mut [u32],
) -> Result<(), BadIndex> {
    for (element, (y, &value)) in y.iter_mut().zip(indices).enumerate() {
        *y = x[place([n, count, inner], element, value)?];
    }
    Ok(())
}

/// y = x, and then y[indices[j]] = values[j] along n, in the order of j.
#[inline(never)]
pub fn put(
    sizes: [usize; 3],
    x: &[u32],
    indices: &[i32],
    values: &[u32],
    y: &mut [u32],
) -> Result<(), BadIndex> {
    y.copy_from_slice(x);
    for (element, (&index, &value)) in indices.iter().zip(values).enumerate() {
        y[place(sizes, element, index)?] = value;
    }
    Ok(())
}

/// As [`put`], but what is there is added to.
#[inline(never)]
pub fn add(
    sizes: [usize; 3],
    x: &[f32],
    indices: &[i32],
    values: &[f32],
    y: &mut [f32],
) -> Result<(), BadIndex> {
    y.copy_from_slice(x);
    for (element, (&index, &value)) in indices.iter().zip(values).enumerate() {
        y[place(sizes, element, index)?] += value;
    }
    Ok(())
}

/// Where in (outers, n, inner) the element of (outers, count, inner) finds what its index says.
fn place([n, count, inner]: [usize; 3], element: usize, index: i32) -> Result<usize, BadIndex> {
    let outer = element / (count * inner);
    Ok((outer * n + checked(element, index, n)?) * inner + element % inner)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn scans_go_along_the_middle_axis() {
        let x = [1.0, 2.0, 3.0, 4.0, 5.0, 6.0, 7.0, 8.0]; // (2, 2, 2)
        let mut y = [0.0; 8];
        let way = |reverse, start| Scan { n: 2, inner: 2, reverse, start };
        scan(way(false, 0.0), &[], &x, &mut y);
        assert_eq!(y, [1.0, 2.0, 4.0, 6.0, 5.0, 6.0, 12.0, 14.0]);
        scan(way(true, 0.0), &[], &x, &mut y);
        assert_eq!(y, [4.0, 6.0, 3.0, 4.0, 12.0, 14.0, 7.0, 8.0]);
        scan(way(false, 1.0), &x, &[], &mut y);
        assert_eq!(y, [1.0, 2.0, 3.0, 8.0, 5.0, 6.0, 35.0, 48.0]);
        scan(way(false, 1.0), &x, &x, &mut y);
        assert_eq!(y, [2.0, 4.0, 9.0, 20.0, 10.0, 12.0, 77.0, 104.0]);
        scan(Scan { n: 0, ..way(false, 0.0) }, &[], &[], &mut []);
    }

    #[test]
    fn scans_hand_on_what_a_float_would_lose() {
        let x: Vec<f32> = core::iter::once(16_777_216.0).chain([1.0; 4]).collect();
        let mut y = [0.0; 5];
        scan(Scan { n: 5, inner: 1, reverse: false, start: 0.0 }, &[], &x, &mut y);
        assert_eq!(y[4], 16_777_220.0);
    }

    #[test]
    fn elements_are_taken_and_put_along_the_middle_axis() {
        let x = [10, 11, 20, 21, 30, 31]; // (1, 3, 2)
        let mut y = [0; 4];
        assert_eq!(take([3, 2, 2], &x, &[2, 0, 0, 1], &mut y), Ok(()));
        assert_eq!(y, [30, 11, 10, 21]);
        let mut all = [0; 6];
        assert_eq!(put([3, 2, 2], &x, &[2, 0, 2, 1], &[1, 2, 3, 4], &mut all), Ok(()));
        assert_eq!(all, [10, 2, 20, 4, 3, 31]);
        let mut sums = [0.0; 3];
        assert_eq!(add([3, 2, 1], &[1.0; 3], &[2, 2], &[1.0, 2.0], &mut sums), Ok(()));
        assert_eq!(sums, [1.0, 1.0, 4.0]);
        for value in [-1, 3] {
            let bad = Err(BadIndex { element: 1, value });
            assert_eq!(take([3, 2, 2], &x, &[0, value, 0, 0], &mut y), bad);
            assert_eq!(put([3, 1, 2], &x, &[0, value], &[0; 2], &mut all), bad);
        }
    }
}
