//! What goes along an axis in order: scans, sorting, elements by number. A tensor is seen as
//! (outer, n, inner), and n is the axis.

use crate::codes::coded_enum;
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

/// How rows are sorted.
#[derive(Clone, Copy)]
pub struct Order {
    /// The largest first. NaN is last all the same.
    pub descending: bool,
    /// The words are integers.
    pub integers: bool,
}

impl Order {
    /// A number that rises with the place of a word. Zeros are equal, and so are all NaN.
    fn key(self, word: u32) -> i32 {
        let x = f32::from_bits(word);
        let key = if self.integers {
            word as i32
        } else if x.is_nan() {
            return i32::MAX;
        } else {
            let bits = (x + 0.0).to_bits() as i32;
            bits ^ (bits >> 31) & i32::MAX
        };
        if self.descending { !key } else { key }
    }
}

/// The positions of each row in order, equals as they stand: runs twice as long in each turn are merged;
/// x, spare, y: (rows, n)
#[inline(never)]
pub fn argsort(order: Order, n: usize, x: &[u32], spare: &mut [i32], y: &mut [i32]) {
    if n == 0 {
        return;
    }
    let rows = x.chunks_exact(n).zip(spare.chunks_exact_mut(n)).zip(y.chunks_exact_mut(n));
    for ((x, spare), y) in rows {
        y.iter_mut().enumerate().for_each(|(i, y)| *y = i as i32);
        let mut run = 1;
        while run < n {
            for start in (0..n).step_by(2 * run) {
                let end = n.min(start + 2 * run);
                let middle = n.min(start + run);
                merge(
                    |i| order.key(x[i as usize]),
                    &y[start..end],
                    middle - start,
                    &mut spare[start..end],
                );
            }
            y.copy_from_slice(spare);
            run *= 2;
        }
    }
}

/// Two sorted runs of `from`, of which the second begins at `middle`, as one.
fn merge(key: impl Fn(i32) -> i32, from: &[i32], middle: usize, to: &mut [i32]) {
    let (mut a, mut b) = (0, middle);
    for to in to {
        let first = a < middle && (b >= from.len() || key(from[a]) <= key(from[b]));
        let next = if first { &mut a } else { &mut b };
        *to = from[*next];
        *next += 1;
    }
}

coded_enum! {
    /// Functions of two integers, which wrap around. Comparisons give 1 or 0.
    pub enum Integer {
        /// a < b
        Less,
        /// a = b
        Equal,
        /// a + b
        Add,
        /// a - b
        Sub,
        /// a b
        Mul,
        /// The larger one
        Maximum,
        /// The smaller one
        Minimum,
        /// a / b, rounded down; 0 where b is 0
        FloorDiv,
        /// a - b floor(a / b); 0 where b is 0
        Mod,
    }
}

/// y[i] = op(a[i], b[i])
#[inline(never)]
pub fn integers(op: Integer, a: &[i32], b: &[i32], y: &mut [i32]) {
    for ((&a, &b), y) in a.iter().zip(b).zip(y) {
        *y = op.of(a, b);
    }
}

/// y = x[0] op x[1] op … along n, 0 of nothing; x: (outers, n, inner), y: (outers, inner)
#[inline(never)]
pub fn reduce_integers(op: Integer, [n, inner]: [usize; 2], x: &[i32], y: &mut [i32]) {
    for (at, y) in y.iter_mut().enumerate() {
        let first = at / inner * n * inner + at % inner;
        let mut along = x.get(first..).unwrap_or(&[]).iter().step_by(inner).take(n).copied();
        let start = along.next().unwrap_or(0);
        *y = along.fold(start, |a, b| op.of(a, b));
    }
}

impl Integer {
    #[inline(never)]
    fn of(self, a: i32, b: i32) -> i32 {
        match self {
            Self::Less => i32::from(a < b),
            Self::Equal => i32::from(a == b),
            Self::Add => a.wrapping_add(b),
            Self::Sub => a.wrapping_sub(b),
            Self::Mul => a.wrapping_mul(b),
            Self::Maximum => a.max(b),
            Self::Minimum => a.min(b),
            Self::FloorDiv => divide(a, b)[0],
            Self::Mod => divide(a, b)[1],
        }
    }
}

