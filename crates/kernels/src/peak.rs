//! How large numbers are, and whether they are finite.

use crate::lane::{F32x4, Lane};

/// Floats that a peak is kept in: the largest of their magnitudes counts.
pub const LANES: usize = F32x4::LEN;

/// The largest |x|, 0 of nothing; infinite or NaN where an element is.
#[inline(never)]
pub fn peak(x: &[f32]) -> f32 {
    let Some(last) = x.last_chunk() else {
        return f32::from_bits(x.iter().fold(0, |peak, x| peak.max(x.abs().to_bits())));
    };
    let mut peaks = [F32x4::splat(0.0); 4];
    let (x16, rest) = x.as_chunks::<16>();
    for x in x16 {
        for (peak, x) in peaks.iter_mut().zip(x.as_chunks().0) {
            *peak = peak.peak(F32x4::load(x));
        }
    }
    for x in rest.as_chunks().0 {
        peaks[0] = peaks[0].peak(F32x4::load(x));
    }
    // What is left lies in the last four.
    let [a, b, c, d] = peaks;
    let four = a.peak(b).peak(c.peak(d)).peak(F32x4::load(last));
    let [a, b, c, d] = four.to_array().map(f32::to_bits);
    f32::from_bits(a.max(b).max(c.max(d)))
}

/// The position of the first NaN or infinity.
#[inline(never)]
pub fn first_non_finite(x: &[f32]) -> Option<usize> {
    if peak(x).is_finite() { None } else { x.iter().position(|x| !x.is_finite()) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_largest_number_is_found() {
        for n in 0..70 {
            let mut x: Vec<f32> = (0..n).map(|i| (i * 37 % 64) as f32 - 40.0).collect();
            assert_eq!(peak(&x), x.iter().fold(0.0, |peak, x| x.abs().max(peak)));
            for (bad, is) in
                [(f32::NAN, f32::is_nan as fn(f32) -> bool), (f32::NEG_INFINITY, f32::is_infinite)]
            {
                if let Some(last) = x.last_mut() {
                    *last = bad;
                    assert!(is(peak(&x)), "{n} {bad}");
                }
            }
        }
    }

    #[test]
    fn the_first_bad_number_is_found() {
        for n in [1, 63, 64, 65, 200] {
            let mut x = vec![f32::MAX; n];
            x[0] = f32::MIN;
            assert_eq!(first_non_finite(&x), None);
            for bad in [f32::NAN, f32::INFINITY, f32::NEG_INFINITY] {
                for at in [0, n / 2, n - 1] {
                    let mut x = x.clone();
                    x[at] = bad;
                    x[n - 1] = bad;
                    assert_eq!(first_non_finite(&x), Some(at));
                }
            }
        }
        assert_eq!(first_non_finite(&[]), None);
    }
}
