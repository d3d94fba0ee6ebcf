//! A lane that computes nothing: it writes down what is to be computed.

use core::ops::{Add, Div, Mul, Neg, Sub};
use std::cell::RefCell;

use ferrograd_kernels::lane::{Lane, SQRT_HALF};

/// A value, by its number.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Recorded(usize);

/// What a value is: an input, the bits of a number, or an instruction with its operands.
#[derive(Clone, PartialEq)]
enum Value {
    Input(&'static str),
    Number(u32),
    Made(&'static str, Vec<Recorded>),
}

thread_local! {
    static VALUES: RefCell<Vec<Value>> = const { RefCell::new(Vec::new()) };
}

/// The same value twice is one value.
fn value(new: Value) -> Recorded {
    VALUES.with_borrow_mut(|values| {
        let known = values.iter().position(|value| *value == new);
        Recorded(known.unwrap_or_else(|| {
            values.push(new);
            values.len() - 1
        }))
    })
}

pub fn input(name: &'static str) -> Recorded {
    value(Value::Input(name))
}

pub fn made<const N: usize>(name: &'static str, operands: [Recorded; N]) -> Recorded {
    value(Value::Made(name, operands.to_vec()))
}

/// What is no instruction.
const FLOAT_BY_FLOAT: &str = "map";

/// Is it made by instructions on vectors alone?
pub fn is_vectorized(Recorded(at): Recorded) -> bool {
    match &VALUES.with_borrow(|values| values[at].clone()) {
        Value::Made(name, operands) => {
            *name != FLOAT_BY_FLOAT && operands.iter().all(|&operand| is_vectorized(operand))
        }
        _ => true,
    }
}

/// The instructions that leave these values on the stack.
pub fn text(results: &[Recorded]) -> String {
    let values = VALUES.with_borrow(Clone::clone);
    let mut uses = vec![0; values.len()];
    results.iter().for_each(|&result| count(result, &values, &mut uses));
    let mut words = Words { values: &values, uses, kept: Vec::new(), words: Vec::new() };
    results.iter().for_each(|&result| words.push(result));
    words.words.join(" ")
}

fn count(Recorded(at): Recorded, values: &[Value], uses: &mut [usize]) {
    uses[at] += 1;
    if let (1, Value::Made(_, operands)) = (uses[at], &values[at]) {
        operands.iter().for_each(|&operand| count(operand, values, uses));
    }
}

struct Words<'a> {
    values: &'a [Value],
    uses: Vec<usize>,
    /// Values that have a name, which is a capital letter or several.
    kept: Vec<Recorded>,
    words: Vec<String>,
}

impl Words<'_> {
    fn push(&mut self, value: Recorded) {
        if let Some(at) = self.kept.iter().position(|&kept| kept == value) {
            return self.words.push(name(at));
        }
        match &self.values[value.0] {
            Value::Input(name) => self.words.push((*name).into()),
            Value::Number(bits) => self.words.push(number(f32::from_bits(*bits))),
            Value::Made(name, operands) => {
                operands.iter().for_each(|&operand| self.push(operand));
                self.words.push((*name).into());
                if self.uses[value.0] > 1 {
                    self.words.push(format!("={}", self::name(self.kept.len())));
                    self.kept.push(value);
                }
            }
        }
    }
}

/// A, B, ... Z, AA, ...
fn name(at: usize) -> String {
    let letter = char::from(b'A' + (at % 26) as u8);
    if at < 26 { letter.into() } else { name(at / 26 - 1) + &letter.to_string() }
}

/// As JavaScript reads it.
fn number(x: f32) -> String {
    if x.is_finite() { format!("{x:?}") } else { format!("{x}").replace("inf", "Infinity") }
}

impl Add for Recorded {
    type Output = Self;
    fn add(self, other: Self) -> Self {
        made("add", [self, other])
    }
}

impl Sub for Recorded {
    type Output = Self;
    fn sub(self, other: Self) -> Self {
        made("sub", [self, other])
    }
}

impl Mul for Recorded {
    type Output = Self;
    fn mul(self, other: Self) -> Self {
        made("mul", [self, other])
    }
}

impl Div for Recorded {
    type Output = Self;
    fn div(self, other: Self) -> Self {
        made("div", [self, other])
    }
}

impl Neg for Recorded {
    type Output = Self;
    fn neg(self) -> Self {
        made("neg", [self])
    }
}

impl Lane for Recorded {
    type Mask = Self;

    fn splat(x: f32) -> Self {
        value(Value::Number(x.to_bits()))
    }
    fn abs(self) -> Self {
        made("abs", [self])
    }
    fn sqrt(self) -> Self {
        made("sqrt", [self])
    }
    fn round(self) -> Self {
        made("nearest", [self])
    }
    fn pick_min(self, other: Self) -> Self {
        made("pmin", [self, other])
    }
    fn pick_max(self, other: Self) -> Self {
        made("pmax", [self, other])
    }
    fn minimum(self, other: Self) -> Self {
        made("min", [self, other])
    }
    fn maximum(self, other: Self) -> Self {
        made("max", [self, other])
    }
    fn copysign(self, sign: Self) -> Self {
        let bit = Self::splat(-0.0);
        made("or", [made("andnot", [self, bit]), made("and", [sign, bit])])
    }
    fn lt(self, other: Self) -> Self {
        made("lt", [self, other])
    }
    fn le(self, other: Self) -> Self {
        made("le", [self, other])
    }
    fn eq(self, other: Self) -> Self {
        made("eq", [self, other])
    }
    fn not(mask: Self) -> Self {
        made("not", [mask])
    }
    fn select(mask: Self, yes: Self, no: Self) -> Self {
        made("bitselect", [yes, no, mask])
    }
    fn pow2_above_magic(self) -> Self {
        made("shl23", [self])
    }
    fn pow2_halves(self) -> (Self, Self) {
        let u = made("shr1", [self]);
        (made("shl23", [u]), made("shl23", [made("isub", [self, u])]))
    }
    fn split(self) -> (Self, Self) {
        let half = value(Value::Number(SQRT_HALF as u32));
        let e = made("sar23", [made("isub", [self, half])]);
        (made("convert", [e]), made("isub", [self, made("shl23", [e])]))
    }
    fn map(self, _: impl Fn(f32) -> f32) -> Self {
        made(FLOAT_BY_FLOAT, [self])
    }
    fn map2(self, other: Self, _: impl Fn(f32, f32) -> f32) -> Self {
        made(FLOAT_BY_FLOAT, [self, other])
    }
}
