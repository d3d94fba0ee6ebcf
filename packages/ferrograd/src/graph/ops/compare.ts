import type { IntegerName } from "../../engine/ops.generated.ts";
import { BOOL, FLOAT, INT } from "../../values/dtype.ts";
import type { Shape } from "../../values/shape.ts";
import { type TensorLike, toTensor } from "../leaf.ts";
import { apply } from "../op.ts";
import type { AnyTensor, Tensor } from "../tensor.ts";
import { takeAlongOp } from "./along.ts";
import { concatenate } from "./concatenate.ts";
import { add, applyBoth, binary, binaryOp, equals, keep, mul, sub } from "./elementwise.ts";
import { cast } from "./indexing.ts";
import { integersOp, operands, wholes } from "./integers.ts";
import { requireFloat, requireType } from "./require.ts";
import { broadcastShapes, broadcastTo, reshape, truth } from "./shape.ts";

/** 0 and 1. */
export type Decisions = Tensor<Shape, "bool">;

/** How a comparison is made: of floats, and of integers. */
interface Comparison {
  floats(a: Tensor, b: Tensor): Tensor;
  integers(a: AnyTensor, b: AnyTensor): Tensor;
}

function compare(name: string, left: TensorLike, right: TensorLike, by: Comparison): Decisions {
  const [x, y] = operands(`${name}()`, [left, right]) as [AnyTensor, AnyTensor];
  if (x.dtype !== INT && y.dtype !== INT) {
    broadcastShapes(name, x.shape, y.shape);
    return truth(by.floats(requireFloat(name, x) as Tensor, requireFloat(name, y) as Tensor));
  }
  const [a, b] = wholes(name, [x, y]);
  return truth(by.integers(a!, b!));
}

const integers = (integer: IntegerName, a: AnyTensor, b: AnyTensor): Tensor =>
  cast(apply(integersOp, [a, b], { integer }), FLOAT) as Tensor;
const not = (x: Tensor): Tensor => sub(1, x);

/**
 * 1 where a = b, else 0, with broadcasting: a tensor of type bool. Integers are compared as integers, NaN is
 * equal to nothing.
 *
 * @example equal([1, 2, 3], 2).array() // [0, 1, 0]
 * @throws ShapeError for shapes that do not broadcast; ArgumentError for integers beside floats
 */
export const equal = (a: TensorLike, b: TensorLike): Decisions =>
  compare("equal", a, b, { floats: equals, integers: (x, y) => integers("equal", x, y) });

/** 1 where a ≠ b, else 0; as `equal`. @example notEqual([1, 2, 3], 2).array() // [1, 0, 1] */
export const notEqual = (a: TensorLike, b: TensorLike): Decisions =>
  compare("notEqual", a, b, {
    floats: (x, y) => not(equals(x, y)),
    integers: (x, y) => not(integers("equal", x, y)),
  });

/** 1 where a > b, else 0; as `equal`. @example greater([1, 2, 3], 2).array() // [0, 0, 1] */
export const greater = (a: TensorLike, b: TensorLike): Decisions =>
  compare("greater", a, b, {
    floats: (x, y) => binary("greater", x, y),
    integers: (x, y) => integers("less", y, x),
  });

/** 1 where a ≥ b, else 0; as `equal`. @example greaterEqual([1, 2, 3], 2).array() // [0, 1, 1] */
export const greaterEqual = (a: TensorLike, b: TensorLike): Decisions =>
  compare("greaterEqual", a, b, {
    floats: (x, y) => binary("greaterEqual", x, y),
    integers: (x, y) => not(integers("less", x, y)),
  });

/** 1 where a < b, else 0; as `equal`. @example less([1, 2, 3], 2).array() // [1, 0, 0] */
export const less = (a: TensorLike, b: TensorLike): Decisions =>
  compare("less", a, b, {
    floats: (x, y) => binary("greater", y, x),
    integers: (x, y) => integers("less", x, y),
  });

