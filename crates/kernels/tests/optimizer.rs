//! The formulas of the rules beside the loops made of them, and the bounds beside both; what they compute
//! is compared with PyTorch through the package.

use ferrograd_kernels::optimizer::{Hyper, MAX_SLOTS, Prepared, Rule, Update, formula};
use ferrograd_kernels::peak::peak;

/// rate, no decay, no clips, then four of the rule's own
const HYPER: Hyper = [0.01, 0.0, 0.0, 0.0, 0.0, 0.9, 0.99, 1e-8, 0.004];

fn numbers(seed: usize) -> Vec<f32> {
    (0..7).map(|i| ((i * 37 + seed * 11) % 23) as f32 * 0.1 + 0.05).collect()
}

/// The slots that the rule has.
fn views(rule: Rule, slots: &mut [Vec<f32>; MAX_SLOTS]) -> [&mut [f32]; MAX_SLOTS] {
    let mut views = slots.each_mut().map(|slot| slot.as_mut_slice());
    for unused in &mut views[rule.row().slots..] {
        *unused = &mut [];
    }
    views
}

#[test]
fn formulas_are_what_the_loops_compute() {
    for &rule in Rule::ALL {
        for step in [1, 2, 40] {
            let prepared = Prepared::new(rule, false, &HYPER, step);
            let [ref coefficients @ .., _, _, _, plain, _] = prepared.numbers;
            assert_eq!(plain, 1.0);
            let (w, g) = (numbers(0), numbers(1));
            let slots: [Vec<f32>; 3] = [2, 3, 4].map(numbers);
            let (mut new_w, mut new) = (w.clone(), slots.clone());
            let update = Update::new(rule, &prepared.numbers);
            update.run(1.0, &mut new_w, &mut views(rule, &mut new), &g);
            for i in 0..w.len() {
                let own = [0, 1, 2].map(|slot| slots[slot][i]);
                let expected = formula(rule, coefficients, w[i], own, g[i]);
                let found = (new_w[i], [0, 1, 2].map(|slot| new[slot][i]));
                assert_eq!(found, expected, "{} at step {step}", rule.row().name);
            }
        }
    }
}

#[test]
fn clips_and_decay_are_not_in_the_formula() {
    for index in 1..5 {
        let mut hyper = HYPER;
        hyper[index] = 0.1;
        for decoupled in [false, true] {
            let plain = Prepared::new(Rule::Adam, decoupled, &hyper, 1).numbers[10];
            assert_eq!(plain, 0.0, "{index}");
        }
    }
}

/// splitmix64 (Steele, Lea and Flood, 2014).
struct Rng(u64);

impl Rng {
    fn below(&mut self, n: usize) -> usize {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        ((z ^ (z >> 31)) % n as u64) as usize
    }

    fn of<T: Copy>(&mut self, values: &[T]) -> T {
        values[self.below(values.len())]
    }

    /// A number of any size up to 10^power, 0 and the largest of all among them.
    fn float(&mut self, power: i32) -> f32 {
        let size = match self.below(12) {
            0 => return 0.0,
            1 if power >= 38 => f32::MAX,
            _ => 10f32.powi(self.below((power + 45) as usize) as i32 - 44),
        };
        let factor = 0.1 + self.below(1000) as f32 / 1112.0;
        if self.below(2) == 0 { size * factor } else { -size * factor }
    }
}

/// Slots that are made of squares or of magnitudes.
fn squares(rule: Rule) -> &'static [usize] {
    match rule {
        Rule::Sgd | Rule::Momentum | Rule::Nesterov | Rule::Lion => &[],
        Rule::RmsProp | Rule::RmsPropMomentum | Rule::RmsPropCentered | Rule::Adagrad => &[0],
        Rule::Adadelta => &[0, 1],
        _ => &[1, 2],
    }
}

/// Is the step of w made of a slot, besides one that it is divided by?
fn carries(rule: Rule) -> bool {
    !matches!(rule, Rule::Sgd | Rule::Adagrad | Rule::RmsProp | Rule::Lion)
}

const N: usize = 5;

