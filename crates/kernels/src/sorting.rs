//! Positions of a row's elements in order.

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

#[cfg(test)]
mod tests {
    use super::*;

    const NAN: f32 = f32::NAN;

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
