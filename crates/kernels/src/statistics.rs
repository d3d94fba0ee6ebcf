//! Statistics of activations, gradients and weights, for diagnostics. Sums are accumulated in f64.

use crate::sum::sum_of_squares;

/// What numbers look like together.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Survey {
    /// The sum of x^2.
    pub squares: f64,
    pub sum: f64,
    pub zeros: u32,
    /// NaN and infinities.
    pub non_finite: u32,
    /// Of the finite ones; above `max` where there are none.
    pub min: f32,
    pub max: f32,
}

/// Surveys all of x.
#[inline(never)]
pub fn survey(x: &[f32]) -> Survey {
    let mut survey = Survey {
        squares: sum_of_squares(x),
        sum: 0.0,
        zeros: 0,
        non_finite: 0,
        min: f32::INFINITY,
        max: f32::NEG_INFINITY,
    };
    for &x in x {
        survey.sum += f64::from(x);
        survey.zeros += u32::from(x == 0.0);
        let finite = x.is_finite();
        survey.non_finite += u32::from(!finite);
        survey.min = if finite & (x < survey.min) { x } else { survey.min };
        survey.max = if finite & (x > survey.max) { x } else { survey.max };
    }
    survey
}

/// Adds the finite elements of x to bins of width 1/scale from min on; the last one includes its end.
#[inline(never)]
pub fn histogram(x: &[f32], min: f64, scale: f64, counts: &mut [u32]) {
    let Some(last) = counts.len().checked_sub(1) else { return };
    for &x in x.iter().filter(|x| x.is_finite()) {
        // A conversion below 0 or of NaN gives 0.
        let bin = ((f64::from(x) - min) * scale) as u32 as usize;
        counts[bin.min(last)] += 1;
    }
}

/// The mean over the rows of |sum of x| / sum of |x|, rows without anything counting as 0; x: (rows, units)
#[inline(never)]
pub fn one_signed(x: &[f32], units: usize) -> f64 {
    let rows = x.chunks_exact(units.max(1));
    let count = rows.len();
    let mut total = 0.0;
    for row in rows {
        let [mut sum, mut absolute] = [0.0, 0.0];
        for &x in row {
            sum += f64::from(x);
            absolute += f64::from(x.abs());
        }
        if absolute > 0.0 {
            total += sum.abs() / absolute;
        }
    }
    if count == 0 { 0.0 } else { total / count as f64 }
}

/// Counts each column's positive and negative elements; x: (rows, units), counts: (2, units). NaN
/// counts as positive: a column that has one is not all zero.
#[inline(never)]
pub fn column_signs(x: &[f32], counts: &mut [u32]) {
    let units = counts.len() / 2;
    let (positive, negative) = counts.split_at_mut(units);
    for row in x.chunks_exact(units.max(1)) {
        for ((positive, negative), &x) in positive.iter_mut().zip(negative.iter_mut()).zip(row) {
            *positive += u32::from((x > 0.0) | x.is_nan());
            *negative += u32::from(x < 0.0);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const X: [f32; 11] =
        [1.0, -2.0, 0.0, f32::NAN, 3.5, f32::INFINITY, -0.0, 0.25, f32::NEG_INFINITY, 7.0, -1.0];

    #[test]
    fn a_survey_matches_a_naive_loop() {
        let finite: Vec<f32> = X.into_iter().filter(|x| x.is_finite()).collect();
        let all = survey(&X);
        assert!(all.squares.is_nan() && all.sum.is_nan());
        assert_eq!((all.zeros, all.non_finite, all.min, all.max), (2, 3, -2.0, 7.0));
        let some = survey(&finite);
        let exact = |f: fn(f64) -> f64| finite.iter().map(|&x| f(f64::from(x))).sum::<f64>();
        assert_eq!((some.squares, some.sum), (exact(|x| x * x), exact(|x| x)));
        assert_eq!((some.zeros, some.non_finite), (2, 0));
        let none = survey(&[]);
        assert!(none.min > none.max && none.squares == 0.0);
    }

    #[test]
    fn histograms_count_every_finite_element_once() {
        let mut counts = [0; 3];
        histogram(&X, -2.0, 3.0 / 9.0, &mut counts);
        assert_eq!(counts, [5, 2, 1]); // -2 -1 0 -0 0.25 | 1 3.5 | 7
        histogram(&[], 0.0, 1.0, &mut []);
    }

    #[test]
    fn rows_of_one_sign_count_one() {
        assert_eq!(one_signed(&[1.0, 2.0, 3.0, -1.0, -1.0, -6.0], 3), 1.0);
        assert_eq!(one_signed(&[1.0, -1.0, 3.0, -1.0, 0.0, 0.0], 2), (0.0 + 0.5 + 0.0) / 3.0);
        assert_eq!(one_signed(&[], 4), 0.0);
    }

    #[test]
    fn signs_are_counted_by_column() {
        let mut counts = [0; 4];
        column_signs(&[1.0, 0.0, -1.0, f32::NAN, 2.0, -3.0], &mut counts);
        assert_eq!(counts, [2, 1, 1, 1]);
    }
}
