//! Softmax fused with cross-entropy, over the last axis.

pub use crate::index::BadIndex;

use crate::index::checked;
use crate::lane::{F32x4, Lane};
use crate::softmax::{ROWS, log_rows, softmax_rows, together};
use crate::sum;

/// loss = ln sum exp(x) - x[label] and probs = softmax(x) in each row, one exp per element;
/// logits, probs: (rows, n), labels, loss: (rows)
///
/// # Errors
/// A label outside of 0..n, found before anything of its row is written.
#[inline(never)]
pub fn cross_entropy_labels(
    n: usize,
    logits: &[f32],
    labels: &[i32],
    loss: &mut [f32],
    probs: &mut [f32],
) -> Result<(), BadIndex> {
    for (element, &value) in labels.iter().enumerate() {
        checked(element, value, n)?;
    }
    let (mut max, mut sum) = ([0.0; ROWS], [1.0; ROWS]);
    let rows = logits.chunks(together(n)).zip(probs.chunks_mut(together(n)));
    for ((x, p), (labels, loss)) in rows.zip(labels.chunks(ROWS).zip(loss.chunks_mut(ROWS))) {
        softmax_rows(n, x, p, &mut max, &mut sum);
        let rows =
            x.chunks_exact(n).zip(labels).zip(max.into_iter().zip(log_rows(labels.len(), &sum)));
        for (((x, &label), (max, log_sum)), loss) in rows.zip(loss) {
            *loss = log_sum - (x[label as usize] - max);
        }
    }
    Ok(())
}

/// dlogits = (probs - onehot(label)) dloss; probs, dlogits: (rows, n), labels, dloss: (rows)
///
/// # Errors
/// A label outside of 0..n, found before anything of its row is written.
#[inline(never)]
pub fn cross_entropy_labels_backward(
    n: usize,
    probs: &[f32],
    labels: &[i32],
    dloss: &[f32],
    dlogits: &mut [f32],
) -> Result<(), BadIndex> {
    let mut probs = probs.chunks_exact(n.max(1));
    let mut dlogits = dlogits.chunks_exact_mut(n.max(1));
    for (element, (&value, &dloss)) in labels.iter().zip(dloss).enumerate() {
        let label = checked(element, value, n)?;
        let (Some(p), Some(dx)) = (probs.next(), dlogits.next()) else {
            break;
        };
        dx.iter_mut().zip(p).for_each(|(dx, p)| *dx = p * dloss);
        dx[label] = (p[label] - 1.0) * dloss;
    }
    Ok(())
}

/// loss = -sum t ln softmax(x) and probs = softmax(x) in each row. The targets t are any weights:
/// they need not be one-hot nor sum to 1. logits, targets, probs: (rows, n), loss: (rows)
#[inline(never)]
pub fn cross_entropy_rows(
    n: usize,
    logits: &[f32],
    targets: &[f32],
    loss: &mut [f32],
    probs: &mut [f32],
) {
    if n == 0 {
        loss.fill(0.0);
        return;
    }
    let (mut max, mut sum) = ([0.0; ROWS], [1.0; ROWS]);
    let run = together(n);
    let rows = logits.chunks(run).zip(targets.chunks(run));
    for (((x, t), p), loss) in rows.zip(probs.chunks_mut(run)).zip(loss.chunks_mut(ROWS)) {
        softmax_rows(n, x, p, &mut max, &mut sum);
        let rows = x.chunks_exact(n).zip(t.chunks_exact(n));
        let sums = max.into_iter().zip(log_rows(loss.len(), &sum));
        for (((x, t), (max, log_sum)), loss) in rows.zip(sums).zip(loss) {
            let (max, log_sum) = (F32x4::splat(max), F32x4::splat(log_sum));
            *loss = sum::sum_of(t, x, |t, x| t * (log_sum - (x - max))) as f32;
        }
    }
}

