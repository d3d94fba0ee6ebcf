/** Element types. */
export type DType = "float32" | "int32";
/** @internal */
export const DTYPES: readonly DType[] = ["float32", "int32"];

/** The typed array of an element type. */
export type DataOf<D extends DType> = D extends "float32"
  ? Float32Array<ArrayBuffer>
  : Int32Array<ArrayBuffer>;
