import { ShapeError } from "../../errors.ts";
import { boolean, oneOf, positiveInteger } from "../../options/index.ts";
import { type Shape, sameShape, showShape } from "../../values/shape.ts";
import { type TensorLike, toTensor } from "../leaf.ts";
import { apply } from "../op.ts";
import type { AnyTensor, Tensor } from "../tensor.ts";
import { argsortOp, putAlongOp, scanOp, shifted, takeAlongOp } from "./along.ts";
import { add } from "./elementwise.ts";
import { scatterAddOp } from "./indexing.ts";
import { part, replaced } from "./pieces.ts";
import {
  type AxisOptions,
  axisFrom,
  checkAxisOptions,
  integersFrom,
  requireFloat,
  requireRank,
  requireType,
} from "./require.ts";
import { broadcastShapes, broadcastTo, transpose } from "./shape.ts";

/** Options of sorting. */
export interface SortOptions extends AxisOptions {
  /** The largest first. Default false. */
  readonly descending?: boolean;
}

/** Positions and integers. */
type Integers = Tensor<Shape, "int32">;

/** An axis to the end, or back from there. */
function toEnd(x: AnyTensor, axis: number, back = false): AnyTensor {
  const last = x.rank - 1;
  if (axis === last) return x;
  const rest = x.shape.map((_, i) => i).filter((i) => i !== axis);
  const order = [...rest, axis];
  return transpose(x, back ? order.map((_, i) => order.indexOf(i)) : order) as AnyTensor;
}

/** The positions of elements in order, and along which axis of what. */
function sorted(op: string, x: TensorLike, options: AxisOptions, descending: boolean) {
  const input = requireRank(op, toTensor(`${op}()`, x), 1);
  const at = axisFrom(op, options, input.rank);
  const order = apply(argsortOp, [toEnd(input, at)], { descending }) as AnyTensor;
  return { input, axis: at, order: toEnd(order, at, true) };
}

/** As the options say. */
function sortedBy(op: string, x: TensorLike, options: SortOptions) {
  checkAxisOptions(op, options, ["axis", "descending"]);
  const descending = boolean(`${op}()`, "descending", options.descending ?? false);
  return sorted(op, x, options, descending);
}

/**
 * Positions of the elements in order along an axis (default the last); equal ones stay in theirs, NaN is last,
 * descending too. No gradient.
 *
 * @example argsort([3, 1, 2]).array() // [1, 2, 0]
 */
export const argsort = (x: TensorLike, options: SortOptions = {}): Integers =>
  sortedBy("argsort", x, options).order as Integers;

/**
 * The elements in order along an axis (default the last), NaN last, descending too. The gradient goes where the
 * elements come from.
 *
 * @example sort([3, 1, 2], { descending: true }).array() // [3, 2, 1]
 */
export function sort(x: TensorLike, options: SortOptions = {}): Tensor {
  const { input, axis, order } = sortedBy("sort", x, options);
  return apply(takeAlongOp, [input, order], { axis });
}

/**
 * The k largest elements along an axis (default the last), the largest first, and their positions; NaN counts as
 * the smallest (torch.topk takes it as the largest).
 *
 * @example topK([1, 4, 3], 2).indices.array() // [1, 2]
 * @throws ShapeError for fewer than k elements
 */
export function topK(
  x: TensorLike,
  k: number,
  options: AxisOptions = {},
): { readonly values: Tensor; readonly indices: Integers } {
  const count = positiveInteger("topK()", "k", k);
  checkAxisOptions("topK", options, ["axis"]);
  const { input, axis, order } = sorted("topK", x, options, true);
  if (input.shape[axis]! < count) {
    throw new ShapeError(
      `topK(): expected at least ${count} elements along axis ${axis}, got shape ${showShape(input.shape)}`,
    );
  }
  const indices = part(order, axis, 0, count, 1);
  return { values: apply(takeAlongOp, [input, indices], { axis }), indices: indices as Integers };
}

/** Tensors that broadcast to each other but for one axis. */
function alongside(
  op: string,
  axis: number,
  x: AnyTensor,
  others: readonly AnyTensor[],
): AnyTensor[] {
  const odd = others.find(({ rank }) => rank !== x.rank);
  if (odd !== undefined) {
    throw new ShapeError(
      `${op}(): expected as many axes, got shapes ${showShape(x.shape)} and ${showShape(odd.shape)}`,
    );
  }
  const rest: Shape[] = [x, ...others].map(({ shape }) => replaced(shape, axis, 1));
  const common = rest.reduce((shape, other) => broadcastShapes(op, shape, other));
  const counts: Shape[] = others.map(({ shape }) => [shape[axis]!]);
  const [count] = counts.reduce((a, b) => broadcastShapes(op, a, b)) as readonly [number];
  return [x, ...others].map(
    (t, i) => broadcastTo(t, replaced(common, axis, i === 0 ? x.shape[axis]! : count)) as AnyTensor,
  );
}

/**
 * Elements by their positions along an axis (default the last): y[i][j] = x[i][indices[i][j]]. The other axes
 * broadcast (numpy.take_along_axis). The gradient adds up where an element was taken more than once.
 *
 * @example
 * const x = tensor([[1, 2], [3, 4]]);
 * takeAlongAxis(x, argsort(x, { descending: true })).array() // [[2, 1], [4, 3]]
 * @throws DataError when an index is outside the axis, as the step runs
 */
