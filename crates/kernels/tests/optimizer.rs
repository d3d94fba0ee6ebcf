//! The formulas of the rules beside the loops made of them; what they compute is compared with PyTorch
//! through the package.

use ferrograd_kernels::optimizer::{Hyper, Rule, Update, formula};

/// rate, no decay, no clips, then four of the rule's own
const HYPER: Hyper = [0.01, 0.0, 0.0, 0.0, 0.0, 0.9, 0.99, 1e-8, 0.004];

fn numbers(seed: usize) -> Vec<f32> {
    (0..7).map(|i| ((i * 37 + seed * 11) % 23) as f32 * 0.1 + 0.05).collect()
}

#[test]
fn formulas_are_what_the_loops_compute() {
    for &rule in Rule::ALL {
        for step in [1, 2, 40] {
            let update = Update::new(rule, false, &HYPER, step);
            let coefficients = update.plain().expect("neither clips nor decay");
            let (w, g) = (numbers(0), numbers(1));
            let slots: [Vec<f32>; 3] = [2, 3, 4].map(numbers);
            let (mut new_w, mut new) = (w.clone(), slots.clone());
            let mut views = new.each_mut().map(|slot| slot.as_mut_slice());
            for unused in &mut views[rule.row().slots..] {
                *unused = &mut [];
            }
            update.run(1.0, &mut new_w, &mut views, &g);
            for i in 0..w.len() {
                let own = [0, 1, 2].map(|slot| slots[slot][i]);
                let expected = formula(rule, &coefficients, w[i], own, g[i]);
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
            assert_eq!(Update::new(Rule::Adam, decoupled, &hyper, 1).plain(), None, "{index}");
        }
    }
}
