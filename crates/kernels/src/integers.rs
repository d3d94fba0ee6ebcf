//! Arithmetic of integers: of two, and along an axis.

use crate::codes::coded_enum;

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
}
