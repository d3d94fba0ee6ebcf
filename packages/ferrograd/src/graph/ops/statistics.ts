import { ArgumentError } from "../../errors.ts";
import { finiteNumber } from "../../options/index.ts";
import { INT } from "../../values/dtype.ts";
import type { Shape } from "../../values/shape.ts";
import { sizeOf } from "../../values/shape.ts";
import { type TensorLike, toTensor } from "../leaf.ts";
import type { AnyTensor, Tensor } from "../tensor.ts";
import { type Decisions, greater, logicalNot } from "./compare.ts";
import {
  abs,
  add,
  equals,
  exceeds,
  exp,
  keep,
  log,
  mul,
  neg,
  sqrt,
  square,
  sub,
} from "./elementwise.ts";
import { cast, largest } from "./indexing.ts";
import { pow } from "./math.ts";
import { max, mean, type ReduceOptions, reduce, sum } from "./reduce.ts";
import { type AxisOptions, axesOf, checkAxisOptions, requireFloat } from "./require.ts";
import { reshape } from "./shape.ts";
import { stopGradient } from "./stop.ts";

const floats = (name: string, x: TensorLike): Tensor =>
  requireFloat(name, toTensor(`${name}()`, x)) as Tensor;

/**
 * The smallest value over the axes, all by default; NaN if any is. Equal smallest values share the gradient
 * (torch.amin).
 *
 * @example min([[3, 1], [2, 4]], { axis: 1 }).array() // [1, 2]
 * @throws ShapeError for an axis without elements
 */
export function min(x: TensorLike, options: ReduceOptions = {}): Tensor {
  const input = toTensor("min()", x) as AnyTensor;
  if (input.dtype === INT) return reduce("max", input, options, "min");
  return neg(reduce("max", neg(floats("min", input)), options, "min"));
}

/**
 * Position of the smallest value along an axis (default the last), which goes; the first of equals.
 *
 * @example argmin([3, 1, 2]).item() // 1
 * @throws ShapeError for an axis without elements
 */
export const argmin = (x: TensorLike, options: AxisOptions = {}): Tensor<Shape, "int32"> =>
  largest("argmin", neg(floats("argmin", x)), options);

/** Options of spreads. */
export interface VarianceOptions extends ReduceOptions {
  /** What is subtracted from the number of elements that is divided by: 1 estimates from a sample. Default 0. */
  readonly correction?: number;
}

/** The numbers of elements that are reduced to one. */
function reduced(name: string, x: Tensor, given: ReduceOptions["axis"]): number {
  const axes = axesOf(name, given === undefined ? x.shape.map((_, i) => i) : given, x.rank);
  return sizeOf(axes.map((one) => x.shape[one]!));
}

/**
 * The mean of (x − mean)² over the axes, all by default: Σ(x − mean)²/(n − correction). The mean is taken off
 * first, and then what its rounding left, so that nothing cancels however far from 0 the numbers are. NaN of
 * nothing (numpy.var; torch.var has correction 1).
 *
 * @example variance([1, 2, 3, 4]).item() // 1.25
 * @example variance([1, 3], { correction: 1 }).item() // 2
 */
export function variance(x: TensorLike, options: VarianceOptions = {}): Tensor {
  return spread("variance", x, options);
}

function spread(name: string, x: TensorLike, options: VarianceOptions): Tensor {
  const input = floats(name, x);
  checkAxisOptions(name, options, ["axis", "keepDims", "correction"]);
  const { correction = 0, axis, ...kept } = options;
  const over = axis === undefined ? {} : { axis };
  const n = reduced(name, input, axis);
  const y = mean(square(deviation(input, over)), { ...over, ...kept });
  const rest = n - finiteNumber(`${name}()`, "correction", correction);
  return correction === 0 ? y : mul(y, rest > 0 ? n / rest : Number.NaN);
}

/**
 * x less its mean over the axes. A mean is a float, which near 1e6 is up to 0.03 off: the mean of what is left is taken
 * off, too. That is no function of x but of how it was rounded, so that it has no slope.
 */
export function deviation(x: Tensor, over: { readonly axis?: ReduceOptions["axis"] }): Tensor {
  const kept = { ...over, keepDims: true };
  const from = sub(x, mean(x, kept));
  return sub(from, stopGradient(mean(from, kept)) as Tensor);
}

/** The square root of `variance`, with its options; no finite slope where all elements are equal. @example std([1, 3]).item() // 1 */
export const std = (x: TensorLike, options: VarianceOptions = {}): Tensor =>
  sqrt(spread("std", x, options));

/** Options of `norm`. */
export interface NormOptions extends ReduceOptions {
  /** p of (Σ|x|ᵖ)^(1/p), above 0; Infinity is max |x|. Default 2. */
  readonly ord?: number;
}

/**
 * (Σ|x|ᵖ)^(1/p) over the axes, all by default: of a vector or matrix its length, with `ord` 1 the sum of
 * magnitudes, with Infinity the largest. Slope 0 where it is 0 (torch.linalg.vector_norm).
 *
 * @example norm([3, 4]).item() // 5
 * @example norm([[3, -4], [1, 1]], { axis: 1, ord: 1 }).array() // [7, 2]
 * @throws ArgumentError for an `ord` that is not above 0
 */
export function norm(x: TensorLike, options: NormOptions = {}): Tensor {
  const input = floats("norm", x);
  checkAxisOptions("norm", options, ["axis", "keepDims", "ord"]);
  const { ord: p = 2, ...over } = options;
  if (!(p > 0)) throw new ArgumentError(`norm(): ord: expected a number above 0, got ${String(p)}`);
  if (p === 1) return sum(abs(input), over);
  if (p === Number.POSITIVE_INFINITY) return max(abs(input), over);
  const powers = sum(p === 2 ? square(input) : pow(abs(input), p), over);
  const none = equals(powers, 0);
  const safe = add(powers, none);
  return keep(p === 2 ? sqrt(safe) : pow(safe, 1 / p), sub(1, none));
}

/**
 * log Σeˣ over the axes, all by default, without overflow: the largest x is taken off first and added after.
 *
 * @example logSumExp([1000, 1000]).item().toFixed(3) // "1000.693"
 */
export function logSumExp(x: TensorLike, options: ReduceOptions = {}): Tensor {
  const input = floats("logSumExp", x);
  const most = stopGradient(
    reduce("max", input, { ...options, keepDims: true }, "logSumExp"),
  ) as Tensor;
  // Where the largest is infinite e^x says all there is to say.
  const shift = keep(most, exceeds(Number.POSITIVE_INFINITY, abs(most)));
  const y = log(sum(exp(sub(input, shift)), options));
  return add(y, reshape(shift, y.shape));
}

/** Is any not 0, over the axes, all by default? Of nothing none is. @example any([[0, 1], [0, 0]], { axis: 1 }).array() // [1, 0] */
export const any = (x: TensorLike, options: ReduceOptions = {}): Decisions =>
  greater(reduce("sum", cast(toTensor("any()", x), "bool"), options, "any"), 0);

/** Are all not 0, over the axes, all by default? Of nothing all are. @example all([[1, 1], [0, 1]], { axis: 1 }).array() // [1, 0] */
export const all = (x: TensorLike, options: ReduceOptions = {}): Decisions =>
  logicalNot(reduce("sum", logicalNot(toTensor("all()", x)), options, "all"));
