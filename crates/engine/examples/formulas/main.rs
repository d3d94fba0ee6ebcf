//! Prints the formulas that programs written out are made of:
//! `cargo run -q -p ferrograd-engine --example formulas`.

mod recorded;

use core::array::from_fn;

use ferrograd_kernels::activation::{self, Activation, Source};
use ferrograd_kernels::math;
use ferrograd_kernels::optimizer::{self, Rule};
use recorded::{Recorded, input, text};

fn main() {
    println!("// Generated from the formulas in crates/kernels: `npm run generate`. Do not edit.");
    println!("import type {{ ActivationName, RuleName }} from \"./ops.generated.ts\";\n");
    println!("/**");
    println!(
        " * Instructions in the order of a stack machine: operands, then what is done with them. `=a`"
    );
    println!(" * keeps the top of the stack under a name.");
    println!(" */");
    println!("export type Formula = string;\n");
    println!(
        "/** Of x, or of x or y as the row says, with its parameters p and q: those that join a product. */"
    );
    println!("export const ACTIVATION_FORMULAS: {{");
    println!(
        "  readonly [name in ActivationName]?: {{ readonly f: Formula; readonly df: Formula }};"
    );
    println!("}} = {{");
    (0..).map_while(Activation::from_code).filter(joins).for_each(activation);
    println!("}};\n");
    println!(
        "/** Of w, the slots a, b, c, the gradient g and the coefficients k0 to k6: the new w, a, b, c. */"
    );
    println!("export const RULE_FORMULAS: {{ readonly [name in RuleName]: Formula }} = {{");
    (0..).map_while(Rule::from_code).for_each(rule);
    println!("}};\n");
    println!("/** Of x. */");
    println!("export const EXP: Formula =\n  \"{}\";", text(&[math::exp(input("x"))]));
    println!("export const LOG: Formula =\n  \"{}\";", text(&[math::log(input("x"))]));
}

fn joins(act: &Activation) -> bool {
    act.row().derivative_from != Source::X && *act != Activation::NONE
}

fn activation(act: Activation) {
    let (x, params) = (input("x"), [input("p"), input("q")]);
    let f = text(&[activation::formula(act, x, params)]);
    let df = text(&[activation::slope(act, x, params)]);
    println!("  {}: {{\n    f: \"{f}\",\n    df: \"{df}\",\n  }},", act.row().name);
}

fn rule(rule: Rule) {
    let coefficients = ["k0", "k1", "k2", "k3", "k4", "k5", "k6"].map(input);
    let slots = ["a", "b", "c"].map(input);
    let (w, new) = optimizer::formula(rule, &coefficients, input("w"), slots, input("g"));
    let own = rule.row().slots;
    let all: [Recorded; 4] = from_fn(|i| if i == 0 { w } else { new[i - 1] });
    println!("  {}:\n    \"{}\",", rule.row().name, text(&all[..=own]));
}
