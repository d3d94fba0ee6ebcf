import { ShapeError } from "../../errors.ts";
import { int32 } from "../../options/index.ts";
import { showShape } from "../../values/shape.ts";
import { type TensorLike, toTensor } from "../leaf.ts";
import type { Tensor } from "../tensor.ts";
import { joined, part } from "./pieces.ts";
import {
  type AxisOptions,
  axesOf,
  axisFrom,
  checkAxisOptions,
  firstAxisFrom,
  requireRank,
  withinRank,
} from "./require.ts";
import { reshape } from "./shape.ts";
import { slice } from "./slice.ts";

/** The same without axes of size 1, all of them by default. @example squeeze([[[1, 2]]]).shape // [2] */
export function squeeze(x: TensorLike, options: AxesOptions = {}): Tensor {
  const input = toTensor("squeeze()", x);
  checkAxisOptions("squeeze", options, ["axis"]);
  const { shape, rank } = input;
  const ones = shape.flatMap((size, i) => (size === 1 ? [i] : []));
  const { axis = ones } = options;
  const axes = axesOf("squeeze", axis, rank);
  const odd = axes.find((axis) => shape[axis] !== 1);
  if (odd !== undefined) {
    throw new ShapeError(
      `squeeze(): expected size 1 along axis ${odd}, got shape ${showShape(shape)}`,
    );
  }
  return reshape(
    input,
    shape.filter((_, i) => !axes.includes(i)),
  );
}

/** The same with a new axis of size 1 (default the first). @example expandDims([1, 2], { axis: 1 }).shape // [2, 1] */
export function expandDims(x: TensorLike, options: AxisOptions = {}): Tensor {
  const input = toTensor("expandDims()", x);
  checkAxisOptions("expandDims", options, ["axis"]);
  withinRank("expandDims", input.rank + 1);
  const axis = firstAxisFrom("expandDims", options, input.rank + 1);
  return reshape(input, [...input.shape.slice(0, axis), 1, ...input.shape.slice(axis)]);
}
/** Which axes. */
export interface AxesOptions {
  /** Axes; negative ones count from the end. */
  readonly axis?: number | readonly number[];
}

/** The elements in the opposite order along the axes, all by default. @example flip([1, 2, 3]).array() // [3, 2, 1] */
export function flip(x: TensorLike, options: AxesOptions = {}): Tensor {
  const input = toTensor("flip()", x) as Tensor;
  checkAxisOptions("flip", options, ["axis"]);
  const { axis = input.shape.map((_, i) => i) } = options;
  const axes = axesOf("flip", axis, input.rank);
  return slice(
    input,
    input.shape.map((_, i) => (axes.includes(i) ? [null, null, -1] : null)),
  );
}

/** The elements moved on by so many places along an axis (default the last), what leaves at the end coming back at the start. @example roll([1, 2, 3], 1).array() // [3, 1, 2] */
export function roll(x: TensorLike, shift: number, options: AxisOptions = {}): Tensor {
  const input = requireRank("roll", toTensor("roll()", x), 1) as Tensor;
  checkAxisOptions("roll", options, ["axis"]);
  const axis = axisFrom("roll", options, input.rank);
  const size = input.shape[axis]!;
  const by = int32("roll()", "shift", shift);
  const at = size === 0 ? 0 : ((-by % size) + size) % size;
  if (at === 0) return input;
  return joined([part(input, axis, at, size - at, 1), part(input, axis, 0, at, 1)], axis);
}