/// dlogits = (probs sum t - t) dloss; probs, targets, dlogits: (rows, n), dloss: (rows)
#[inline(never)]
pub fn cross_entropy_rows_backward(
    n: usize,
    probs: &[f32],
    targets: &[f32],
    dloss: &[f32],
    dlogits: &mut [f32],
) {
    let n = n.max(1);
    let rows = probs.chunks_exact(n).zip(targets.chunks_exact(n));
    for (((p, t), dloss), dx) in rows.zip(dloss).zip(dlogits.chunks_exact_mut(n)) {
        let total = sum::sum(t) as f32;
        let each = dx.iter_mut().zip(p.iter().zip(t));
        each.for_each(|(dx, (p, t))| *dx = (p * total - t) * dloss);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const ROWS: usize = 3;

    fn logits(n: usize) -> Vec<f32> {
        (0..ROWS * n).map(|i| ((i * 29 % 17) as f32 - 8.0) * 0.9).collect()
    }

    /// -sum t ln softmax(x) in f64
    fn reference(x: &[f32], t: &[f64]) -> f64 {
        let log_sum = x.iter().map(|&x| (x as f64).exp()).sum::<f64>().ln();
        x.iter().zip(t).map(|(&x, t)| t * (log_sum - x as f64)).sum()
    }

    fn close(a: f32, b: f64) -> bool {
        (a as f64 - b).abs() <= 2e-6 * b.abs().max(1.0)
    }

    #[test]
    fn labels_match_the_formula() {
        for n in [1, 2, 10, 16, 33] {
            let x = logits(n);
            let labels = [0, n as i32 - 1, n as i32 / 2];
            let (mut loss, mut probs) = ([0.0; ROWS], vec![0.0; x.len()]);
            let mut dx = probs.clone();
            assert_eq!(cross_entropy_labels(n, &x, &labels, &mut loss, &mut probs), Ok(()));
            let dloss = [1.0, -0.5, 2.0];
            assert_eq!(cross_entropy_labels_backward(n, &probs, &labels, &dloss, &mut dx), Ok(()));
            for r in 0..ROWS {
                let mut t = vec![0.0; n];
                t[labels[r] as usize] = 1.0;
                assert!(close(loss[r], reference(&x[r * n..][..n], &t)));
                for j in 0..n {
                    let expected = (probs[r * n + j] as f64 - t[j]) * dloss[r] as f64;
                    assert!(close(dx[r * n + j], expected));
                }
            }
        }
    }

    #[test]
    fn rows_match_the_formula_with_any_weights() {
        for n in [1, 2, 10, 16, 33] {
            let x = logits(n);
            let t: Vec<f32> = (0..x.len()).map(|i| (i * 7 % 5) as f32 * 0.4).collect();
            let (mut loss, mut probs) = ([0.0; ROWS], vec![0.0; x.len()]);
            let mut dx = probs.clone();
            cross_entropy_rows(n, &x, &t, &mut loss, &mut probs);
            let dloss = [1.0, -0.5, 2.0];
            cross_entropy_rows_backward(n, &probs, &t, &dloss, &mut dx);
            for r in 0..ROWS {
                let t: Vec<f64> = t[r * n..][..n].iter().map(|&t| t as f64).collect();
                assert!(close(loss[r], reference(&x[r * n..][..n], &t)));
                let total: f64 = t.iter().sum();
                for j in 0..n {
                    let expected = (probs[r * n + j] as f64 * total - t[j]) * dloss[r] as f64;
                    assert!(close(dx[r * n + j], expected));
                }
            }
        }
    }

    #[test]
    fn one_hot_rows_equal_labels() {
        let n = 10;
        let x = logits(n);
        let labels = [3, 0, 9];
        let mut t = vec![0.0; x.len()];
        crate::index::one_hot(n, &labels, &mut t).unwrap();
        let (mut a, mut b) = ([0.0; ROWS], [0.0; ROWS]);
        let mut probs = vec![0.0; x.len()];
        cross_entropy_labels(n, &x, &labels, &mut a, &mut probs).unwrap();
        cross_entropy_rows(n, &x, &t, &mut b, &mut probs);
        assert_eq!(a, b);
    }

    #[test]
    fn a_bad_label_leaves_its_row_untouched() {
        for value in [-1, 2] {
            let bad = Err(BadIndex { element: 1, value });
            let (mut loss, mut probs) = ([7.0; 2], [7.0; 4]);
            let found = cross_entropy_labels(2, &[0.0; 4], &[0, value], &mut loss, &mut probs);
            assert_eq!(found, bad);
            assert_eq!((loss[1], &probs[2..]), (7.0, &[7.0, 7.0][..]));
            let mut dx = [7.0; 4];
            let found =
                cross_entropy_labels_backward(2, &[0.5; 4], &[0, value], &[1.0; 2], &mut dx);
            assert_eq!(found, bad);
            assert_eq!(dx[2..], [7.0, 7.0]);
        }
    }
}
