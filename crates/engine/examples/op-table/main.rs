//! Prints the TypeScript side of the op table: `cargo run -q -p ferrograd-engine --example op-table`, and with
//! `-- writers` the functions that write ops.

mod names;
#[path = "../formulas/recorded.rs"]
#[allow(dead_code)]
mod recorded;
mod writers;

use ferrograd_engine::field::{NAMES, STEP_FAMILIES};
use ferrograd_engine::numbers::NUMBERS;
use ferrograd_engine::op::TABLE;
use ferrograd_engine::op::row::{FieldSpec, GroupSpec, OpSpec};
use ferrograd_engine::table::HASH;
use ferrograd_engine::{CODES, Kind};
use ferrograd_kernels::activation::{Activation, ROWS, curvature};
use names::{camel, constant, pascal};
use recorded::{input, made, text};

fn main() {
    match std::env::args().nth(1).as_deref() {
        Some("writers") => writers::print(),
        _ => table(),
    }
}

fn table() {
    println!("// Generated from the op table in crates/engine: `npm run generate`. Do not edit.");
    println!("import type {{ Operand }} from \"./writer.ts\";\n");
    println!("/** Compared with the core's own hash at start. */");
    println!("export const OP_TABLE_HASH = {HASH};\n");
    for number in NUMBERS {
        println!("/** {} */\nexport const {} = {};\n", number.doc, number.name, number.value);
    }
    activations();
    codes();
    for op in TABLE {
        interfaces(op);
    }
}

fn activations() {
    println!("/** The options of each activation; the names are its keys. */");
    println!("export interface ActivationOptions {{");
    for row in ROWS {
        let params: Vec<String> = row
            .params
            .iter()
            .map(|param| {
                format!(
                    "\n    /** {} Default {}. */\n    {}?: number;",
                    param.doc, param.default, param.name
                )
            })
            .collect();
        let body = if params.is_empty() {
            "Record<never, never>".into()
        } else {
            format!("{{{}\n  }}", params.join(""))
        };
        let text = format!("{}\nRange: {}.", row.doc.trim_end(), row.range);
        println!("{}  {}: {body};", doc(&text, "  "), row.name);
    }
    println!("}}\n\n/** The name of a row of the activation table. */");
    println!("export type ActivationName = keyof ActivationOptions;\n");
    println!("/** A number that an activation takes, with its default and bounds. */");
    println!(
        "export interface ActivationParam {{\n  readonly name: string;\n  readonly default: number;\n  readonly min: number;\n  readonly max: number;\n}}\n"
    );
    println!("/** What the compiler asks of an activation. */");
    println!(
        "export interface ActivationRow {{\n  readonly code: number;\n  readonly derivativeFrom: \"x\" | \"y\" | \"either\";\n  readonly saturates: \"none\" | \"low\" | \"high\" | \"both\";\n  readonly initializer: \"heNormal\" | \"glorotUniform\" | \"lecunNormal\";\n  /** Is its range that of probabilities? */\n  readonly probabilities: boolean;\n  readonly params: readonly ActivationParam[];\n}}\n"
    );
    println!("let rows = 0;");
    println!("const row = (");
    println!("  derivativeFrom: ActivationRow[\"derivativeFrom\"],");
    println!("  saturates: ActivationRow[\"saturates\"],");
    println!("  initializer: ActivationRow[\"initializer\"],");
    println!("  probabilities: boolean,");
    println!("  ...params: ActivationParam[]");
    println!(
        "): ActivationRow => ({{\n  code: rows++,\n  derivativeFrom,\n  saturates,\n  initializer,\n  probabilities,\n  params,\n}});\n"
    );
    println!(
        "export const ACTIVATIONS: {{ readonly [name in ActivationName]: ActivationRow }} = {{"
    );
    Activation::ALL.iter().for_each(|&act| activation(act));
    println!("}};\n");
    println!(
        "/** The derivative of f' by x or y, as `derivativeFrom` says: a formula of x, its parameters p and q, and what the row is given. */"
    );
    println!("export const CURVATURES: {{ readonly [name in ActivationName]: string }} = {{");
    for &act in Activation::ALL.iter() {
        let params = [input("p"), input("q")];
        let curvature = curvature(act, input("x"), params, |name, x| made(name, [x]));
        println!("  {}: \"{}\",", act.row().name, text(&[curvature]));
    }
    println!("}};\n");
}

fn activation(act: Activation) {
    let row = act.row();
    let lower = |text: String| text.to_lowercase();
    let (from, saturates) = (format!("{:?}", row.derivative_from), format!("{:?}", row.saturates));
    print!("  {}: row(", row.name);
    let probabilities = matches!(row.range, "(0, 1)" | "[0, 1]");
    print!("\"{}\", \"{}\", \"{}\"", lower(from), lower(saturates), row.initializer);
    print!(", {probabilities}");
    for param in row.params {
        print!(
            ", {{ name: \"{}\", default: {}, min: {}, max: {} }}",
            param.name,
            param.default,
            number(param.min),
            number(param.max)
        );
    }
    println!("),");
}

fn number(value: f32) -> String {
    if value.is_infinite() {
        format!("{}Number.POSITIVE_INFINITY", if value < 0.0 { "-" } else { "" })
    } else {
        format!("{value}")
    }
}

/// The coded kinds, the step families, the segment kinds and the status codes.
fn codes() {
    for table in NAMES.iter().filter(|table| table.kind != "activation") {
        enumeration(table.kind, table.names);
    }
    enumeration("stepFamily", &STEP_FAMILIES);
    enumeration("segment", &Kind::NAMES);
    enumeration("status", &CODES);
}

fn enumeration(kind: &str, names: &[&str]) {
    let constant = constant(kind);
    println!("export const {constant} = {{");
    for (code, name) in names.iter().enumerate() {
        println!("  {name}: {code},");
    }
    println!("}} as const;\nexport type {}Name = keyof typeof {constant};\n", pascal(kind));
}

fn interfaces(op: &OpSpec) {
    print!("{}", doc(op.doc, ""));
    println!("export interface {}Op {{", op.name);
    members(&op.body);
    for group in op.groups {
        println!("  readonly {}: readonly {}[];", camel(group.name), item(op, group));
    }
    println!("}}\n");
    for group in op.groups {
        println!("export interface {} {{", item(op, group));
        members(group);
        println!("}}\n");
    }
}

fn item(op: &OpSpec, group: &GroupSpec) -> String {
    format!("{}{}", op.name, pascal(group.name))
}

fn members(group: &GroupSpec) {
    for FieldSpec { name, kind, .. } in group.fields {
        println!("  readonly {}: {};", camel(name), type_of(kind));
    }
    for operand in group.operands {
        println!("  /** {} {}[{}] */", operand.access.name(), operand.ty.name(), operand.len);
        println!("  readonly {}: Operand;", camel(operand.name));
    }
}

fn type_of(kind: &str) -> String {
    match kind {
        "flag" => "boolean".into(),
        "dim" | "word" | "float" | "step" => "number".into(),
        _ => format!("{}Name", pascal(kind)),
    }
}

fn doc(text: &str, indent: &str) -> String {
    let lines: Vec<&str> = text.trim().lines().map(str::trim).collect();
    match lines.as_slice() {
        [line] => format!("{indent}/** {line} */\n"),
        _ => {
            let body: String = lines
                .iter()
                .map(|line| format!("{indent} * {line}\n").replace(" * \n", " *\n"))
                .collect();
            format!("{indent}/**\n{body}{indent} */\n")
        }
    }
}
