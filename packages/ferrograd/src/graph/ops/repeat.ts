import { listOf, nonNegativeInteger, shapeOf } from "../../options/index.ts";
import { sizeOf } from "../../values/shape.ts";
import { type TensorLike, toTensor } from "../leaf.ts";
import type { Tensor } from "../tensor.ts";
import { type AxisOptions, checkAxisOptions, firstAxisFrom, withinRank } from "./require.ts";
import { broadcastTo, reshape } from "./shape.ts";

/** The tensor again and again: so often along each axis, the last ones where there are fewer (numpy.tile). @example tile([1, 2], [2, 2]).array() // [[1, 2, 1, 2], [1, 2, 1, 2]] */
export function tile(x: TensorLike, times: number | readonly number[]): Tensor {
  const where = "tile()";
  const input = toTensor(where, x);
  const given = listOf(where, "times", Array.isArray(times) ? times : [times], nonNegativeInteger);
  const rank = Math.max(given.length, input.rank);
  withinRank("tile", rank);
  const lead = <T>(list: readonly T[], one: T): T[] => [
    ...Array.from({ length: rank - list.length }, () => one),
    ...list,
  ];
  return lead(given, 1).reduce(
    (y, count, axis) => {
      const size = y.shape[axis]!;
      return stretchedAxis(where, y, axis, [count, size], axis);
    },
    reshape(input, lead(input.shape, 1)),
  );
}

/** Each element so often, along an axis, or of all in a row where none is said (numpy.repeat). @example repeat([1, 2], 2).array() // [1, 1, 2, 2] */
export function repeat(x: TensorLike, times: number, options: AxisOptions = {}): Tensor {
  const where = "repeat()";
  const input = toTensor(where, x);
  checkAxisOptions("repeat", options, ["axis"]);
  const count = nonNegativeInteger(where, "times", times);
  const y = options.axis === undefined ? reshape(input, [input.size]) : (input as Tensor);
  const axis = firstAxisFrom("repeat", options, y.rank);
  return stretchedAxis(where, y, axis, [y.shape[axis]!, count], axis + 1);
}

/** An axis stretched into two, of which one is new, and these as one again. */
function stretchedAxis(
  where: string,
  x: Tensor,
  axis: number,
  [outer, inner]: readonly [number, number],
  fresh: number,
): Tensor {
  const [before, after] = [x.shape.slice(0, axis), x.shape.slice(axis + 1)];
  const shape = shapeOf(where, "shape", [...before, outer * inner, ...after]);
  if (outer * inner === x.shape[axis] && (fresh === axis ? outer : inner) === 1) return x;
  // The axes before and after as one, so that there are never too many.
  const lead = sizeOf(before);
  const end = sizeOf(after);
  const apart = fresh === axis ? [lead, 1, inner, end] : [lead, outer, 1, end];
  const stretched = broadcastTo(reshape(x, apart), [lead, outer, inner, end]);
  return reshape(stretched, shape);
}
