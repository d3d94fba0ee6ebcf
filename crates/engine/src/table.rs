//! The op table as data: its hash, which the wasm module exports and TypeScript compares at start.

use crate::field::{NAMES, STEP_FAMILIES};
use crate::op::{Access, GroupSpec, TABLE, Type};
use crate::program::Kind;
use crate::status::CODES;

/// FNV-1a (32 bit) over everything the two sides must agree on, computed by the compiler.
pub const HASH: u32 = hash();

/// `for` over a slice, which a `const fn` has to spell out.
macro_rules! each {
    ($item:ident in $items:expr => $body:expr) => {{
        let items = $items;
        let mut index = 0;
        while index < items.len() {
            let $item = &items[index];
            $body;
            index += 1;
        }
    }};
}

const fn hash() -> u32 {
    let mut hash = Fnv(0x811c_9dc5);
    each!(op in TABLE => {
        hash.add(op.name);
        hash.add_group(&op.body);
        each!(group in op.groups => hash.add_group(group))
    });
    each!(table in NAMES => {
        hash.add(table.kind);
        each!(name in table.names => hash.add(name))
    });
    each!(name in STEP_FAMILIES => hash.add(name));
    each!(name in CODES => hash.add(name));
    each!(name in Kind::NAMES => hash.add(name));
    hash.0
}

struct Fnv(u32);

impl Fnv {
    /// A name and its end, so that no two lists run into each other.
    const fn add(&mut self, text: &str) {
        each!(byte in text.as_bytes() => self.byte(*byte));
        self.byte(0);
    }

    const fn byte(&mut self, byte: u8) {
        self.0 = (self.0 ^ byte as u32).wrapping_mul(0x0100_0193);
    }

    const fn add_group(&mut self, group: &GroupSpec) {
        self.add(group.name);
        each!(field in group.fields => {
            self.add(field.0);
            self.add(field.1)
        });
        each!(operand in group.operands => {
            self.add(operand.name);
            self.add(type_name(operand.ty));
            self.add(access_name(operand.access));
            self.add(operand.len)
        });
    }
}

/// The type's name in the generated documentation.
pub const fn type_name(ty: Type) -> &'static str {
    match ty {
        Type::F32 => "f32",
        Type::I32 => "i32",
        Type::U32 => "u32",
        Type::F64 => "f64",
        Type::Word => "word",
    }
}

/// The access's name in the generated documentation.
pub const fn access_name(access: Access) -> &'static str {
    match access {
        Access::Read => "reads",
        Access::Write => "writes",
        Access::Both => "updates",
    }
}
