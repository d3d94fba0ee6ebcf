import { DataError } from "../errors.ts";
import { type DType, INT } from "../values/dtype.ts";
import type { Shape } from "../values/shape.ts";
import { sizeOf } from "../values/shape.ts";
import { type References, rowsOf } from "./reference.ts";

export function checked(index: number, bound: number): number {
  if (index >= 0 && index < bound) return index;
  throw new DataError(`expected an index from 0 to ${bound - 1}, got ${index}`);
}

export const indexingReferences: References = {
  gather: ([table, indices]) => {
    const [rows, ...rest] = table!.shape;
    const width = sizeOf(rest);
    const y = new Float64Array(indices!.data.length * width); // (indices, width)
    for (const [i, index] of indices!.data.entries()) {
      const row = checked(index, rows!);
      y.set(table!.data.subarray(row * width, (row + 1) * width), i * width);
    }
    return [y];
  },
  scatterAdd: ([indices, dy], { shape }: { shape: Shape }) => {
    const [rows, ...rest] = shape;
    const width = sizeOf(rest);
    const table = new Float64Array(rows! * width); // (rows, width)
    for (const [i, index] of indices!.data.entries()) {
      const row = checked(index, rows!);
      for (let j = 0; j < width; j++) table[row * width + j]! += dy!.data[i * width + j]!;
    }
    return [table];
  },
  oneHot: ([indices], { depth }: { depth: number }) => {
    const y = new Float64Array(indices!.data.length * depth); // (indices, depth)
    for (const [i, index] of indices!.data.entries()) y[i * depth + checked(index, depth)] = 1;
    return [y];
  },
  argmax: ([x]) => {
    const { rows, n } = rowsOf(x!);
    const row = (i: number) => x!.data.subarray(i * n, (i + 1) * n);
    return [Float64Array.from({ length: rows }, (_, i) => row(i).indexOf(Math.max(...row(i))))];
  },
  ignore: ([labels], { label }: { label: number }) => [
    labels!.data.map((value) => (value === label ? 0 : value)),
    labels!.data.map((value) => Number(value !== label)),
  ],
  cast: ([x], { dtype }: { dtype: DType }) => {
    const cut = (v: number) => Math.max(-(2 ** 31), Math.min(2 ** 31 - 1, Math.trunc(v) || 0));
    return [dtype === INT ? x!.data.map(cut) : x!.data.slice()];
  },
};
