//! Prints the formulas that programs written out are made of:
//! `cargo run -q -p ferrograd-engine --example formulas`.

mod recorded;

use core::array::from_fn;

use ferrograd_kernels::activation::{self, Activation};
use ferrograd_kernels::elementwise::{Binary, Unary};
use ferrograd_kernels::optimizer::{self, Rule};
use recorded::{Recorded, input, is_vectorized, text};

fn main() {
    println!("// Generated from the formulas in crates/kernels: `npm run generate`. Do not edit.");
    println!(
        "import type {{ ActivationName, BinaryName, RuleName, UnaryName }} from \"./ops.generated.ts\";\n"
    );
    println!("/**");
    println!(
        " * Instructions in the order of a stack machine: operands, then what is done with them. `=A`"
    );
    println!(" * keeps the top of the stack under a name.");
    println!(" */");
    println!("export type Formula = string;\n");
    println!("/** Of x, df of x or y as the row says, with its parameters p and q. */");
    println!("export const ACTIVATION_FORMULAS: {{");
    println!(
        "  readonly [name in ActivationName]: {{ readonly f: Formula; readonly df: Formula }};"
    );
    println!("}} = {{");
    Activation::ALL.iter().for_each(|&act| activation(act));
    println!("}};\n");
    println!("/** Of a; without those that go float by float. */");
    table(
        "UNARY_FORMULAS",
        "[name in UnaryName]?",
        Unary::ALL.iter().filter_map(|&op| {
            let formula = op.formula([input("a")]);
            is_vectorized(formula).then(|| (op.name(), text(&[formula])))
        }),
    );
    println!("/** Of a and b; as above. */");
    table(
        "BINARY_FORMULAS",
        "[name in BinaryName]?",
        Binary::ALL.iter().filter_map(|&op| {
            let formula = op.formula([input("a"), input("b")]);
            is_vectorized(formula).then(|| (op.name(), text(&[formula])))
        }),
    );
    println!(
        "/** Of w, the slots a, b, c, the gradient g and the coefficients k0 to k6: the new w, a, b, c. */"
    );
    table(
        "RULE_FORMULAS",
        "[name in RuleName]",
        Rule::ALL.iter().map(|&rule| (rule.row().name, text(&updated(rule)))),
    );
}

fn table(constant: &str, keys: &str, rows: impl Iterator<Item = (&'static str, String)>) {
    println!("export const {constant}: {{ readonly {keys}: Formula }} = {{");
    rows.for_each(|(name, formula)| println!("  {name}:\n    \"{formula}\","));
    println!("}};\n");
}

fn activation(act: Activation) {
    let (x, params) = (input("x"), [input("p"), input("q")]);
    let f = text(&[activation::formula(act, x, params)]);
    let df = text(&[activation::slope(act, x, params)]);
    println!("  {}: {{\n    f: \"{f}\",\n    df: \"{df}\",\n  }},", act.row().name);
}

/// w and the slots that the rule has.
fn updated(rule: Rule) -> Vec<Recorded> {
    let coefficients = ["k0", "k1", "k2", "k3", "k4", "k5", "k6"].map(input);
    let slots = ["a", "b", "c"].map(input);
    let (w, new) = optimizer::formula(rule, &coefficients, input("w"), slots, input("g"));
    let all: [Recorded; 4] = from_fn(|i| if i == 0 { w } else { new[i - 1] });
    all[..=rule.row().slots].to_vec()
}
