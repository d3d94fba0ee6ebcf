//! The op table as the engine uses it, and its hash, which the wasm module exports and TypeScript compares
//! at start.

use crate::field::{NAMES, STEP_FAMILIES};
use crate::instruction::Table;
use crate::numbers;
use crate::op::code::{self, each};
use crate::op::row::GroupSpec;
use crate::op::*;
use crate::run::*;
use crate::segment::Kind;
use crate::status::{CODES, Fault};

/// The shipped ops.
#[derive(Default)]
pub struct Ops;

/// Makes a table of the rows: their bytes, and for each op a function from fields and views to its kernel.
macro_rules! rows {
    ($(
        $(#[doc = $doc:literal])*
        $name:ident $fields:tt $operands:tt $(check $check:tt)*
        $(each $group:ident: $Group:ident $gfields:tt $goperands:tt $(check $gcheck:tt)*)*
        $(valid $vm:ident::$valid:ident)? $(scratch $scratch:tt)? $(combine $combine:tt)?
        $(rows $rows:tt)? $(elements $elements:tt)?
        $(runs $rm:ident::$runs:ident)? $(tries $tm:ident::$tries:ident)?;
    )*) => {
        #[repr(u32)]
        enum Code { $($name),* }

        impl Table for Ops {
            const BYTES: &'static [u8] = {
                const CODE: code::Code = code::Code::of(TABLE);
                const BYTES: [u8; CODE.len] = CODE.bytes();
                &BYTES
            };
            const STARTS: &'static [u16] = {
                const STARTS: [u16; TABLE.len()] = code::Code::of(TABLE).starts();
                &STARTS
            };

            #[allow(unused_variables)]
            fn is_valid(op: u32, words: &[u32]) -> bool {
                match op {
                    $($(op if op == Code::$name as u32 => $name::of(words).is_some_and(|op| $vm::$valid(&op)),)?)*
                    _ => true,
                }
            }

            #[inline(always)]
            fn run(op: u32, words: &[u32], run: &mut Run) -> Result<(), Fault> {
                match op {
                    $(op if op == Code::$name as u32 => {
                        let Some(op) = $name::of(words) else { return Ok(()) };
                        // An op that only runs has nothing to give back.
                        $(let () = $rm::$runs(&op, run);)?
                        $($tm::$tries(&op, run)?;)?
                    })*
                    _ => {}
                }
                Ok(())
            }
        }
    };
}

op_table!(rows);

/// FNV-1a (32 bit) over everything the two sides must agree on, computed by the compiler.
pub const HASH: u32 = hash();

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
    each!(number in numbers::NUMBERS => {
        hash.add(number.name);
        each!(byte in &number.value.to_le_bytes() => hash.byte(*byte))
    });
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
            self.add(field.name);
            self.add(field.kind)
        });
        each!(operand in group.operands => {
            self.add(operand.name);
            self.add(operand.ty.name());
            self.add(operand.access.name());
            self.add(operand.len)
        });
    }
}
