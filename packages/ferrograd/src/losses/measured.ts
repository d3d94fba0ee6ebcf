import { ShapeError } from "../errors.ts";
import { fill } from "../graph/constants.ts";
import { add, div, maximum, mul } from "../graph/ops/elementwise.ts";
import { mean, sum } from "../graph/ops/reduce.ts";
import { reshape } from "../graph/ops/shape.ts";
import type { Tensor } from "../graph/tensor.ts";
import { sameShape, showShape } from "../values/shape.ts";

/** What a loss or a metric says of a batch; Σ values and Σ weight make right means over batches. */
export interface Measured {
  /** One for each row or place, (batch, …), times how much it counts; or one number for all. */
  readonly values: Tensor;
  /** How much each counts, in the shape of the values; absent where all count alike. */
  readonly weight: Tensor | undefined;
  /** What joins the mean where there are weights: also of a batch in which nothing counts. */
  readonly added?: Tensor;
}

/** A sum of weights is at least this, so that the mean of what does not count is 0; 1 over it is finite in float32. */
const LEAST = 1.2e-38;

/** @throws ShapeError for a weight of another shape than what it weighs */
export function checkWeight(where: string, { shape }: Tensor, weight: Tensor | undefined): void {
  if (weight === undefined || sameShape(weight.shape, shape)) return;
  throw new ShapeError(
    `${where}: weight: expected shape ${showShape(shape)}, as the losses have, got ${showShape(weight.shape)}`,
  );
}

/** The mean over what counts. */
export function meanOf({ values, weight, added }: Measured): Tensor {
  if (weight === undefined) return mean(values);
  const counted = div(sum(values), maximum(sum(weight), LEAST));
  return added ? add(counted, added) : counted;
}

/** How much each value counts, where another measure of the batch says so of its own. */
export function weightOf({ values, weight }: Measured, rows: number): Tensor {
  return weight ?? (values.rank === 0 ? fill([], rows) : fill(values.shape, 1));
}

/** Σ values; where nothing has weights, a row's places are one value, their mean. One number for all counts for each. */
export function sumOf({ values, weight }: Measured, rows: number, isWeighted: boolean): Tensor {
  if (values.rank === 0) return weight ? values : mul(values, rows);
  return isWeighted || values.size === rows ? sum(values) : mul(mean(values), rows);
}

/** The mean of each row over what it has; of what has no rows, of all. */
export const meanPerRow = ({ values }: Measured, rows: number): Tensor =>
  hasRows(values, rows) ? mean(reshape(values, [rows, -1]), { axis: 1 }) : mean(values);

/** Σ values of each row; of what has no rows, of all. */
export const sumPerRow = ({ values }: Measured, rows: number): Tensor =>
  hasRows(values, rows) ? sum(reshape(values, [rows, -1]), { axis: 1 }) : sum(values);

/** Σ values and Σ weight of each row; of what has no rows, of all. */
export function sumsPerRow(measure: Measured, rows: number): [values: Tensor, weights: Tensor] {
  const weight = weightOf(measure, rows);
  const { values, added } = measure;
  const all = added ? add(values, mul(weight, added)) : values;
  const each = values.rank === 0 && !measure.weight ? mul(all, weight) : all;
  return [sumPerRow({ values: each, weight }, rows), sumPerRow({ values: weight, weight }, rows)];
}

const hasRows = ({ rank, shape }: Tensor, rows: number): boolean => rank > 0 && shape[0] === rows;
