import type { Block } from "../engine/core.ts";
import type { AnyTensor } from "../graph/tensor.ts";
import { sizeOf } from "../values/shape.ts";

/** Values seen as (rows, units), row-major, that lie in a block of the core. */
export class Matrix {
  readonly block: Block;
  readonly offset: number;
  readonly size: number;
  readonly rows: number;
  readonly units: number;
  /** Of a kernel: from how many places of an image it takes inputs, 1 where there is no image. */
  readonly places: number;

  constructor(block: Block, offset: number, { shape, size }: Pick<AnyTensor, "shape" | "size">) {
    this.block = block;
    this.offset = offset;
    this.size = size;
    this.units = shape.at(-1) ?? 1;
    this.rows = this.units === 0 ? 0 : size / this.units;
    this.places = sizeOf(shape.slice(0, -2));
  }

  /** A view, made anew each time: one that is kept is empty as soon as the memory grows, which statistics can cause. */
  get values(): Float32Array {
    return this.block.view().f32.subarray(this.offset, this.offset + this.size);
  }
}

/** Counts in bins of equal width over [min, max]. */
export interface Histogram {
  readonly min: number;
  readonly max: number;
  readonly counts: readonly number[];
}

/**
 * Bins of every histogram.
 *
 * @example
 * const { layers } = diagnose(model, x, y);
 * layers[0].histograms.activations.counts.length - BINS // 0
 */
export const BINS = 32;

export const square = (x: number): number => x * x;

/** What one pass over numbers finds, accumulated in f64 by the core. */
export interface Survey {
  /** Σx² */
  readonly squares: number;
  readonly sum: number;
  readonly zeros: number;
  /** NaN and infinities. */
  readonly nonFinite: number;
  /** Of the finite ones; above `max` where there are none. */
  readonly min: number;
  readonly max: number;
}

export function survey({ block, offset, size }: Matrix): Survey {
  const { raw } = block;
  const words = block.kept(raw.survey(block.handle, offset, size), 8);
  const [f64, f32] = [new Float64Array(words.buffer), new Float32Array(words.buffer)];
  return {
    squares: f64[0]!,
    sum: f64[1]!,
    zeros: words[4]!,
    nonFinite: words[5]!,
    min: f32[6]!,
    max: f32[7]!,
  };
}

/** √Σx², accumulated in f64. */
export const norm = (matrix: Matrix): number => Math.sqrt(survey(matrix).squares);

/** √(Σ(x − mean)² / n): in f64 the two sums of float32 numbers leave digits enough. */
export function deviation({ squares, sum }: Survey, count: number): number {
  return Math.sqrt(Math.max(0, squares / count - square(sum / count)));
}

/** Of the finite elements of matrices that were surveyed; the outermost bins include their ends. */
export function histogram(
  matrices: readonly Matrix[],
  surveyed: (matrix: Matrix) => Survey,
): Histogram {
  const surveys = matrices.map(surveyed);
  const min = surveys.reduce((least, one) => Math.min(least, one.min), Number.POSITIVE_INFINITY);
  const max = surveys.reduce((most, one) => Math.max(most, one.max), Number.NEGATIVE_INFINITY);
  const counts = new Array<number>(BINS).fill(0);
  if (min > max) return { min: 0, max: 0, counts };
  const scale = max > min ? BINS / (max - min) : 0;
  for (const { block, offset, size } of matrices) {
    const { raw, handle } = block;
    const address = raw.histogram(handle, offset, size, min, scale, BINS);
    block.kept(address, BINS).forEach((count, bin) => {
      counts[bin]! += count;
    });
  }
  return { min, max, counts };
}

/** Positive elements of each column, then negative ones. */
function columnSigns({ block, offset, size, units }: Matrix): Uint32Array {
  return block.kept(block.raw.columnSigns(block.handle, offset, size, units), 2 * units);
}

/** How many elements of each column are not 0. */
export function nonZeros(matrix: Matrix): number[] {
  const { units } = matrix;
  const signs = columnSigns(matrix);
  return Array.from({ length: units }, (_, unit) => signs[unit]! + signs[units + unit]!);
}

/** Mean over the rows of |Σx| / Σ|x|: 1 where every row has one sign, near 0 where signs balance. */
export const oneSigned = ({ block, offset, size, units }: Matrix): number =>
  block.raw.oneSigned(block.handle, offset, size, units);

/** Of each column the share of the commoner sign among its elements that are not 0; NaN where all are. */
export function equalSigns(matrix: Matrix): number[] {
  const { units } = matrix;
  const signs = columnSigns(matrix);
  return Array.from({ length: units }, (_, unit) => {
    const [p, n] = [signs[unit]!, signs[units + unit]!];
    return Math.max(p, n) / (p + n);
  });
}
