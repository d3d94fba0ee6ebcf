//! The one place that reads the bytes of a row: it checks an instruction and gives its operands.

use crate::field::{Operand, Step};
use crate::op::code::{ANY, BODY, FUNCTION, NUMBER, STEP};
use crate::op::length::{self, Arguments};
use crate::op::row::{Access, Type, Use};
use crate::status::LoadError;

/// Elements are cut in multiples of every lane count.
const LANES: usize = 64;

/// What the bytes of a row say of an instruction.
pub struct Read {
    /// Its words, without the code.
    pub words: usize,
    /// Floats that a worker needs.
    pub scratch: u64,
    pub phases: usize,
    pub can_fail: bool,
    /// What is cut among workers, and in multiples of what.
    pub total: usize,
    pub unit: usize,
}

/// What is done with each operand.
type Using<'a> = &'a mut dyn FnMut(Use) -> Result<(), LoadError>;

/// Checks an instruction and gives its operands, those of the groups last. `words` go on behind it.
pub fn read(code: &[u8], words: &[u32], using: Using) -> Result<Read, LoadError> {
    let mut row = Bytes { code, item: words, body: words };
    let can_fail = row.byte() == 1;
    let mut at = row.split().record(using)?;
    for _ in 0..row.byte() {
        let record = row.split();
        let count = *words.get(at).ok_or(LoadError::Truncated)? as usize;
        at += 1;
        // Each item takes a word at least, so no count asks for more memory than the program's own length.
        if count > words.len() - at {
            return Err(LoadError::Truncated);
        }
        for _ in 0..count {
            at += Bytes { item: &words[at..], ..record }.record(using)?;
        }
    }
    let (scratch, phases) = (row.length(), 1 + usize::from(row.length() > 0));
    let (rows, elements) = (row.length() as usize, row.length() as usize);
    let (total, unit) = if rows > 0 { (rows, 1) } else { (elements, LANES) };
    Ok(Read { words: at, scratch, phases, can_fail, total, unit })
}

/// Bytes that are being read, with the words of the item and of the body that they speak of.
#[derive(Clone, Copy)]
struct Bytes<'a> {
    code: &'a [u8],
    item: &'a [u32],
    body: &'a [u32],
}

impl Bytes<'_> {
    fn byte(&mut self) -> usize {
        let Some((&first, rest)) = self.code.split_first() else { return 0 };
        self.code = rest;
        first.into()
    }

    /// The next record; then what follows it.
    fn split(&mut self) -> Self {
        let len = self.byte();
        let (record, rest) = self.code.split_at_checked(len).unwrap_or_default();
        self.code = rest;
        Self { code: record, ..*self }
    }

    /// Checks an item and gives its operands: how many words it has.
    #[inline(never)]
    fn record(mut self, using: Using) -> Result<usize, LoadError> {
        let fields = self.byte();
        for at in 0..fields {
            let word = *self.item.get(at).ok_or(LoadError::Truncated)?;
            let allowed = match self.byte() {
                ANY => true,
                STEP => Step::from_word(word).is_some(),
                end => word < end as u32,
            };
            if !allowed {
                return Err(LoadError::BadField);
            }
        }
        let mut at = fields;
        for _ in 0..self.byte() {
            let how = self.byte();
            let len = self.length();
            let Some(&[segment, offset]) = self.item.get(at..at + 2) else {
                return Err(LoadError::Truncated);
            };
            let operand = Operand::new(segment, offset);
            using(Use { operand, ty: Type::ALL[how & 15], access: Access::ALL[how >> 4], len })?;
            at += 2;
        }
        for _ in 0..self.byte() {
            self.check()?;
        }
        Ok(at)
    }

    fn check(&mut self) -> Result<(), LoadError> {
        let value = self.factor();
        let lengths = self.byte();
        let mut holds = lengths == 0 && value > 0;
        for _ in 0..lengths {
            holds |= self.length() == u64::from(value);
        }
        if holds { Ok(()) } else { Err(LoadError::BadDims) }
    }

    #[inline(never)]
    fn length(&mut self) -> u64 {
        let factors = self.byte();
        let mut product = u64::from(factors > 0);
        for _ in 0..factors {
            // Too long for any segment instead of wrapping.
            product = product.saturating_mul(self.factor().into());
        }
        product
    }

    fn factor(&mut self) -> u32 {
        match self.byte() {
            NUMBER => (self.byte() | self.byte() << 8) as u32,
            code if code >= FUNCTION => {
                let mut arguments = Arguments::default();
                let count = self.byte();
                arguments.iter_mut().take(count).for_each(|argument| *argument = self.factor());
                length::call(code - FUNCTION, arguments)
            }
            code if code >= BODY => self.body.get(code - BODY).copied().unwrap_or_default(),
            code => self.item.get(code).copied().unwrap_or_default(),
        }
    }
}
