import { ShapeError } from "../../errors.ts";
import { int32, listOf, positiveInteger, show } from "../../options/index.ts";
import { showShape } from "../../values/shape.ts";
import { type TensorLike, toTensor } from "../leaf.ts";
import type { Tensor } from "../tensor.ts";
import { part } from "./pieces.ts";
import { type AxisOptions, checkAxisOptions, firstAxisFrom, requireRank } from "./require.ts";
import { reshape } from "./shape.ts";

/**
 * Pieces along an axis (default 0): as many of equal size, or pieces of these sizes.
 *
 * @example split([1, 2, 3, 4], 2).map((x) => x.array()) // [[1, 2], [3, 4]]
 * @example split([1, 2, 3, 4], [1, 3]).map((x) => x.array()) // [[1], [2, 3, 4]]
 * @throws ShapeError when the axis has no such pieces
 */
export function split(
  x: TensorLike,
  pieces: number | readonly number[],
  options: AxisOptions = {},
): Tensor[] {
  const where = "split()";
  const input = requireRank("split", toTensor(where, x), 1);
  checkAxisOptions("split", options, ["axis"]);
  const axis = firstAxisFrom("split", options, input.rank);
  const size = input.shape[axis]!;
  const sizes = Array.isArray(pieces)
    ? listOf(where, "pieces", pieces, int32)
    : equal(positiveInteger(where, "pieces", pieces), size);
  const fits = sizes.every((one) => Number.isInteger(one) && one >= 0);
  if (!fits || sizes.length === 0 || sizes.reduce((sum, one) => sum + one, 0) !== size) {
    throw new ShapeError(
      `${where}: expected pieces of axis ${axis}, which has ${size} elements, got ${Array.isArray(pieces) ? showShape(sizes) : show(pieces)}`,
    );
  }
  return sizes.map((count, i) => {
    const before = sizes.slice(0, i).reduce((sum, one) => sum + one, 0);
    return part(input, axis, before, count, 1) as Tensor;
  });
}

/** As many sizes; none fit where there would be more than elements. */
const equal = (pieces: number, size: number): number[] =>
  pieces > Math.max(size, 1) ? [] : Array.from({ length: pieces }, () => size / pieces);

/** The elements of an axis (default 0), which goes, one by one. @example unstack([[1, 2], [3, 4]])[1].array() // [3, 4] */
export function unstack(x: TensorLike, options: AxisOptions = {}): Tensor[] {
  const input = requireRank("unstack", toTensor("unstack()", x), 1);
  checkAxisOptions("unstack", options, ["axis"]);
  const axis = firstAxisFrom("unstack", options, input.rank);
  const rest = input.shape.filter((_, i) => i !== axis);
  return Array.from({ length: input.shape[axis]! }, (_, i) =>
    reshape(part(input, axis, i, 1, 1), rest),
  );
}