/// A few steps of any rule with hyper-parameters and numbers of any size. What the bounds let through is
/// finite, and the carried slot is as small as they say.
#[test]
fn bounds_exclude_overflow() {
    let (mut excluded, mut tried, mut refused) = (0, 0, 0);
    for seed in 0..20_000 {
        let rng = &mut Rng(seed);
        let rule = rng.of(Rule::ALL);
        let size = rng.of(&[0, 3, 10, 16, 19, 30, 38]);
        let mut hyper = HYPER;
        hyper[0] = rng.of(&[0.0, 1e-3, 0.1, 1.0, 1e5, 1e10, 1e20, 1e38, 1e39, 1e300]);
        hyper[1] = rng.of(&[0.0, 0.0, 0.0, 0.01, 1e10, 1e38]);
        hyper[2 + rng.below(3)] = rng.of(&[0.0, 0.0, 1e-3, 1.0, 1e38, 1e300]);
        match rule {
            Rule::Adagrad => hyper[5] = rng.of(&[1e-10, 0.0, 1e-46, 1e20]),
            Rule::Adadelta | Rule::RmsProp | Rule::RmsPropMomentum | Rule::RmsPropCentered => {
                hyper[5] = rng.of(&[0.0, 0.9, 0.99, 1.0 - 1e-16]);
                hyper[6] = rng.of(&[1e-6, 0.0, 1e-40, 1e-46, 1e20]);
                hyper[7] = rng.of(&[0.0, 0.9, 1.0 - 1e-16]);
            }
            _ => {
                hyper[5] = rng.of(&[0.0, 0.9, 1.0 - 1e-16]);
                hyper[6] = rng.of(&[0.0, 0.6, 0.999, 1.0 - 1e-16]);
                hyper[7] = rng.of(&[1e-8, 0.0, 1e-40, 1e-46, 1e20]);
            }
        }
        let decoupled = rng.below(2) == 0;
        let mut w: Vec<f32> = (0..N).map(|_| rng.float(38)).collect();
        let mut state: [Vec<f32>; MAX_SLOTS] = Default::default();
        for (index, slot) in state.iter_mut().enumerate().take(rule.row().slots) {
            let power = if rng.below(3) == 0 { 38 } else { size };
            *slot = (0..N).map(|_| rng.float(power)).collect();
            if squares(rule).contains(&index) {
                slot.iter_mut().for_each(|v| *v = v.abs());
            }
        }
        let mut step = rng.of(&[1, 2, 3, 100, 1 << 14, 1 << 20, 1 << 31]);
        // As after loading: all that is known is that it is finite.
        let mut reach = state.iter().map(|slot| peak(slot)).fold(0.0, f32::max);
        if rng.below(2) == 0 {
            reach = f32::MAX;
        }
        for _ in 0..4 {
            let g: Vec<f32> = (0..N).map(|_| rng.float(size)).collect();
            let prepared = Prepared::new(rule, decoupled, &hyper, step);
            let norm = || g.iter().map(|&g| f64::from(g).powi(2)).sum();
            let scale = (prepared.global_scale(&norm) * prepared.scale(&norm)) as f32;
            let bound = prepared.bound(peak(&g), reach, &|| peak(&w));
            let case =
                format!("{seed}: {} {hyper:?} {step} {w:?} {state:?} {g:?}", rule.row().name);
            Update::new(rule, &prepared.numbers).run(
                scale,
                &mut w,
                &mut views(rule, &mut state),
                &g,
            );
            let finite = peak(&w).is_finite() && state.iter().all(|slot| peak(slot).is_finite());
            let exact = peak(&state[rule.row().carried]);
            match bound {
                Some(bound) => {
                    assert!(finite && (exact <= bound || !carries(rule)), "{exact} {bound} {case}");
                    excluded += 1;
                }
                None if finite => tried += 1,
                None => {
                    refused += 1;
                    break;
                }
            }
            reach = bound.unwrap_or(exact);
            step = step.saturating_add(1);
        }
    }
    assert!(excluded > 5_000 && tried > 1_000 && refused > 1_000, "{excluded} {tried} {refused}");
}
