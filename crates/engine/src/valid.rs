//! What the dims and fields of one instruction must fulfil together.

use crate::field::{Dim, Len};
use crate::op::{
    Argmax, CrossEntropyLabels, CrossEntropyLabelsBackward, CrossEntropyRows,
    CrossEntropyRowsBackward, LogSoftmax, MAX_REGISTERS, Map, Matmul, PrepareUpdate, Softmax,
    SoftmaxBackward, StridedCopy, Update,
};

/// An operand has a matrix for each product, or one for all.
pub fn matmul_is_valid(op: &Matmul) -> Result<(), &'static str> {
    if [op.batch_a, op.batch_b].iter().any(|&own| own != op.batch && own != Dim(1)) {
        return Err("matmul: batch");
    }
    Ok(())
}

pub fn map_is_valid(op: &Map) -> Result<(), &'static str> {
    let inputs = op.inputs.len();
    if op.steps.is_empty() || inputs == 0 || inputs + op.steps.len() > MAX_REGISTERS {
        return Err("map: number of registers");
    }
    if op.inputs.iter().any(|input| input.inner.0 == 0 || input.len.0 == 0) && op.n.0 > 0 {
        return Err("map: empty input");
    }
    for (done, step) in op.steps.iter().enumerate() {
        let known = inputs + done;
        if step.a as usize >= known || (step.step.is_binary() && step.b as usize >= known) {
            return Err("map: register read before it is written");
        }
    }
    Ok(())
}

/// The span of the strided positions fits the input, and the sizes multiply to the output.
pub fn strided_copy_is_valid(op: &StridedCopy) -> Result<(), &'static str> {
    if op.dims.len() > 8 {
        return Err("stridedCopy: rank");
    }
    let mut size = Len(1);
    let mut last: u64 = 0;
    for dim in &op.dims {
        size = size * dim.size;
        let step = Dim(dim.size.0.saturating_sub(1)) * dim.stride;
        last = last.saturating_add(step.0);
    }
    if size != op.n.into() || (op.n.0 > 0 && last >= u64::from(op.len.0)) {
        return Err("stridedCopy: sizes and strides");
    }
    Ok(())
}

/// The state of a range has the slots of its rule.
macro_rules! slots_are_the_rules {
    ($($check:ident $name:ident),*) => {
        $(pub fn $check(op: &$name) -> Result<(), &'static str> {
            let slots = op.rule.row().slots;
            let all = op.ranges.iter().all(|range| range.slots.get() == slots);
            if all { Ok(()) } else { Err("update: slots") }
        })*
    };
}

slots_are_the_rules!(prepare_update_is_valid PrepareUpdate, update_is_valid Update);

/// A row that is normalised or searched has at least one element.
macro_rules! rows_are_not_empty {
    ($($check:ident $name:ident),*) => {
        $(pub fn $check(op: &$name) -> Result<(), &'static str> {
            if op.n.0 == 0 { Err("rows must not be empty") } else { Ok(()) }
        })*
    };
}

rows_are_not_empty!(
    softmax_is_valid Softmax,
    log_softmax_is_valid LogSoftmax,
    softmax_backward_is_valid SoftmaxBackward,
    cross_entropy_labels_is_valid CrossEntropyLabels,
    cross_entropy_labels_backward_is_valid CrossEntropyLabelsBackward,
    cross_entropy_rows_is_valid CrossEntropyRows,
    cross_entropy_rows_backward_is_valid CrossEntropyRowsBackward,
    argmax_is_valid Argmax
);