/// The quotient, rounded down, and the remainder, with the sign of b.
fn divide(a: i32, b: i32) -> [i32; 2] {
    if b == 0 {
        return [0; 2];
    }
    let (quotient, rest) = (a.wrapping_div(b), a.wrapping_rem(b));
    if rest != 0 && (rest ^ b) < 0 { [quotient - 1, rest + b] } else { [quotient, rest] }
}

#[cfg(test)]
mod tests {
    use super::*;

    const NAN: f32 = f32::NAN;

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

    #[test]
    fn sorting_keeps_the_order_of_equals_and_nan_last() {
        let x = [2.0, NAN, -0.0, 0.0, -1.0, f32::INFINITY, -NAN, 2.0, f32::NEG_INFINITY];
        let words = x.map(f32::to_bits);
        let sorted = |descending, integers| {
            let (mut spare, mut y) = ([0; 9], [0; 9]);
            argsort(Order { descending, integers }, 9, &words, &mut spare, &mut y);
            y
        };
        assert_eq!(sorted(false, false), [8, 4, 2, 3, 0, 7, 5, 1, 6]);
        assert_eq!(sorted(true, false), [5, 0, 7, 2, 3, 4, 8, 1, 6]);
        assert_eq!(sorted(false, true)[8], 1);
    }

    #[test]
    fn arithmetic_of_integers_wraps_around_and_rounds_down() {
        let of = |op, a, b| {
            let mut y = [0];
            integers(op, &[a], &[b], &mut y);
            y[0]
        };
        let ends = [i32::MIN, i32::MIN + 1, -7, -3, -2, -1, 0, 1, 2, 3, 7, 16_777_217, i32::MAX];
        for (a, b) in ends.iter().flat_map(|&a| ends.map(|b| (a, b))) {
            let [wide_a, wide_b] = [i64::from(a), i64::from(b)];
            assert_eq!(of(Integer::Add, a, b), (wide_a + wide_b) as i32);
            assert_eq!(of(Integer::Sub, a, b), (wide_a - wide_b) as i32);
            assert_eq!(of(Integer::Mul, a, b), (wide_a * wide_b) as i32);
            assert_eq!(of(Integer::Maximum, a, b), a.max(b));
            assert_eq!(of(Integer::Minimum, a, b), a.min(b));
            assert_eq!(
                [of(Integer::Less, a, b), of(Integer::Equal, a, b)],
                [a < b, a == b].map(i32::from)
            );
            let down = (f64::from(a) / f64::from(b)).floor();
            let quotient = if b == 0 { 0 } else { down as i64 as i32 };
            assert_eq!(of(Integer::FloorDiv, a, b), quotient, "{a} / {b}");
            let rest = if b == 0 { 0 } else { wide_a - wide_b * down as i64 };
            assert_eq!(i64::from(of(Integer::Mod, a, b)), rest, "{a} mod {b}");
        }
    }

    #[test]
    fn integers_are_reduced_along_the_middle_axis() {
        let x = [i32::MAX, 1, 1, 2, 5, -3, 16_777_216, 1, 1, 0, 0, 7]; // (2, 3, 2)
        let mut y = [0; 4];
        reduce_integers(Integer::Add, [3, 2], &x, &mut y);
        assert_eq!(y, [i32::MIN + 5, 0, 16_777_217, 8]);
        reduce_integers(Integer::Maximum, [3, 2], &x, &mut y);
        assert_eq!(y, [i32::MAX, 2, 16_777_216, 7]);
        reduce_integers(Integer::Add, [0, 2], &[], &mut y);
        assert_eq!(y, [0; 4]);
        reduce_integers(Integer::Add, [3, 0], &[], &mut []);
    }

    #[test]
    fn every_length_is_sorted() {
        for n in 0..40 {
            let x: Vec<u32> = (0..2 * n).map(|i| (i * 37 % 11) as u32).collect();
            let (mut spare, mut y) = (vec![0; 2 * n], vec![0; 2 * n]);
            argsort(Order { descending: false, integers: true }, n, &x, &mut spare, &mut y);
            for (x, y) in x.chunks(n.max(1)).zip(y.chunks(n.max(1))) {
                assert!(y.windows(2).all(|w| (x[w[0] as usize], w[0]) < (x[w[1] as usize], w[1])));
            }
        }
    }
}
