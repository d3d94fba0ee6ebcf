import { type TensorLike, toTensor } from "../leaf.ts";
import type { OpDef } from "../op.ts";
import type { Tensor } from "../tensor.ts";
import { greaterEqual, lessEqual, where } from "./compare.ts";
import {
  abs,
  applyBoth,
  applyTo,
  binary,
  binaryOp,
  div,
  equals,
  exp,
  keep,
  log,
  maximum,
  minimum,
  mul,
  neg,
  reciprocal,
  sign,
  sqrt,
  square,
  sub,
  unaryOp,
} from "./elementwise.ts";
import { byType } from "./integers.ts";
import { requireFloat } from "./require.ts";
import { broadcastShapes } from "./shape.ts";

const floats = (name: string, x: TensorLike): Tensor =>
  requireFloat(name, toTensor(`${name}()`, x)) as Tensor;

/** @internal */
export const floorOp = unaryOp("floor", () => 0);
/** @internal */
export const roundOp = unaryOp("round", () => 0);
/** @internal */
export const expm1Op = unaryOp("expm1", (x, _y, dy) => mul(dy, exp(x)));
/** 2/√π */
const SLOPE = 1.1283791670955126;
/** @internal */
export const erfOp = unaryOp("erf", (x, _y, dy) => mul(dy, mul(SLOPE, exp(neg(square(x))))));

/** ⌊x⌋, the largest integer that is not above x; gradient 0. @example floor([-1.5, 2.5]).array() // [-2, 2] */
export const floor = (x: TensorLike): Tensor => applyTo(floorOp, x);

/** ⌈x⌉, the smallest integer that is not below x; gradient 0. @example ceil([-1.5, 2.5]).array() // [-1, 3] */
export const ceil = (x: TensorLike): Tensor => neg(floor(neg(floats("ceil", x))));

/** The nearest integer, halves to the even one (numpy.round, torch.round); gradient 0. @example round([0.5, 1.5, 2.6]).array() // [0, 2, 3] */
export const round = (x: TensorLike): Tensor => applyTo(roundOp, x);

/** x without its fraction; gradient 0. @example trunc([-1.5, 2.5]).array() // [-1, 2] */
export function trunc(x: TensorLike): Tensor {
  const input = floats("trunc", x);
  return mul(sign(input), floor(abs(input)));
}

/** 1/√x; infinite at 0, NaN below. @example rsqrt([4, 0.25]).array() // [0.5, 2] */
export const rsqrt = (x: TensorLike): Tensor => reciprocal(sqrt(floats("rsqrt", x)));

/** eˣ − 1, exact near 0. @example expm1([0, 1e-8]).array() // [0, 9.99999993922529e-9] */
export const expm1 = (x: TensorLike): Tensor => applyTo(expm1Op, x);

/** The error function, 2/√π ∫ e^(−t²) dt from 0 to x. @example erf([0, 10]).array() // [0, 1] */
export const erf = (x: TensorLike): Tensor => applyTo(erfOp, x);

/** Where the formulas give no number its slopes are 0: by a at b = 0, by b at a = 0 ≤ b (torch.pow). @internal */
export const powOp: OpDef<null> = /* @__PURE__ */ binaryOp("pow", (a, b, dy) => {
  const slope = mul(b, applyBoth(powOp, a, sub(b, 1)));
  const zero = mul(equals(a, 0), binary("greaterEqual", b, 0));
  const growth = mul(applyBoth(powOp, a, b), log(a));
  return [keep(mul(dy, slope), sub(1, equals(b, 0))), keep(mul(dy, growth), sub(1, zero))];
});

/**
 * aᵇ, with broadcasting: 1 where b is 0; of a negative number NaN unless b is an integer (IEEE 754).
 *
 * @example pow([2, -2, 9], [3, 3, 0.5]).array() // [8, -8, 3]
 */
export const pow = (a: TensorLike, b: TensorLike): Tensor => applyBoth(powOp, a, b);

/** @internal */
export const modOp = binaryOp("mod", (a, b, dy) => [dy, neg(mul(dy, floor(div(a, b))))]);

/**
 * a − b⌊a/b⌋, exact: the remainder with the sign of b (numpy.mod, torch.remainder), with broadcasting. Of int32 tensors
 * int32, and 0 where b is 0.
 *
 * @example mod([5, -5], 3).array() // [2, 1]
 */
export const mod = (a: TensorLike, b: TensorLike): Tensor =>
  byType("mod", a, b, (x, y) => applyBoth(modOp, x, y));

/**
 * ⌊a/b⌋, with broadcasting; gradient 0 (numpy.floor_divide, torch.floor_divide). Of int32 tensors int32, exact, and 0
 * where b is 0.
 *
 * @example floorDiv([5, -5], 3).array() // [1, -2]
 * @example floorDiv(tensor([7, -7], [2], "int32"), 2).array() // [3, -4]
 */
export const floorDiv = (a: TensorLike, b: TensorLike): Tensor =>
  byType("floorDiv", a, b, (x, y) => {
    broadcastShapes("floorDiv", x.shape, y.shape);
    return floor(binary("div", x, y));
  });

/**
 * x, but not below `low` and not above `high`, which broadcast; NaN stays. The gradient flows to x where it is
 * between them, ends included, and to the bound elsewhere (numpy.clip, torch.clamp).
 *
 * @example clip([-2, 0.5, 7], 0, 1).array() // [0, 0.5, 1]
 */
export function clip(x: TensorLike, low: TensorLike, high: TensorLike): Tensor {
  const [input, least, most] = [x, low, high].map((value) => floats("clip", value)) as [
    Tensor,
    Tensor,
    Tensor,
  ];
  broadcastShapes("clip", broadcastShapes("clip", input.shape, least.shape), most.shape);
  // Of what is NaN neither is chosen but the larger or smaller one, which is NaN.
  const above = where(greaterEqual(input, least), input, maximum(input, least));
  return where(lessEqual(above, most), above, minimum(above, most));
}
