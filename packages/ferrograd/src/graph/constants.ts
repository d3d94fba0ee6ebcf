import { DataError, OutOfMemoryError, ShapeError } from "../errors.ts";
import { float32, oneOf, shapeOf } from "../options/index.ts";
import { BOOL, type DataOf, DTYPE, DTYPES, type DType, FLOAT, INT } from "../values/dtype.ts";
import { type Flat, flatten } from "../values/flat.ts";
import { type Shape, showShape, sizeOf } from "../values/shape.ts";
import type { Meaning } from "./meaning.ts";
import { type AnyTensor, type Nested, Tensor } from "./tensor.ts";

/**
 * A tensor from numbers: a scalar, nested arrays, or flat values with a shape. Values are copied.
 * Int32Array makes an int32 tensor, everything else float32 unless `dtype` says otherwise.
 *
 * @example tensor([[1, 2, 3], [4, 5, 6]]).shape // [2, 3]
 * @example tensor(new Float32Array(6), [2, 3])
 * @throws DataError for ragged arrays, and numbers that the type cannot hold: 1e39 as float32, 0.5 or NaN
 * as int32; ShapeError where shape and number of values differ; ArgumentError for all that is no such thing
 */
export function tensor<const S extends Shape = Shape, D extends DType = "float32">(
  values: number | readonly Nested[] | Float32Array | Int32Array,
  shape?: S,
  dtype?: D,
): Tensor<S, D> {
  return made("tensor()", values, shape, dtype) as AnyTensor as Tensor<S, D>;
}

/** `tensor()` under another name. @internal */
export function made(where: string, values: unknown, shape?: unknown, dtype?: unknown): AnyTensor {
  const flat =
    typeof values === "number" ? { data: [values], shape: [] } : flatten(where, values, 0);
  const type =
    dtype === undefined
      ? flat.data instanceof Int32Array
        ? INT
        : FLOAT
      : oneOf(where, "dtype", dtype, DTYPES);
  const own = shape === undefined ? flat.shape : shapeOf(where, "shape", shape);
  const { length } = flat.data;
  if (sizeOf(own) !== length) {
    throw new ShapeError(
      `${where}: shape ${showShape(own)}: expected ${sizeOf(own)} values, got ${length}`,
    );
  }
  return new Tensor(own, type as DType, { kind: "data", data: held(where, flat.data, type) });
}

/** A copy of the values in their type, which must be able to hold them. */
function held(where: string, values: Flat["data"], type: DType): Float32Array | Int32Array {
  const { array, holds } = DTYPE[type];
  const data = new array(values);
  if (values.constructor === array && type !== BOOL) return data;
  for (let i = 0; i < data.length; i++) {
    if (!holds(values[i]!, data[i]!)) {
      throw new DataError(
        `${where}: element ${i}: expected a number that ${type} holds, got ${values[i]}`,
      );
    }
  }
  return data;
}

/** A leaf over data that nobody else changes. @internal */
export function leaf<D extends DType>(
  data: DataOf<D>,
  shape: Shape,
  dtype: D,
  meaning?: Meaning,
): Tensor<Shape, D> {
  return new Tensor(shape, dtype, {
    kind: "data",
    data: data as Float32Array | Int32Array,
    meaning,
  });
}

/** A tensor of one value everywhere. @internal */
export function filled<const S extends Shape>(where: string, shape: S, value: number): Tensor<S> {
  const own = shapeOf(where, "shape", shape);
  const data = room(where, sizeOf(own)).fill(float32(where, "value", value));
  return new Tensor(own as readonly number[] as S, FLOAT, { kind: "data", data });
}

function room(where: string, size: number): Float32Array {
  try {
    return new Float32Array(size);
  } catch {
    throw new OutOfMemoryError(`${where}: expected room for ${size} elements, got none`);
  }
}

/** The value of a constant of one element. @internal */
export function knownNumber({ source }: AnyTensor): number | undefined {
  return source.kind === "data" && source.data.length === 1 ? source.data[0] : undefined;
}

/** Zeros. @example zeros([2, 3]) @throws ArgumentError for all but an array of integers of 0 or more */
export const zeros = <const S extends Shape>(shape: S): Tensor<S> => filled("zeros()", shape, 0);

/** Ones. @example ones([2, 3]) @throws as `zeros` */
export const ones = <const S extends Shape>(shape: S): Tensor<S> => filled("ones()", shape, 1);

/** One value everywhere. @example fill([2, 3], 0.5) @throws as `zeros`, and for 1e39, which float32 cannot hold */
export const fill = <const S extends Shape>(shape: S, value: number): Tensor<S> =>
  filled("fill()", shape, value);
