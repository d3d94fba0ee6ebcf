//! Numbers that the core and what writes programs for it must agree on: TypeScript gets them from here.

use ferrograd_kernels::{FUSED, NUMERICS, optimizer, peak, reduce, softmax, sum};

use crate::{memory, op};

pub struct Number {
    pub name: &'static str,
    pub doc: &'static str,
    pub value: f64,
}

const fn number(name: &'static str, doc: &'static str, value: f64) -> Number {
    Number { name, doc, value }
}

/// All of them.
pub const NUMBERS: &[Number] = &[
    number("NUMERICS_VERSION", "Which numbers a seed gives.", NUMERICS as f64),
    number(
        "FUSED_NUMERICS",
        "What is added to it where a product and its sum are rounded once.",
        FUSED as f64,
    ),
    number("CACHE_LINE", "Words of a cache line.", memory::LINE as f64),
    number("REDUCE_BLOCK", "Elements of a block of a reduction.", reduce::BLOCK as f64),
    number("SUM_TREE", "Rows that are a tree of floats in a sum.", sum::TREE as f64),
    number(
        "MAX_REGISTERS",
        "Registers of a chain: its inputs and the results of its steps.",
        op::MAX_REGISTERS as f64,
    ),
    number(
        "SHORT_ROW",
        "Columns up to which a softmax has four rows in a vector, with sums in another order than beyond.",
        softmax::SHORT as f64,
    ),
    number("PEAK_WORDS", "Words of what a guard hands on.", peak::LANES as f64),
    number("HYPER", "Hyper-parameters of any optimizer, in f64.", optimizer::HYPER as f64),
    number(
        "RULE_NUMBERS",
        "What the core makes of them for a step; the last two are whether gradients are seen as they are, and the reach.",
        optimizer::NUMBERS as f64,
    ),
    number("OVERFLOW_LIMIT", "Below it no step overflows: 2^100.", optimizer::LIMIT),
];
