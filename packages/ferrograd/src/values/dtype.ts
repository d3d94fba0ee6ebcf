/** Element types. Of `bool` the values are 0 and 1, which count as floats wherever floats are taken. */
export type DType = "float32" | "int32" | "bool";

/** The typed array of an element type. */
export type DataOf<D extends DType> = D extends "int32"
  ? Int32Array<ArrayBuffer>
  : Float32Array<ArrayBuffer>;

/** What an element type is. */
interface Row {
  /** Its array, which says how many bytes an element has. */
  readonly array: Float32ArrayConstructor | Int32ArrayConstructor;
  /** What its words are in the core: the name of a view of a block. */
  readonly words: "f32" | "i32";
  /** Its name in a file; without one, no file has it. */
  readonly file?: "F32" | "I32";
  /** Can it hold a number, of which the array makes `stored`? */
  holds(value: number, stored: number): boolean;
}

const exactly = (value: number, stored: number): boolean => value === stored;

/** The element types, a row each. */
export const DTYPE: { readonly [D in DType]: Row } = {
  float32: {
    array: Float32Array,
    words: "f32",
    file: "F32",
    // Rounded, a finite number must be finite still.
    holds: (value, stored) => Number.isFinite(stored) || !Number.isFinite(value),
  },
  int32: { array: Int32Array, words: "i32", file: "I32", holds: exactly },
  bool: { array: Float32Array, words: "f32", holds: (value) => value === 0 || value === 1 },
};

/** @internal */
export const DTYPES = /* @__PURE__ */ Object.keys(DTYPE) as readonly DType[];

/** Those that models take and files have. @internal */
export const SAVED = /* @__PURE__ */ DTYPES.filter((dtype) => DTYPE[dtype].file);

/** What is computed with, and what numbers, classes and positions have. */
export const FLOAT = "float32";
export const INT = "int32";
export const BOOL = "bool";

/** Is it of the type that has gradients? */
export const isFloat = ({ dtype }: { readonly dtype?: DType }): boolean => dtype === FLOAT;
