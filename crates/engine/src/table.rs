//! The op table as data: its hash, which the wasm module exports and TypeScript compares at start.

use crate::field::{self, STEP_FAMILIES};
use crate::op::{Access, GroupSpec, TABLE, Type};
use crate::program::Kind;
use crate::status::CODES;

/// FNV-1a (32 bit) over everything the two sides must agree on.
pub fn hash() -> u32 {
    let mut hash = Fnv(0x811c_9dc5);
    for op in TABLE {
        hash.add(op.name);
        hash.add_group(&op.body);
        op.groups.iter().for_each(|group| hash.add_group(group));
    }
    for table in field::names() {
        hash.add(table.kind);
        table.names.iter().for_each(|name| hash.add(name));
    }
    let fixed = STEP_FAMILIES.iter().chain(&CODES).chain(&Kind::NAMES);
    fixed.for_each(|name| hash.add(name));
    hash.0
}

struct Fnv(u32);

impl Fnv {
    /// A name and its end, so that no two lists run into each other.
    fn add(&mut self, text: &str) {
        for byte in text.bytes().chain([0]) {
            self.0 = (self.0 ^ u32::from(byte)).wrapping_mul(0x0100_0193);
        }
    }

    fn add_group(&mut self, group: &GroupSpec) {
        self.add(group.name);
        for (name, kind) in group.fields {
            self.add(name);
            self.add(kind);
        }
        for operand in group.operands {
            self.add(operand.name);
            self.add(type_name(operand.ty));
            self.add(access_name(operand.access));
            self.add(operand.len);
        }
    }
}

/// The type's name in the generated documentation.
pub fn type_name(ty: Type) -> &'static str {
    match ty {
        Type::F32 => "f32",
        Type::I32 => "i32",
        Type::U32 => "u32",
        Type::F64 => "f64",
        Type::Word => "word",
    }
}

/// The access's name in the generated documentation.
pub fn access_name(access: Access) -> &'static str {
    match access {
        Access::Read => "reads",
        Access::Write => "writes",
        Access::Both => "updates",
    }
}
