import { ArgumentError, ShapeError } from "../../errors.ts";
import { listOf } from "../../options/index.ts";
import { type Shape, sameShape, showShape } from "../../values/shape.ts";
import { type TensorLike, toTensor } from "../leaf.ts";
import type { AnyTensor, Tensor } from "../tensor.ts";
import { expandDims } from "./axes.ts";
import { joined, replaced } from "./pieces.ts";
import {
  type AxisOptions,
  checkAxisOptions,
  firstAxisFrom,
  requireRank,
  withinRank,
} from "./require.ts";

/** A list of at least one tensor, all of a type. */
function tensorsOf(op: string, xs: unknown): AnyTensor[] {
  const list = listOf(`${op}()`, "tensors", xs, (where, name, x) =>
    toTensor(`${where}: ${name}`, x),
  );
  const odd = list.find(({ dtype }) => dtype !== list[0]!.dtype);
  if (list.length > 0 && odd === undefined) return list;
  const got = odd ? `${list[0]!.dtype} and ${odd.dtype}` : "none";
  throw new ArgumentError(`${op}(): expected tensors of one type, got ${got}`);
}

/**
 * Tensors one after the other along an axis (default 0), along which alone they may differ in size
 * (numpy.concatenate, torch.cat).
 *
 * @example concatenate([[[1, 2]], [[3, 4], [5, 6]]]).array() // [[1, 2], [3, 4], [5, 6]]
 * @throws ShapeError that names both shapes and the axis; ArgumentError for tensors of several types
 */
export function concatenate(tensors: readonly TensorLike[], options: AxisOptions = {}): Tensor {
  checkAxisOptions("concatenate", options, ["axis"]);
  const list = tensorsOf("concatenate", tensors);
  const first = requireRank("concatenate", list[0]!, 1);
  const axis = firstAxisFrom("concatenate", options, first.rank);
  const rest = (shape: Shape) => replaced(shape, axis, 0);
  for (const { shape } of list) {
    if (sameShape(rest(shape), rest(first.shape))) continue;
    throw new ShapeError(
      `concatenate(): expected shapes that differ along axis ${axis} only, ` +
        `got ${showShape(first.shape)} and ${showShape(shape)}`,
    );
  }
  return joined(list, axis) as Tensor;
}

/**
 * Tensors of one shape along a new axis (default 0, the first).
 *
 * @example stack([[1, 2], [3, 4]]).array() // [[1, 2], [3, 4]]
 * @example stack([[1, 2], [3, 4]], { axis: 1 }).array() // [[1, 3], [2, 4]]
 * @throws ShapeError that names two shapes that differ
 */
export function stack(tensors: readonly TensorLike[], options: AxisOptions = {}): Tensor {
  checkAxisOptions("stack", options, ["axis"]);
  const list = tensorsOf("stack", tensors);
  const { shape, rank } = list[0]!;
  const odd = list.find((x) => !sameShape(x.shape, shape));
  if (odd !== undefined) {
    throw new ShapeError(
      `stack(): expected tensors of one shape, got ${showShape(shape)} and ${showShape(odd.shape)}`,
    );
  }
  withinRank("stack", rank + 1);
  const axis = firstAxisFrom("stack", options, rank + 1);
  return joined(
    list.map((x) => expandDims(x, { axis })),
    axis,
  );
}
