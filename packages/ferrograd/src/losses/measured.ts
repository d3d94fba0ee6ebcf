import { ShapeError } from "../errors.ts";
import { fill } from "../graph/constants.ts";
import { div, maximum, mul } from "../graph/ops/elementwise.ts";
import { mean, sum } from "../graph/ops/reduce.ts";
import { reshape } from "../graph/ops/shape.ts";
import type { Tensor } from "../graph/tensor.ts";
import { sameShape, showShape } from "../values/shape.ts";

/** What a loss or a metric says of a batch; with weights, Σ weight·value and Σ weight make right means over batches. */
export interface Measured {
  /** One for each row or place, (batch, …), or one number for all. */
  readonly values: Tensor;
  /** How much each counts, in the shape of the values; absent where all count alike. */
  readonly weight: Tensor | undefined;
}

/** A sum of weights is at least this, so that the mean of what does not count is 0. */
const LEAST = 1e-30;

/** @throws ShapeError for a weight of another shape */
export function measured(where: string, values: Tensor, weight: Tensor | undefined): Measured {
  if (weight !== undefined && !sameShape(weight.shape, values.shape)) {
    throw new ShapeError(
      `${where}: weight: expected shape ${showShape(values.shape)}, as the losses have, got ${showShape(weight.shape)}`,
    );
  }
  return { values, weight };
}

/** The mean over what counts. */
export const meanOf = ({ values, weight }: Measured): Tensor =>
  weight === undefined ? mean(values) : div(sum(mul(values, weight)), maximum(sum(weight), LEAST));

/** How much each value counts, where another measure of the batch says so of its own. */
export function weightOf({ values, weight }: Measured, rows: number): Tensor {
  return weight ?? (values.rank === 0 ? fill([], rows) : fill(values.shape, 1));
}

/** Σ weight·value; where nothing has weights, a row's places are one value, their mean. */
export function sumOf(measure: Measured, rows: number, isWeighted: boolean): Tensor {
  const { values } = measure;
  if (isWeighted) return sum(mul(values, weightOf(measure, rows)));
  return values.size === rows ? sum(values) : mul(mean(values), rows);
}

/** The mean of each row over what it has; of what has no rows, of all. */
export const meanPerRow = ({ values }: Measured, rows: number): Tensor =>
  hasRows(values, rows) ? mean(reshape(values, [rows, -1]), { axis: 1 }) : mean(values);

/** Σ weight·value and Σ weight of each row; of what has no rows, of all. */
export function sumsPerRow(measure: Measured, rows: number): [values: Tensor, weights: Tensor] {
  const { values } = measure;
  const weight = weightOf(measure, rows);
  const add = (x: Tensor) =>
    hasRows(values, rows) ? sum(reshape(x, [rows, -1]), { axis: 1 }) : sum(x);
  return [add(mul(values, weight)), add(weight)];
}

const hasRows = ({ rank, shape }: Tensor, rows: number): boolean => rank > 0 && shape[0] === rows;
