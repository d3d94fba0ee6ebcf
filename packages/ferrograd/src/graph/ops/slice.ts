import { ArgumentError, ShapeError } from "../../errors.ts";
import { int32, listOf, show } from "../../options/index.ts";
import { sameShape, showShape } from "../../values/shape.ts";
import { type TensorLike, toTensor } from "../leaf.ts";
import { apply } from "../op.ts";
import type { Tensor } from "../tensor.ts";
import { sliceOp } from "./pieces.ts";
import { noMore } from "./require.ts";
import { reshape } from "./shape.ts";

/** What a slice takes of an axis: all, one element, or [start, end, step] as Python's start:end:step. */
export type Range =
  | null
  | number
  | readonly [start?: number | null, end?: number | null, step?: number | null];

interface Taken {
  readonly start: number;
  readonly count: number;
  readonly step: number;
}

function takenOf(where: string, name: string, range: Range, size: number): Taken {
  if (range === null) return { start: 0, count: size, step: 1 };
  const outside = (expected: string, got: unknown): never => {
    throw new ArgumentError(`${where}: ${name}: expected ${expected}, got ${show(got)}`);
  };
  const place = (value: unknown, from: number, to: number): number =>
    Number.isInteger(value) && Number(value) >= from && Number(value) <= to
      ? Number(value) + (Number(value) < 0 ? size : 0)
      : outside(
          to < from ? "no element of an axis that has none" : `an integer from ${from} to ${to}`,
          value,
        );
  if (typeof range === "number") return { start: place(range, -size, size - 1), count: 1, step: 1 };
  if (!Array.isArray(range) || range.length > 3)
    return outside("null, a number or [start, end, step]", range);
  const [start, end, step] = [...range, null, null, null] as (number | null | undefined)[];
  const by = int32(where, name, step ?? 1);
  if (by === 0) return outside("a step other than 0", by);
  // Backwards an end that is not given is before the first.
  const first =
    start == null ? (by > 0 ? 0 : size - 1) : place(start, -size, by > 0 ? size : size - 1);
  const last = end == null ? (by > 0 ? size : -1) : place(end, -size, size);
  return { start: first, count: Math.max(0, Math.ceil((last - first) / by)), step: by };
}

/**
 * A part of a tensor, as Python's x[1:5, 2, ::-1]: for each axis `null` (all of it), a number (that element; the
 * axis goes), or [start, end, step], where negative numbers count from the end and `null` is the end of the axis.
 *
 * @example slice([[1, 2, 3], [4, 5, 6]], [0, [1, 3]]).array() // [2, 3]
 * @example slice([1, 2, 3, 4, 5], [[null, null, -2]]).array() // [5, 3, 1]
 * @throws ArgumentError for what is outside; ShapeError for more ranges than axes
 */
export function slice(x: TensorLike, ranges: readonly Range[]): Tensor;
export function slice(
  x: TensorLike,
  ranges: readonly Range[],
  ...more: readonly unknown[]
): Tensor {
  const where = "slice()";
  noMore("slice", more, "a range of an axis is [begin, end]");
  const input = toTensor(where, x);
  const given = listOf(where, "ranges", ranges, (_where, _name, range) => range as Range);
  if (given.length > input.rank) {
    throw new ShapeError(
      `${where}: ranges: expected at most ${input.rank}, got ${given.length} for shape ${showShape(input.shape)}`,
    );
  }
  const all = input.shape.map((size, axis) =>
    takenOf(where, `ranges[${axis}]`, given[axis] ?? null, size),
  );
  const sizes = all.map(({ count }) => count);
  const starts = all.map(({ start }) => start);
  const steps = all.map(({ step }) => step);
  const whole = sameShape(sizes, input.shape) && steps.every((step) => step === 1);
  const y = whole ? input : apply(sliceOp, [input], { starts, sizes, steps });
  return reshape(
    y,
    sizes.filter((_, axis) => typeof given[axis] !== "number"),
  );
}
