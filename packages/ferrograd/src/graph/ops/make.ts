import { ArgumentError } from "../../errors.ts";
import {
  checkOptions,
  finiteFloat32,
  int32,
  nonNegativeInteger,
  oneOf,
  shapeOf,
} from "../../options/index.ts";
import { FLOAT, INT } from "../../values/dtype.ts";
import type { Shape } from "../../values/shape.ts";
import { fill, tensor } from "../constants.ts";
import { type TensorLike, toTensor } from "../leaf.ts";
import type { AnyTensor, Tensor } from "../tensor.ts";
import { greaterEqual, where } from "./compare.ts";
import { add } from "./elementwise.ts";
import { cast } from "./indexing.ts";
import { requireRank } from "./require.ts";

/** Options of what counts. */
export interface ArangeOptions<D extends "float32" | "int32" = "float32" | "int32"> {
  /** Default "float32". */
  readonly dtype?: D;
}

/**
 * Numbers from 0 (or `start`) on, `step` apart, that are below `stop` (above it where the step is negative).
 *
 * @example arange(4).array() // [0, 1, 2, 3]
 * @example arange(1, 10, 3, { dtype: "int32" }).array() // [1, 4, 7]
 * @throws ArgumentError for a step of 0
 */
export function arange<D extends "float32" | "int32" = "float32">(
  start: number,
  stop?: number,
  step = 1,
  options: ArangeOptions<D> = {},
): Tensor<Shape, D> {
  const where = "arange()";
  checkOptions(where, options, ["dtype"]);
  const dtype = oneOf(where, "dtype", options.dtype ?? FLOAT, [FLOAT, INT]);
  const number = dtype === INT ? int32 : finiteFloat32;
  const [from, to] = stop === undefined ? [0, start] : [start, stop];
  const [first, last] = [number(where, "start", from), number(where, "stop", to)];
  const by = number(where, "step", step);
  if (by === 0) throw new ArgumentError(`${where}: step: expected a number other than 0, got 0`);
  const size = Math.max(0, Math.ceil((last - first) / by));
  shapeOf(where, "size", [size]);
  const values = Float64Array.from({ length: size }, (_, i) => first + i * by);
  return tensor(values as never, [size], dtype) as AnyTensor as Tensor<Shape, D>;
}

/**
 * `count` numbers from `start` to `stop`, both included, equally far apart.
 *
 * @example linspace(0, 1, 5).array() // [0, 0.25, 0.5, 0.75, 1]
 */
export function linspace(start: number, stop: number, count: number): Tensor {
  const where = "linspace()";
  const [first, last] = [finiteFloat32(where, "start", start), finiteFloat32(where, "stop", stop)];
  const [n] = shapeOf(
    where,
    "count",
    [nonNegativeInteger(where, "count", count)],
    nonNegativeInteger,
  ) as [number];
  const part = (i: number) => (n === 1 ? 0 : i / (n - 1));
  return tensor(
    Float32Array.from({ length: n }, (_, i) => first * (1 - part(i)) + last * part(i)),
    [n],
  ) as Tensor;
}

/** 1 on the diagonal, 0 elsewhere: n rows, and as many columns unless they are said. @example eye(2).array() // [[1, 0], [0, 1]] */
export function eye(rows: number, columns = rows): Tensor {
  const shape = shapeOf("eye()", "shape", [rows, columns]) as [number, number];
  const data = new Float32Array(shape[0] * shape[1]); // (rows, columns)
  for (let i = 0; i < Math.min(...shape); i++) data[i * shape[1] + i] = 1;
  return tensor(data, shape) as AnyTensor as Tensor;
}

const like = (where: string, x: TensorLike, value: number): Tensor => {
  const { shape, dtype } = toTensor(where, x);
  return cast(fill(shape, value), dtype) as AnyTensor as Tensor;
};

/** Zeros in the shape and type of a tensor. @example zerosLike([[1, 2]]).array() // [[0, 0]] */
export const zerosLike = (x: TensorLike): Tensor => like("zerosLike()", x, 0);

/** Ones in the shape and type of a tensor. @example onesLike([[1, 2]]).array() // [[1, 1]] */
export const onesLike = (x: TensorLike): Tensor => like("onesLike()", x, 1);

/** Options of triangles. */
export interface TriangleOptions {
  /** Which diagonal bounds it: 1 is the next one above, −1 the next below. Default 0. */
  readonly diagonal?: number;
}

/** Where the column is at most the row and so many more, of matrices. */
function below(op: string, x: TensorLike, { diagonal = 0 }: TriangleOptions, more: number) {
  const input = requireRank(op, toTensor(`${op}()`, x), 2);
  const [rows, columns] = input.shape.slice(-2) as readonly number[] as [number, number];
  const by = int32(`${op}()`, "diagonal", diagonal) + more;
  const row = tensor(arange(rows).data(), [rows, 1]) as AnyTensor;
  return { input, inside: greaterEqual(add(row, by), arange(columns)) };
}

/** The lower triangle of each matrix, 0 above the diagonal. @example tril([[1, 2], [3, 4]]).array() // [[1, 0], [3, 4]] */
export function tril(x: TensorLike, options: TriangleOptions = {}): Tensor {
  checkOptions("tril()", options, ["diagonal"]);
  const { input, inside } = below("tril", x, options, 0);
  return where(inside, input, zero(input));
}

/** The upper triangle of each matrix, 0 below the diagonal. @example triu([[1, 2], [3, 4]]).array() // [[1, 2], [0, 4]] */
export function triu(x: TensorLike, options: TriangleOptions = {}): Tensor {
  checkOptions("triu()", options, ["diagonal"]);
  const { input, inside } = below("triu", x, options, -1);
  return where(inside, zero(input), input);
}

const zero = (x: AnyTensor): TensorLike => cast(fill([], 0), x.dtype) as AnyTensor;
