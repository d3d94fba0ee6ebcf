import { type IntegerName, REDUCE_BLOCK, type ReductionName } from "../../engine/ops.generated.ts";
import * as write from "../../engine/writers.generated.ts";
import { boolean } from "../../options/index.ts";
import { INT } from "../../values/dtype.ts";
import { type Shape, sameShape, sizeOf } from "../../values/shape.ts";
import { type TensorLike, toTensor } from "../leaf.ts";
import { mixes } from "../meaning.ts";
import { apply, floats, type OpDef } from "../op.ts";
import type { Tensor } from "../tensor.ts";
import { binary, div, mul } from "./elementwise.ts";
import { reduceIntegersOp } from "./integers.ts";
import { axesOf, checkAxisOptions, requireFloat, requireSome } from "./require.ts";
import { broadcastTo, reshape } from "./shape.ts";

/** Blocks of n elements, as the core counts them. */
export const reduceBlocks = (n: number): number => Math.max(1, Math.ceil(n / REDUCE_BLOCK));

/** Words of a sum in double precision. */
export const SUM_WORDS = 2;

/** @internal */
export interface ReduceAttrs {
  readonly reduction: ReductionName;
}

/** Reduces the middle axis of (outer, n, inner). */
export const reduceOp: OpDef<ReduceAttrs> = {
  name: "reduce",
  infer: ([x]) => [floats([x!.shape[0]!, 1, x!.shape[2]!])],
  meaning: mixes,
  gradient: ({ inputs, outputs, attrs, dy }) => {
    const x = inputs[0] as Tensor;
    return [broadcastTo(gradients[attrs.reduction](x, outputs[0] as Tensor, dy), x.shape)];
  },
  temps: ([x], _outputs, { reduction }) => {
    const [outer, n, inner] = x!.shape;
    const blocks = reduceBlocks(n!);
    return [reduction === "max" || blocks === 1 ? 0 : outer! * blocks * inner! * SUM_WORDS];
  },
  emit: ({ w, attrs, inputs, outputs, temps, inputSpecs }) => {
    const [outer, n, inner] = inputSpecs[0]!.shape as [number, number, number];
    write.reduce(w, {
      ...attrs,
      outer,
      n,
      inner,
      x: inputs[0]!,
      partials: temps[0]!,
      y: outputs[0]!,
    });
  },
};

/** Gradients before they are broadcast to x; the largest elements share theirs, as in torch.amax. */
const gradients: {
  readonly [name in ReductionName]: (x: Tensor, y: Tensor, dy: Tensor) => Tensor;
} = {
  sum: (_x, _y, dy) => dy,
  mean: (x, _y, dy) => (x.shape[1] === 1 ? dy : mul(dy, 1 / x.shape[1]!)),
  max: (x, y, dy) => {
    const hit = binary("equal", x, y);
    return mul(hit, div(dy, apply(reduceOp, [hit], { reduction: "sum" })));
  },
};

/** What goes along the axes of integers, by the function's name. */
const integers: { readonly [name in string]?: IntegerName } = {
  sum: "add",
  max: "maximum",
  min: "minimum",
};

/** Options of reductions. */
export interface ReduceOptions {
  /** Axes to reduce; negative ones count from the end. Default: all. */
  readonly axis?: number | readonly number[];
  /** Keep reduced axes with size 1. Default false. */
  readonly keepDims?: boolean;
}

/** A reduction, by whose name errors say what is wrong. @internal */
export function reduce(
  reduction: ReductionName,
  x: TensorLike,
  options: ReduceOptions,
  name: string = reduction,
): Tensor {
  const given = toTensor(`${name}()`, x);
  const integer = given.dtype === INT ? integers[name] : undefined;
  const input = (integer ? given : requireFloat(name, given)) as Tensor;
  checkAxisOptions(name, options, ["axis", "keepDims"]);
  const { axis = input.shape.map((_, i) => i), keepDims = false } = options;
  boolean(`${name}()`, "keepDims", keepDims);
  const axes = new Set(axesOf(name, axis, input.rank));
  if (reduction === "max") for (const a of axes) requireSome(name, input, a);
  let result = input;
  // Neighboring axes are one reduction; the last ones go first, so that the rest shrinks soonest.
  for (let end = input.rank; end > 0; end--) {
    if (!axes.has(end - 1)) continue;
    let start = end - 1;
    while (axes.has(start - 1)) start--;
    const shape = result.shape;
    const folded = [shape.slice(0, start), shape.slice(start, end), shape.slice(end)].map(sizeOf);
    const reduced = shape.map((size, i) => (i >= start && i < end ? 1 : size));
    const parts = [reshape(result, folded)];
    const one = integer
      ? apply(reduceIntegersOp, parts, { integer })
      : apply(reduceOp, parts, { reduction });
    result = reshape(one, reduced);
    end = start + 1;
  }
  return keepDims
    ? result
    : reshape(
        result,
        result.shape.filter((_, i) => !axes.has(i)),
      );
}

/**
 * Σx over the axes, all by default, in a fixed order. Within 2e-7 of Σ|x|, however many numbers: sums of
 * eight are added in float64 and rounded once. Of int32 tensors exact int32, wrapping around.
 *
 * @example sum(x, { axis: 0 })
 */
export const sum = (x: TensorLike, options: ReduceOptions = {}): Tensor =>
  reduce("sum", x, options);

/**
 * The largest value over the axes; NaN if any is. Equal largest values share the gradient (torch.amax).
 *
 * @throws ShapeError for an axis without elements
 */
export const max = (x: TensorLike, options: ReduceOptions = {}): Tensor =>
  reduce("max", x, options);

/**
 * The mean over the axes, all by default; NaN of nothing. It is divided in float64 and rounded once, for
 * each run of neighboring axes.
 */
export const mean = (x: TensorLike, options: ReduceOptions = {}): Tensor =>
  reduce("mean", x, options);

/** Sums over the axes that broadcasting stretched: the gradient of broadcasting. @internal */
export function sumTo(x: Tensor, shape: Shape): Tensor {
  if (sameShape(x.shape, shape)) return x;
  const lead = x.rank - shape.length;
  const axis = x.shape.flatMap((size, i) => (i < lead || shape[i - lead] !== size ? [i] : []));
  return reshape(sum(x, { axis, keepDims: true }), shape);
}
