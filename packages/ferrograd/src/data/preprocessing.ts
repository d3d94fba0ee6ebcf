import { ShapeError } from "../errors.ts";
import { type Features, type RowsLike, toFeatures } from "../values/rows.ts";

/** A scaling learned from one set of rows, to be applied to any other. */
export interface Standardizer {
  /** Mean of each column. */
  readonly mean: Float64Array;
  /** Standard deviation of each column (over n, not n - 1); 1 where a column is constant. */
  readonly deviation: Float64Array;
  /** (x - mean) / deviation, column by column. */
  transform(x: RowsLike): Features;
}

/**
 * Learns (x - mean) / deviation for each column: what the training rows have as mean and deviation
 * becomes 0 and 1. Learn it from the training rows alone and transform all others with it. Like
 * scikit-learn's `StandardScaler`.
 *
 * @example
 * const scaler = standardizer(train.x);
 * model.predict(scaler.transform(test.x));
 *
 * @throws DataError when x is ragged or empty, ShapeError when `transform` gets another width
 */
export function standardizer(x: RowsLike): Standardizer {
  const { data, shape } = toFeatures("standardizer(): x", x);
  const rows = shape[0]!;
  const width = data.length / rows;
  const mean = new Float64Array(width);
  const deviation = new Float64Array(width);
  for (let i = 0; i < data.length; i++) mean[i % width]! += data[i]! / rows;
  for (let i = 0; i < data.length; i++) {
    const centered = data[i]! - mean[i % width]!;
    deviation[i % width]! += (centered * centered) / rows;
  }
  for (let j = 0; j < width; j++) {
    // Rounding leaves a constant column a deviation near 0 that must not be divided by.
    const sigma = Math.sqrt(deviation[j]!);
    deviation[j] = sigma > 1e-12 * Math.abs(mean[j]!) ? sigma : 1;
  }
  return { mean, deviation, transform: (other) => apply(mean, deviation, other) };
}

function apply(mean: Float64Array, deviation: Float64Array, x: RowsLike): Features {
  const { data, shape } = toFeatures("transform(): x", x);
  const width = data.length / shape[0]!;
  if (width !== mean.length) {
    throw new ShapeError(`transform(): expected rows of ${mean.length} values, got ${width}`);
  }
  return { data: data.map((v, i) => (v - mean[i % width]!) / deviation[i % width]!), shape };
}
