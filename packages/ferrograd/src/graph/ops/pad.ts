import { ArgumentError, ShapeError } from "../../errors.ts";
import {
  checkOptions,
  listOf,
  nonNegativeInteger,
  oneOf,
  shapeOf,
  show,
} from "../../options/index.ts";
import { showShape } from "../../values/shape.ts";
import { type TensorLike, toTensor } from "../leaf.ts";
import type { Tensor } from "../tensor.ts";
import { joined, padded, part, replaced } from "./pieces.ts";
import { broadcastTo } from "./shape.ts";

/** Options of `pad`. */
export interface PadOptions {
  /** What stands outside: `value`, the tensor mirrored at its ends, or its ends again. Default "constant". */
  readonly mode?: "constant" | "reflect" | "edge";
  /** Default 0. */
  readonly value?: number;
}

/**
 * A tensor with more around it: so many elements on both sides of each axis, or [before, after] of each
 * (numpy.pad).
 *
 * @example pad([1, 2, 3], [[1, 2]]).array() // [0, 1, 2, 3, 0, 0]
 * @example pad([1, 2, 3], 2, { mode: "reflect" }).array() // [3, 2, 1, 2, 3, 2, 1]
 * @throws ShapeError where there is not as much to mirror or repeat
 */
export function pad(
  x: TensorLike,
  widths: number | readonly (readonly [before: number, after: number])[],
  options: PadOptions = {},
): Tensor {
  const where = "pad()";
  let y = toTensor(where, x) as Tensor;
  checkOptions(where, options, ["mode", "value"]);
  const mode = oneOf(where, "mode", options.mode ?? "constant", ["constant", "reflect", "edge"]);
  const all: readonly unknown[] = Array.isArray(widths)
    ? widths
    : y.shape.map(() => [widths, widths]);
  if (all.length !== y.rank) {
    throw new ShapeError(
      `${where}: widths: expected ${y.rank}, got ${all.length} for shape ${showShape(y.shape)}`,
    );
  }
  all.forEach((width, axis) => {
    const [before, after, ...more] = listOf(where, `widths[${axis}]`, width, nonNegativeInteger);
    if (after === undefined || more.length > 0) {
      throw new ArgumentError(
        `${where}: widths[${axis}]: expected [before, after], got ${show(width)}`,
      );
    }
    shapeOf(where, "shape", replaced(y.shape, axis, before! + y.shape[axis]! + after));
    if (before! + after > 0) y = pads[mode](y, axis, before!, after, options.value ?? 0);
  });
  return y;
}

type Pad = (x: Tensor, axis: number, before: number, after: number, value: number) => Tensor;

const pads: { readonly [mode in NonNullable<PadOptions["mode"]>]: Pad } = {
  constant: padded,
  edge: (x, axis, before, after) => {
    const size = outermost(x, axis, 1);
    const edge = (at: number, count: number) =>
      count > 0 ? [broadcastTo(part(x, axis, at, 1, 1), replaced(x.shape, axis, count))] : [];
    return joined([...edge(0, before), x, ...edge(size - 1, after)], axis);
  },
  reflect: (x, axis, before, after) => {
    const size = outermost(x, axis, Math.max(before, after) + 1);
    const edge = (at: number, count: number) => (count > 0 ? [part(x, axis, at, count, -1)] : []);
    return joined([...edge(before, before), x, ...edge(size - 2, after)], axis);
  },
};

/** The size of an axis, if it has as many elements. */
function outermost({ shape }: Tensor, axis: number, least: number): number {
  if (shape[axis]! >= least) return shape[axis]!;
  throw new ShapeError(
    `pad(): expected at least ${least} elements along axis ${axis}, got shape ${showShape(shape)}`,
  );
}
