//! A function for each op, so that a bundle has those that it uses.

use crate::names::{camel, constant, pascal};
use ferrograd_engine::field::NAMES;
use ferrograd_engine::op::TABLE;
use ferrograd_engine::op::row::{GroupSpec, OpSpec};
use std::slice;

pub fn print() {
    let kinds = kinds(TABLE);
    let tables: Vec<_> = kinds.iter().map(|kind| table(kind)).collect();
    println!("// Generated from the op table in crates/engine: `npm run generate`. Do not edit.");
    println!("import type * as ops from \"./ops.generated.ts\";");
    println!("import {{ {} }} from \"./ops.generated.ts\";", tables.join(", "));
    println!("import {{ writer }} from \"./writer.ts\";\n");
    for (kind, table) in kinds.iter().zip(tables) {
        let code = if *kind == "activation" { ".code" } else { "" };
        println!("const {kind} = (name: ops.{}Name) => {table}[name]{code};", pascal(kind));
    }
    println!("\n/** Each writes one instruction: code, fields, operands, groups. */");
    for (code, op) in TABLE.iter().enumerate() {
        let (name, layout, own) = (camel(op.name), layout(op), self::kinds(slice::from_ref(op)));
        let codes =
            if own.is_empty() { String::new() } else { format!(", {{ {} }}", own.join(", ")) };
        print!("export const {name} = /* @__PURE__ */ writer<ops.{}Op>", op.name);
        println!("({code}, \"{name}\", \"{layout}\"{codes});");
    }
}

/// The kinds of fields of some ops that are names.
fn kinds(ops: &[OpSpec]) -> Vec<&'static str> {
    let used =
        |kind: &&str| ops.iter().flat_map(|op| op.body.fields).any(|field| field.kind == *kind);
    NAMES.iter().map(|table| table.kind).filter(used).collect()
}

/// What has their codes.
fn table(kind: &str) -> String {
    if kind == "activation" { "ACTIVATIONS".into() } else { constant(kind) }
}

/// An op's layout: names of fields and operands, `~` before floats; then each group in brackets.
fn layout(op: &OpSpec) -> String {
    let groups = op.groups.iter().map(|group| format!(" [{}{}]", camel(group.name), parts(group)));
    (parts(&op.body) + &groups.collect::<String>()).trim_start().into()
}

fn parts(group: &GroupSpec) -> String {
    let mark = |kind| if kind == "float" { "~" } else { "" };
    let fields =
        group.fields.iter().map(|field| format!(" {}{}", mark(field.kind), camel(field.name)));
    let operands = group.operands.iter().map(|operand| format!(" {}", camel(operand.name)));
    fields.chain(operands).collect()
}
