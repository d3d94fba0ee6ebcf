//! What the lengths and checks of the op table may name beside fields: numbers and functions of fields.

use ferrograd_kernels::gemm;
use ferrograd_kernels::optimizer::{HYPER, NUMBERS, Rule};
use ferrograd_kernels::peak;
use ferrograd_kernels::reduce::{self, Reduction};
use ferrograd_kernels::window as convolution;

use crate::field::Field;
use crate::op::{CHAIN_BLOCK, MAX_REGISTERS};

/// Numbers that stand in other places too.
pub const NAMED: [(&str, usize); 4] = [
    ("HYPER", HYPER),
    ("NUMBERS", NUMBERS),
    ("PEAK", peak::LANES),
    ("REGISTERS", MAX_REGISTERS * CHAIN_BLOCK),
];

/// The words of fields that a function is given.
pub type Arguments = [u32; 5];

pub struct Function {
    pub name: &'static str,
    pub arguments: usize,
    of: fn(Arguments) -> u32,
}

/// In the order of their codes.
pub const FUNCTIONS: [Function; 7] = [
    // 1 if there are any.
    Function { name: "any", arguments: 1, of: |[n, ..]| n.min(1) },
    // How many blocks the sums over m rows have.
    Function { name: "blocks", arguments: 1, of: |[m, ..]| reduce::blocks(m as usize) as u32 },
    // How many blocks a reduction over n elements has on the way, if any.
    Function {
        name: "partials",
        arguments: 2,
        of: |[n, reduction, ..]| Reduction::of(reduction).partials(n as usize) as u32,
    },
    // Floats that a product packs its operands into.
    Function {
        name: "pack",
        arguments: 3,
        of: |[m, n, k, ..]| gemm::pack_words([m, n, k].map(|size| size as usize)) as u32,
    },
    // State that a rule keeps for each parameter.
    Function { name: "slots_of", arguments: 1, of: |[rule, ..]| Rule::of(rule).row().slots as u32 },
    // Floats that convolutions pack operands of such kernels into: height, width, channels of a group in and out.
    Function {
        name: "windows",
        arguments: 4,
        of: |[y, x, inputs, outputs, ..]| {
            let words = convolution::words([y, x, inputs, outputs].map(|size| size as usize));
            u32::try_from(words).unwrap_or(u32::MAX)
        },
    },
    // Positions of a window (kernel, dilation, stride) on an axis of `size` with `pads` on both sides together.
    Function { name: "window", arguments: 5, of: window },
];

/// Calls the function with this code.
pub fn call(code: usize, arguments: Arguments) -> u32 {
    /// Their names stay out of the module.
    static OF: [fn(Arguments) -> u32; FUNCTIONS.len()] = {
        let mut of = [FUNCTIONS[0].of; FUNCTIONS.len()];
        let mut code = 0;
        while code < of.len() {
            of[code] = FUNCTIONS[code].of;
            code += 1;
        }
        of
    };
    OF.get(code).map_or(0, |of| of(arguments))
}

/// (size + pads − dilation·(kernel − 1) − 1) / stride + 1, and 0 where the window does not fit;
/// the largest word, too long for any segment, where there is no such window.
fn window([size, pads, kernel, dilation, stride]: Arguments) -> u32 {
    if kernel == 0 || dilation == 0 || stride == 0 {
        return u32::MAX;
    }
    let reach = u64::from(dilation) * u64::from(kernel - 1) + 1;
    let room = (u64::from(size) + u64::from(pads)).checked_sub(reach);
    room.map_or(0, |room| u32::try_from(room / u64::from(stride) + 1).unwrap_or(u32::MAX))
}
