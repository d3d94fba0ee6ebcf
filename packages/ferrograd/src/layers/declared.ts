import { ArgumentError, ShapeError } from "../errors.ts";
import { leaf } from "../graph/constants.ts";
import { toTensor } from "../graph/leaf.ts";
import { ruleOf } from "../graph/rule.ts";
import type { AnyTensor } from "../graph/tensor.ts";
import { boolean, checkOptions, oneOf, shapeOf, show } from "../options/index.ts";
import { type DType, FLOAT, INT, SAVED } from "../values/dtype.ts";
import { type Shape, sameShape, showShape } from "../values/shape.ts";
import { checkName, type VariableOptions } from "./layer.ts";

/** What is said of a variable, checked. */
export function checkedVariable(
  path: string,
  names: string[],
  name: string,
  shape: Shape,
  options: VariableOptions | undefined,
) {
  const where = `${path}: add(${show(name)})`;
  checkName(where, name ?? "");
  checkOptions(where, options, [
    ...["trainable", "dtype", "regularizer", "constraint", "fans", "unitsLast"],
  ]);
  const dtype = oneOf(where, "dtype", options?.dtype ?? FLOAT, SAVED);
  const trains = boolean(where, "trainable", options?.trainable ?? dtype === FLOAT);
  if (trains && dtype !== FLOAT) {
    throw new ArgumentError(`${where}: trainable: expected false of ${dtype}, got true`);
  }
  if (names.includes(name)) {
    throw new ArgumentError(`${where}: expected each name once, got it twice`);
  }
  names.push(name);
  const rules = {
    regularizer: ruleOf(where, "regularizer", "regularizer", options?.regularizer),
    constraint: ruleOf(where, "constraint", "constraint", options?.constraint),
  };
  return { own: shapeOf(where, "shape", shape), dtype, trains, rules };
}

/** What an initializer gave, which is anyone's function, as values for a variable of this shape. */
export function firstValues(path: string, shape: Shape, dtype: DType, given: unknown): AnyTensor {
  const values = toTensor(path, given);
  if (sameShape(values.shape, shape)) {
    if (values.dtype === dtype) return values;
    if (dtype === INT) return leaf(Int32Array.from(values.data()), shape, dtype) as AnyTensor;
  }
  throw new ShapeError(
    `${path}: expected an initializer that gives ${FLOAT} ${showShape(shape)}, ` +
      `got ${values.dtype} ${showShape(values.shape)}`,
  );
}
