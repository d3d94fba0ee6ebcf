//! Rows of the op table as bytes, written by the compiler; `read.rs` reads them.
//!
//! A row: 1 if it can fail; the record of the body; a number of groups and the record of each; the length of the worker's
//! scratch; the length that is not 0 where there is a second phase; the rows and the elements it is cut by.
//! A record, after its own length: a number of fields and for each which words it may be; a number of operands and for each
//! its access and type, and its length; a number of checks and for each a field, a number of lengths that it
//! may be (none: anything but 0), and those.
//! A length: a number of factors, which are multiplied (none: 0), and those: a field of the item, a field of
//! the body, a function with the number of its arguments and those, or a number of two bytes.

use crate::field::Words;
use crate::op::length::{FUNCTIONS, NAMED};
use crate::op::row::{FieldSpec, GroupSpec, OpSpec};

pub const BODY: usize = 64;
pub const FUNCTION: usize = 128;
pub const NUMBER: usize = 255;

/// Of fields: any word, a step, or less than this.
pub const ANY: usize = 0;
pub const STEP: usize = 255;

/// The bytes of a table under way.
pub struct Code {
    bytes: [u8; 4096],
    starts: [usize; 256],
    pub len: usize,
}

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
pub(crate) use each;

impl Code {
    pub const fn of(table: &[OpSpec]) -> Code {
        let mut code = Code { bytes: [0; 4096], starts: [0; 256], len: 0 };
        let mut op = 0;
        while op < table.len() {
            code.starts[op] = code.len;
            code.row(&table[op]);
            op += 1;
        }
        code
    }

    const fn row(&mut self, spec: &OpSpec) {
        let body = &spec.body;
        self.push(spec.can_fail as usize);
        self.record(body, body);
        self.push(spec.groups.len());
        each!(group in spec.groups => self.record(group, body));
        self.length(&mut Text::of(spec.scratch), body, body);
        self.length(&mut Text::of(spec.combine), body, body);
        self.length(&mut Text::of(spec.rows), body, body);
        self.length(&mut Text::of(spec.elements), body, body);
    }

    /// Where the bytes of each row begin.
    pub const fn starts<const N: usize>(&self) -> [u16; N] {
        let mut starts = [0; N];
        let mut op = 0;
        while op < N {
            starts[op] = self.starts[op] as u16;
            op += 1;
        }
        starts
    }

    /// As many bytes as there are.
    pub const fn bytes<const N: usize>(&self) -> [u8; N] {
        let mut bytes = [0; N];
        let mut at = 0;
        while at < N {
            bytes[at] = self.bytes[at];
            at += 1;
        }
        bytes
    }

    const fn push(&mut self, byte: usize) {
        assert!(byte < 256, "op table: more than a byte holds");
        self.bytes[self.len] = byte as u8;
        self.len += 1;
    }

    const fn record(&mut self, group: &GroupSpec, body: &GroupSpec) {
        let start = self.len;
        self.push(0);
        self.push(group.fields.len());
        each!(field in group.fields => self.push(match field.words {
            Words::Any => ANY,
            Words::Step => STEP,
            Words::Below(end) => end,
        }));
        self.push(group.operands.len());
        each!(operand in group.operands => {
            self.push((operand.access as usize) << 4 | operand.ty as usize);
            self.length(&mut Text::of(operand.len), group, body)
        });
        self.push(group.checks.len());
        each!(check in group.checks => self.check(&mut Text::of(check), group, body));
        self.bytes[start] = (self.len - start - 1) as u8;
    }

    /// `n > 0`, or `n = length | length`.
    const fn check(&mut self, text: &mut Text, group: &GroupSpec, body: &GroupSpec) {
        self.factor(text, group, body);
        let count = self.len;
        self.push(0);
        if text.takes(b'>') {
            assert!(same(text.word(), b"0"), "op table: expected > 0 in a check");
            return;
        }
        let mut separator = b'=';
        while text.takes(separator) {
            self.length(text, group, body);
            self.bytes[count] += 1;
            separator = b'|';
        }
        assert!(self.bytes[count] > 0 && text.ends(), "op table: expected > 0 or = in a check");
    }

    const fn length(&mut self, text: &mut Text, group: &GroupSpec, body: &GroupSpec) {
        let count = self.len;
        self.push(0);
        while !text.ends() {
            self.factor(text, group, body);
            self.bytes[count] += 1;
            if !text.takes(b'*') {
                return;
            }
        }
    }

    const fn factor(&mut self, text: &mut Text, group: &GroupSpec, body: &GroupSpec) {
        let name = text.word();
        if text.takes(b'(') {
            let function = function(name);
            self.push(FUNCTION + function);
            self.push(FUNCTIONS[function].arguments);
            let mut arguments = 0;
            while !text.takes(b')') {
                self.factor(text, group, body);
                arguments += 1;
                text.takes(b',');
            }
            assert!(arguments == FUNCTIONS[function].arguments, "op table: number of arguments");
        } else if let Some(field) = position(group.fields, name) {
            self.push(field);
        } else if let Some(field) = position(body.fields, name) {
            self.push(BODY + field);
        } else {
            let number = number(name);
            self.push(NUMBER);
            self.push(number & 255);
            self.push(number >> 8);
        }
    }
}

/// A length or check that is being read: words and signs.
struct Text<'a> {
    bytes: &'a [u8],
    at: usize,
}

impl<'a> Text<'a> {
    const fn of(text: &'a str) -> Text<'a> {
        Text { bytes: text.as_bytes(), at: 0 }
    }

    const fn ends(&mut self) -> bool {
        while self.at < self.bytes.len() && self.bytes[self.at].is_ascii_whitespace() {
            self.at += 1;
        }
        self.at == self.bytes.len()
    }

    const fn takes(&mut self, sign: u8) -> bool {
        let found = !self.ends() && self.bytes[self.at] == sign;
        self.at += found as usize;
        found
    }

    const fn word(&mut self) -> &'a [u8] {
        assert!(!self.ends(), "op table: a length or check ends early");
        let start = self.at;
        while self.at < self.bytes.len()
            && (self.bytes[self.at].is_ascii_alphanumeric() || self.bytes[self.at] == b'_')
        {
            self.at += 1;
        }
        assert!(self.at > start, "op table: expected a name or a number");
        self.bytes.split_at(self.at).0.split_at(start).1
    }
}

pub const fn same(a: &[u8], b: &[u8]) -> bool {
    let mut at = 0;
    while at < a.len() && at < b.len() && a[at] == b[at] {
        at += 1;
    }
    at == a.len() && at == b.len()
}

const fn function(name: &[u8]) -> usize {
    let mut at = 0;
    while !same(FUNCTIONS[at].name.as_bytes(), name) {
        at += 1;
    }
    at
}

/// Where a field stands. Floats are not numbers of anything.
const fn position(fields: &[FieldSpec], name: &[u8]) -> Option<usize> {
    let mut at = 0;
    while at < fields.len() {
        if same(fields[at].name.as_bytes(), name) {
            assert!(!same(fields[at].kind.as_bytes(), b"float"), "op table: a float in a length");
            return Some(at);
        }
        at += 1;
    }
    None
}

const fn number(name: &[u8]) -> usize {
    each!(named in &NAMED => if same(named.0.as_bytes(), name) {
        return named.1;
    });
    let mut number = 0;
    each!(digit in name => {
        assert!(digit.is_ascii_digit(), "op table: an unknown field or number");
        number = 10 * number + (*digit - b'0') as usize
    });
    number
}
