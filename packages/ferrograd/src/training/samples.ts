import { DataError } from "../errors.ts";
import {
  type Features,
  type Labels,
  type Rows,
  type Samples,
  sliceRows,
  takeRows,
} from "../values/rows.ts";

export type { Samples };

/** The same rows of all of them. */
export function samplesOf(
  inputs: readonly Labels[],
  targets: readonly Labels[],
  weights: readonly (Features | undefined)[],
): Samples {
  const all = [...inputs, ...targets, ...weights.filter((rows) => rows !== undefined)];
  return { x: inputs[0] as Features, y: targets[0]!, inputs, targets, weights, all };
}

/** Of each of them what `take` takes. */
const each = (
  { inputs, targets, weights }: Samples,
  take: <A extends Float32Array | Int32Array>(rows: Rows<A>) => Rows<A>,
): Samples =>
  samplesOf(
    inputs.map((rows) => take(rows)),
    targets.map((rows) => take(rows)),
    weights.map((rows) => rows && take(rows)),
  );

/** Rows `begin` to `end` as views of the same memory. */
export const sliceSamples = (samples: Samples, begin: number, end: number): Samples =>
  each(samples, (rows) => sliceRows(rows, begin, end));

/** The rows named by `order`, copied, in that order. */
export const takeSamples = (samples: Samples, order: ArrayLike<number>): Samples =>
  each(samples, (rows) => takeRows(rows, order));

/** Rows that are typed arrays may go to another thread between two steps. */
export function checkThere({ all, inputs, targets }: Samples): void {
  for (let i = 0; i < all.length; i++) {
    if (all[i]!.data.length > 0) continue;
    const later = i < inputs.length + targets.length ? "y" : "sampleWeight";
    const name = i < inputs.length ? "x" : later;
    throw new DataError(
      `fit(): ${name}: expected its buffer until training ends, got a detached one; transfer a copy`,
    );
  }
}

/** Values that are copied faster one by one than by a call of `set`. */
const FEW = 32;

/** Copies rows into a program's input: those at `order`, or consecutive ones. */
export function fillRows(
  input: Float32Array | Int32Array,
  rows: Labels,
  begin: number,
  end: number,
  order?: Uint32Array,
): void {
  const { data, shape } = rows;
  const width = data.length / shape[0]!;
  if (order === undefined) {
    if (data.length <= FEW)
      for (let i = begin * width, at = 0; i < end * width; ) input[at++] = data[i++]!;
    else if (begin === 0 && end === shape[0]) input.set(data);
    else input.set(data.subarray(begin * width, end * width));
    return;
  }
  for (let i = begin; i < end; i++) {
    const from = order[i]! * width;
    const at = (i - begin) * width;
    if (width <= FEW) for (let j = 0; j < width; j++) input[at + j] = data[from + j]!;
    else input.set(data.subarray(from, from + width), at);
  }
}

/** A program's inputs, in their order: of a model, its targets, and how much the rows count. */
interface Fillable {
  inputView(index: number): Float32Array | Int32Array;
}

/** Copies rows into all inputs of a program that trains or evaluates. */
export function fillSamples(
  program: Fillable,
  { all }: Samples,
  begin: number,
  end: number,
  order?: Uint32Array,
): void {
  for (let i = 0; i < all.length; i++) {
    fillRows(program.inputView(i), all[i]!, begin, end, order);
  }
}