export function takeAlongAxis(
  x: TensorLike,
  indices: TensorLike,
  options: AxisOptions = {},
): Tensor {
  const op = "takeAlongAxis";
  const input = requireRank(op, toTensor(`${op}()`, x), 1);
  const at = integersFrom(op, indices);
  checkAxisOptions(op, options, ["axis"]);
  const axis = axisFrom(op, options, input.rank);
  return apply(takeAlongOp, alongside(op, axis, input, [at]), { axis });
}

/** Options of `putAlongAxis`. */
export interface PutOptions extends AxisOptions {
  /** What happens to what is there: the last of the values for a place takes its place, or all are added. Default "set". */
  readonly mode?: "set" | "add";
}

/**
 * x with values at positions along an axis (default the last): y[i][indices[i][j]] = values[i][j]
 * (numpy.put_along_axis, torch.scatter; `add` is torch.scatter_add). The axes of indices and values broadcast.
 *
 * @example putAlongAxis([0, 0, 0], tensor([2, 0], [2], "int32"), [5, 6]).array() // [6, 0, 5]
 * @throws DataError when an index is outside the axis, as the step runs
 */
export function putAlongAxis(
  x: TensorLike,
  indices: TensorLike,
  values: TensorLike,
  options: PutOptions = {},
): Tensor {
  const op = "putAlongAxis";
  const input = requireRank(op, toTensor(`${op}()`, x), 1);
  const at = integersFrom(op, indices);
  checkAxisOptions(op, options, ["axis", "mode"]);
  const adds = oneOf(`${op}()`, "mode", options.mode ?? "set", ["set", "add"]) === "add";
  if (adds) requireFloat(op, input);
  const given = requireType(op, toTensor(`${op}()`, values), input.dtype);
  const axis = axisFrom(op, options, input.rank);
  const line = given.rank === 0 ? (broadcastTo(given, at.shape) as AnyTensor) : given;
  const [own, places, put] = alongside(op, axis, input, [at, line]);
  if (sameShape(own!.shape, input.shape)) {
    return apply(putAlongOp, [own!, places!, put!], { axis, adds });
  }
  throw new ShapeError(
    `${op}(): expected indices and values that stretch to shape ${showShape(input.shape)} but for axis ${axis}, ` +
      `got ${showShape(at.shape)} and ${showShape(given.shape)}`,
  );
}

/**
 * x with values added to its rows by number: y[indices[i]] += values[i], all of several for a row
 * (torch.index_add): x (rows, …), int32 indices (…) and values (…, …).
 *
 * @example scatterAdd([0, 0, 0], tensor([2, 0, 2], [3], "int32"), [1, 2, 3]).array() // [2, 0, 4]
 * @throws DataError when an index is outside the rows, as the step runs; ShapeError for values of another shape
 */
export function scatterAdd(x: TensorLike, indices: TensorLike, values: TensorLike): Tensor {
  const op = "scatterAdd";
  const input = requireRank(op, requireFloat(op, toTensor(`${op}()`, x)), 1) as Tensor;
  const at = integersFrom(op, indices);
  const given = requireFloat(op, toTensor(`${op}()`, values));
  const expected = [...at.shape, ...input.shape.slice(1)];
  if (sameShape(given.shape, expected)) {
    return add(input, apply(scatterAddOp, [at, given], { shape: input.shape }));
  }
  throw new ShapeError(
    `${op}(): expected values of shape ${showShape(expected)}, got ${showShape(given.shape)}`,
  );
}

/** Options of sums and products on the way. */
export interface ScanOptions extends AxisOptions {
  /** Without the element itself. Default false. */
  readonly exclusive?: boolean;
  /** From the last to the first. Default false. */
  readonly reverse?: boolean;
}

function scanned(op: string, x: TensorLike, options: ScanOptions, start: 0 | 1): Tensor {
  const input = requireRank(op, requireFloat(op, toTensor(`${op}()`, x)), 1) as Tensor;
  checkAxisOptions(op, options, ["axis", "exclusive", "reverse"]);
  const axis = axisFrom(op, options, input.rank);
  const exclusive = boolean(`${op}()`, "exclusive", options.exclusive ?? false);
  const reverse = boolean(`${op}()`, "reverse", options.reverse ?? false);
  const given = exclusive ? shifted(input, axis, reverse, start) : input;
  return apply(scanOp, [given], { axis, reverse, start, there: [start === 1, start === 0] });
}

/**
 * Sums on the way along an axis (default the last): y[i] = x[0] + … + x[i], added in float64 and rounded each.
 *
 * @example cumsum([1, 2, 3]).array() // [1, 3, 6]
 * @example cumsum([1, 2, 3], { exclusive: true, reverse: true }).array() // [5, 3, 0]
 */
export const cumsum = (x: TensorLike, options: ScanOptions = {}): Tensor =>
  scanned("cumsum", x, options, 0);

/** Products on the way along an axis (default the last), as `cumsum`; the gradient is right at zeros too. @example cumprod([1, 2, 3]).array() // [1, 2, 6] */
export const cumprod = (x: TensorLike, options: ScanOptions = {}): Tensor =>
  scanned("cumprod", x, options, 1);
