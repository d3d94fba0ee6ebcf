import type { OnlineSpec } from "../types.ts";

/** The rows of a specification, as arrays of numbers. */
export function rowsOf({ batchSize, x, y }: OnlineSpec): { input: number[]; output: number[] }[] {
  const part = (values: Float32Array, row: number) => {
    const size = values.length / batchSize;
    return [...values.subarray(row * size, (row + 1) * size)];
  };
  return Array.from({ length: batchSize }, (_, row) => ({
    input: part(x, row),
    output: part(y, row),
  }));
}
