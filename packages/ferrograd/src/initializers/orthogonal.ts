import { ShapeError } from "../errors.ts";
import { leaf } from "../graph/constants.ts";
import { normalOf } from "../graph/ops/random.ts";
import { checkOptions, finiteFloat32, positiveInteger, shapeOf } from "../options/index.ts";
import { FLOAT } from "../values/dtype.ts";
import { type Shape, showShape, sizeOf } from "../values/shape.ts";
import type { Initializer } from "./initializers.ts";

/** Options of `orthogonal` and `identity`. */
export interface GainOptions {
  /** What all numbers are multiplied by (default 1). */
  readonly gain?: number;
}

const gainOf = (where: string, options: GainOptions): number => {
  checkOptions(where, options, ["gain"]);
  return finiteFloat32(where, "gain", options.gain ?? 1);
};

/** The shape as a matrix, (all axes but the last, the last). */
function matrixOf(where: string, given: Shape): [rows: number, columns: number] {
  const shape = shapeOf(where, "shape", given, positiveInteger);
  if (shape.length >= 2) return [sizeOf(shape.slice(0, -1)), shape[shape.length - 1]!];
  throw new ShapeError(`${where}: expected at least 2 axes, got shape ${showShape(shape)}`);
}

/**
 * Columns of length `gain`, orthogonal to each other, of a matrix (all axes but the last, the last); rows where there are
 * fewer of them. Signals keep their length through it (Saxe et al. 2013). Made of normal numbers, as the Q of QR with
 * R's diagonal positive. Keras's Orthogonal, torch.nn.init.orthogonal_.
 *
 * @throws ShapeError for shapes of fewer than 2 axes
 */
export function orthogonal(options: GainOptions = {}): Initializer {
  const where = "orthogonal()";
  const gain = gainOf(where, options);
  return (shape, source) => {
    const [rows, columns] = matrixOf(where, shape);
    const [long, short] = rows < columns ? [columns, rows] : [rows, columns];
    const drawn = normalOf(where, "normal", [short, long], source).data();
    const q = orthonormal(Float64Array.from(drawn), short, long);
    const values = new Float32Array(rows * columns);
    for (let v = 0; v < short; v++) {
      for (let i = 0; i < long; i++) {
        const at = rows < columns ? v * long + i : i * columns + v;
        values[at] = gain * q[v * long + i]!;
      }
    }
    return leaf(values, shape, FLOAT);
  };
}

/** Vectors (count, size), one after the other made orthogonal to those before, twice, and of length 1. */
function orthonormal(vectors: Float64Array, count: number, size: number): Float64Array {
  const row = (v: number) => vectors.subarray(v * size, (v + 1) * size);
  const dot = (a: Float64Array, b: Float64Array) => {
    let sum = 0;
    for (let i = 0; i < size; i++) sum += a[i]! * b[i]!;
    return sum;
  };
  for (let v = 0; v < count; v++) {
    const own = row(v);
    for (let turn = 0; turn < 2; turn++) {
      for (let before = 0; before < v; before++) {
        const other = row(before);
        const along = dot(own, other);
        for (let i = 0; i < size; i++) own[i]! -= along * other[i]!;
      }
    }
    const length = Math.sqrt(dot(own, own));
    for (let i = 0; i < size; i++) own[i]! /= length;
  }
  return vectors;
}

/**
 * `gain` on the diagonal of a matrix, 0 elsewhere: a layer that begins by changing nothing. Keras's Identity,
 * torch.nn.init.eye_.
 *
 * @throws ShapeError for shapes that are not of 2 axes
 */
export function identity(options: GainOptions = {}): Initializer {
  const where = "identity()";
  const gain = gainOf(where, options);
  return (shape) => {
    const [rows, columns] = matrixOf(where, shape);
    if (shape.length !== 2) {
      throw new ShapeError(`${where}: expected 2 axes, got shape ${showShape(shape)}`);
    }
    const values = new Float32Array(rows * columns);
    for (let i = 0; i < Math.min(rows, columns); i++) values[i * columns + i] = gain;
    return leaf(values, shape, FLOAT);
  };
}
