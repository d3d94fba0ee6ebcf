import type { Block } from "../engine/core.ts";
import { DataError } from "../errors.ts";
import {
  type Features,
  type Labels,
  type Rows,
  type Samples,
  sliceRows,
  takeRows,
} from "../values/rows.ts";
import type { Fillable } from "./feed.ts";

export type { Samples };

/** The same rows of all of them. */
export function samplesOf(
  inputs: readonly Labels[],
  targets: readonly Labels[],
  weights: readonly (Features | undefined)[],
): Samples {
  const all = [...inputs, ...targets];
  for (const rows of weights) if (rows !== undefined) all.push(rows);
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

/** Rows as words: one loop copies floats and integers. */
export interface Packed {
  readonly words: Int32Array;
  /** Of a row. */
  readonly width: number;
}

export function packed({ data, shape }: Labels): Packed {
  const words = new Int32Array(data.buffer, data.byteOffset, data.length);
  return { words, width: data.length / shape[0]! };
}

/** Rows that are typed arrays may go to another thread between two steps. */
export function checkThere({ inputs, targets }: Samples, all: readonly Packed[]): void {
  let i = 0;
  while (i < all.length && all[i]!.words.length > 0) i++;
  if (i === all.length) return;
  const later = i < inputs.length + targets.length ? "y" : "sampleWeight";
  const name = i < inputs.length ? "x" : later;
  throw new DataError(
    `fit(): ${name}: expected its buffer until training ends, got a detached one; transfer a copy`,
  );
}

/** Values that are copied faster one by one than by a call of `set`. */
export const FEW = 32;

/** Copies numbers into an input, or out of an output: as many as there is room for. */
export function copyFlat(from: Float32Array | Int32Array, to: Float32Array | Int32Array): void {
  const { length } = to; // read once: each time engines look whether the memory has grown
  if (length > FEW) to.set(from);
  else for (let i = 0; i < length; i++) to[i] = from[i]!;
}

/** Where an input lies. */
export interface Target {
  readonly block: Pick<Block, "view">;
  readonly offset: number;
}

/** Copies rows from `first` on, or those at these places of `order`. */
export function takeWords(
  { block, offset }: Target,
  { words, width }: Packed,
  first: number,
  rows: number,
  order: Uint32Array | undefined,
): void {
  const to = block.view().i32;
  const end = first + rows;
  if (order === undefined) to.set(words.subarray(first * width, end * width), offset);
  else if (width > FEW) {
    for (let row = first, at = offset; row < end; row++, at += width) {
      const from = order[row]! * width;
      to.set(words.subarray(from, from + width), at);
    }
  } else {
    // Column by column: to begin a loop takes as long as to copy a few words.
    for (let i = 0; i < width; i++) {
      for (let row = first, at = offset + i; row < end; row++, at += width)
        to[at] = words[order[row]! * width + i]!;
    }
  }
}

/** Copies consecutive rows into a program's input. */
export function fillRows(
  input: Float32Array | Int32Array,
  { data, shape }: Labels,
  begin: number,
  end: number,
): void {
  const rows = shape[0]!;
  const width = data.length / rows;
  if (end - begin < rows) input.set(data.subarray(begin * width, end * width));
  else copyFlat(data, input);
}

/** Copies consecutive rows into all inputs of a program that trains or evaluates. */
export function fillSamples(
  program: Pick<Fillable, "inputView">,
  { all }: Samples,
  begin: number,
  end: number,
): void {
  for (let i = 0; i < all.length; i++) fillRows(program.inputView(i), all[i]!, begin, end);
}
