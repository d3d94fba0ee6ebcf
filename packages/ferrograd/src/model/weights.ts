import { ShapeError } from "../errors.ts";
import type { Variable } from "../graph/leaf.ts";
import type { DType } from "../values/dtype.ts";
import { checkFinite, toFeatures } from "../values/rows.ts";
import { type Shape, showShape, sizeOf } from "../values/shape.ts";

/** Values that `setWeights` was given for a variable, checked. */
export function weightsFor(variable: Variable<Shape, DType>, value: unknown): Float32Array {
  const where = `setWeights(): "${variable.name}"`;
  const { data } = toFeatures(`${where}: weights`, value);
  if (data.length !== sizeOf(variable.shape)) {
    throw new ShapeError(
      `${where}: expected ${sizeOf(variable.shape)} values for shape ${showShape(variable.shape)}, got ${data.length}`,
    );
  }
  const [rows = 1] = variable.shape;
  checkFinite(`${where}: weights`, { data, shape: [rows, ...variable.shape.slice(1)] });
  return data;
}
