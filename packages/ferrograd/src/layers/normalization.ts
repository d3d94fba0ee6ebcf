import { standardizer } from "../data/preprocessing.ts";
import { type RowsLike, toFeatures } from "../data/rows.ts";
import { ArgumentError, ShapeError } from "../errors.ts";
import { leaf } from "../graph/leaf.ts";
import { div, sub } from "../graph/ops/elementwise.ts";
import { showShape } from "../graph/tensor.ts";
import { checkOptions, show } from "../suggest.ts";
import { createLayer, type Layer } from "./layer.ts";

/** Options of `normalization`. */
export interface NormalizationOptions {
  /** Of each feature. */
  readonly mean: ArrayLike<number>;
  /** Standard deviation of each feature, as many as means; 0, of a constant one, counts as 1. */
  readonly deviation: ArrayLike<number>;
  readonly name?: string;
}

function numbers(name: string, values: unknown, least: number): number[] {
  const list = Array.from((values ?? []) as ArrayLike<number>);
  const bad = list.findIndex((v) => !Number.isFinite(v) || v < least);
  if (list.length > 0 && bad < 0) return list.map((v) => v + 0); // −0, which no file holds, as 0
  const expected = least === 0 ? "finite numbers of 0 or more" : "finite numbers";
  const got = bad < 0 ? show(values) : `${show(list[bad])} at ${bad}`;
  throw new ArgumentError(`normalization(): ${name}: expected ${expected}, got ${got}`);
}

/**
 * (x − mean) / deviation for each feature, the last axis: (…, features) → (…, features). What it
 * subtracts and divides by is fixed, and travels with the saved model, so that a model takes its
 * inputs as they were measured. Keras's Normalization; `normalizationOf` finds the numbers.
 *
 * @example sequential([normalization({ mean: [5.8, 3], deviation: [0.8, 0.4] }), dense(3)], { inputShape: [2] })
 * @throws ArgumentError for numbers that are not finite, negative deviations, or unequal lengths
 */
export function normalization(options: NormalizationOptions): Layer {
  const where = "normalization()";
  checkOptions(where, options, ["mean", "deviation", "name"]);
  const mean = numbers("mean", options.mean, Number.NEGATIVE_INFINITY);
  const deviation = numbers("deviation", options.deviation, 0);
  const width = mean.length;
  if (deviation.length !== width) {
    throw new ArgumentError(
      `${where}: deviation: expected ${width} numbers, as mean has, got ${deviation.length}`,
    );
  }
  const shift = leaf(Float32Array.from(mean), [width], "float32"); // (features)
  const scale = leaf(
    Float32Array.from(deviation, (v) => Math.fround(v) || 1),
    [width],
    "float32",
  ); // (features)
  return createLayer({
    type: "normalization",
    name: options.name,
    config: { mean, deviation },
    call(x) {
      if (x.shape[x.rank - 1] !== width) {
        throw new ShapeError(
          `${where}: expected inputs (…, ${width}), got shape ${showShape(x.shape)}`,
        );
      }
      return div(sub(x, shift), scale);
    },
    affine: () => ({
      map: (x) => x.map((v, j) => (v - Math.fround(mean[j]!)) / (Math.fround(deviation[j]!) || 1)),
      shifts: true,
    }),
  });
}

/**
 * The normalization that gives these rows mean 0 and deviation 1 in each feature of the last axis,
 * computed in float64. Learn it from the training rows alone. Keras's `adapt`.
 *
 * @example sequential([normalizationOf(train.x), dense(3)], { inputShape: [4] })
 * @throws DataError for ragged or empty rows; ShapeError for single numbers; ArgumentError for NaN and infinity
 */
export function normalizationOf(x: RowsLike, options: { readonly name?: string } = {}): Layer {
  checkOptions("normalizationOf()", options, ["name"]);
  const { data, shape } = toFeatures("normalizationOf(): x", x);
  if (shape.length < 2) {
    throw new ShapeError(
      `normalizationOf(): x: expected rows (rows, …, features), got shape ${showShape(shape)}`,
    );
  }
  const width = shape[shape.length - 1]!;
  const { mean, deviation } = standardizer({ data, shape: [data.length / width, width] });
  return normalization({ mean, deviation, ...options });
}