/** 1 where a ≤ b, else 0; as `equal`. @example lessEqual([1, 2, 3], 2).array() // [1, 1, 0] */
export const lessEqual = (a: TensorLike, b: TensorLike): Decisions =>
  compare("lessEqual", a, b, {
    floats: (x, y) => binary("greaterEqual", y, x),
    integers: (x, y) => not(integers("less", y, x)),
  });

/** The operands of a logical function as 0 and 1. */
function decided(name: string, ...given: readonly TensorLike[]): Tensor[] {
  const tensors = given.map((x) => toTensor(`${name}()`, x));
  if (tensors.length > 1) broadcastShapes(name, tensors[0]!.shape, tensors[1]!.shape);
  return tensors.map((x) => cast(x, BOOL) as AnyTensor as Tensor);
}

/** 1 where both are not 0, else 0. @example logicalAnd([0, 1, 2], [1, 0, 3]).array() // [0, 0, 1] */
export function logicalAnd(a: TensorLike, b: TensorLike): Decisions {
  const [x, y] = decided("logicalAnd", a, b);
  return truth(mul(x!, y!));
}

/** 1 where one of them or both are not 0, else 0. @example logicalOr([0, 1, 2], [0, 0, 3]).array() // [0, 1, 1] */
export function logicalOr(a: TensorLike, b: TensorLike): Decisions {
  const [x, y] = decided("logicalOr", a, b);
  return truth(binary("maximum", x!, y!));
}

/** 1 where one of them is 0 and the other is not, else 0. @example logicalXor([0, 1, 2], [0, 0, 3]).array() // [0, 1, 0] */
export function logicalXor(a: TensorLike, b: TensorLike): Decisions {
  const [x, y] = decided("logicalXor", a, b);
  return truth(not(equals(x!, y!)));
}

/** 1 where x is 0, else 0. @example logicalNot([0, 1, 2]).array() // [1, 0, 0] */
export const logicalNot = (x: TensorLike): Decisions => truth(not(decided("logicalNot", x)[0]!));

/** a where b is 1, where b is 0: −0, which added to anything leaves it as it is. @internal */
export const chooseOp = binaryOp("choose", (_a, b, dy) => [keep(dy, b), 0]);
/** a where b is 0, else −0. @internal */
export const dropOp = binaryOp("drop", (_a, b, dy) => [keep(dy, not(b)), 0]);

/**
 * a where the condition is not 0, else b, with broadcasting (numpy.where, torch.where). What is not chosen has no
 * influence, NaN neither, and gets the gradient 0: which is NaN after an infinite slope, so choose before √x too.
 *
 * @example
 * const x = tensor([-1, 0, 4]);
 * where(greater(x, 0), sqrt(x), 0).array() // [0, 0, 2]
 * @throws ShapeError for shapes that do not broadcast; ArgumentError for integers beside floats
 */
export function where(condition: TensorLike, a: TensorLike, b: TensorLike): Tensor {
  const [x, y] = operands("where()", [a, b]) as [AnyTensor, AnyTensor];
  const on = cast(toTensor("where()", condition), BOOL);
  const shape = broadcastShapes("where", broadcastShapes("where", x.shape, y.shape), on.shape);
  if (x.dtype === INT || y.dtype === INT) {
    const whole = [y, x].map((t) =>
      reshape(broadcastTo(requireType("where", t, INT), shape), [1, ...shape]),
    );
    const at = cast(reshape(broadcastTo(on, shape), [1, ...shape]), INT);
    return reshape(apply(takeAlongOp, [concatenate(whole), at], { axis: 0 }), shape);
  }
  const [yes, no] = [x, y].map((t) => requireFloat("where", t));
  const chosen = add(applyBoth(chooseOp, yes!, on), applyBoth(dropOp, no!, on));
  const both = x.dtype === BOOL && y.dtype === BOOL;
  return both ? (truth(chosen) as AnyTensor as Tensor) : chosen;
}
