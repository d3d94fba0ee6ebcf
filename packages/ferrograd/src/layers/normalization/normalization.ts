import { standardizer } from "../../data/preprocessing.ts";
import { ArgumentError, ShapeError } from "../../errors.ts";
import { leaf } from "../../graph/constants.ts";
import { div, sub } from "../../graph/ops/elementwise.ts";
import { checkOptions, requireOptions, show } from "../../options/index.ts";
import { FLOAT } from "../../values/dtype.ts";
import { checkFinite, type RowsLike, toFeatures } from "../../values/rows.ts";
import { showShape } from "../../values/shape.ts";
import { createLayer } from "../create.ts";
import { expectInputs } from "../expect.ts";
import type { Layer } from "../layer.ts";

/** Options of `normalization`. */
export interface NormalizationOptions {
  /** Of each feature. */
  readonly mean: ArrayLike<number>;
  /** Standard deviation of each feature, as many as means; 0, of a constant one, counts as 1. */
  readonly deviation: ArrayLike<number>;
  readonly name?: string;
}

function numbers(where: string, name: string, values: unknown, least: number): number[] {
  const isList = Array.isArray(values) || (ArrayBuffer.isView(values) && "length" in values);
  const list: number[] = isList && values.length !== 0 ? Array.from(values as number[]) : [];
  const bad = list.findIndex((v) => !Number.isFinite(v) || v < least);
  if (list.length > 0 && bad < 0) return list.map((v) => v + 0); // −0, which no file holds, as 0
  const expected = least === 0 ? "finite numbers of 0 or more" : "finite numbers";
  const got = bad < 0 ? show(values) : `${show(list[bad])} at ${bad}`;
  throw new ArgumentError(`${where}: ${name}: expected ${expected}, got ${got}`);
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
  requireOptions("normalization()", options, ["mean", "deviation", "name"]);
  return normalizing("normalization()", options);
}

function normalizing(where: string, options: NormalizationOptions): Layer {
  const mean = numbers(where, "mean", options.mean, Number.NEGATIVE_INFINITY);
  const deviation = numbers(where, "deviation", options.deviation, 0);
  const width = mean.length;
  if (deviation.length !== width) {
    throw new ArgumentError(
      `${where}: deviation: expected ${width} numbers, as mean has, got ${deviation.length}`,
    );
  }
  const shift = leaf(Float32Array.from(mean), [width], FLOAT); // (features)
  const scale = leaf(
    Float32Array.from(deviation, (v) => Math.fround(v) || 1),
    [width],
    FLOAT,
  ); // (features)
  return createLayer(
    {
      type: "normalization",
      name: options.name,
      config: { mean, deviation },
      call(x) {
        expectInputs(where, x, ["…", width]);
        return div(sub(x, shift), scale);
      },
      affine: () => ({
        map: (x) =>
          x.map((v, j) => (v - Math.fround(mean[j]!)) / (Math.fround(deviation[j]!) || 1)),
        shifts: true,
        diagonal: true,
      }),
    },
    where,
  );
}

/**
 * The normalization that gives these rows mean 0 and deviation 1 in each feature of the last axis,
 * computed in float64. Learn it from the training rows alone. Keras's `adapt`.
 *
 * @example sequential([normalizationOf(train.x), dense(3)], { inputShape: [4] })
 * @throws DataError for ragged or empty rows, NaN and infinity; ShapeError for single numbers
 */
export function normalizationOf(x: RowsLike, options: { readonly name?: string } = {}): Layer {
  const where = "normalizationOf()";
  checkOptions(where, options, ["name"]);
  const rows = toFeatures(`${where}: x`, x);
  const { data, shape } = rows;
  if (shape.length < 2) {
    throw new ShapeError(
      `${where}: x: expected rows (rows, …, features), got shape ${showShape(shape)}`,
    );
  }
  checkFinite(`${where}: x`, rows);
  const width = shape[shape.length - 1]!;
  const { mean, deviation } = standardizer({ data, shape: [data.length / width, width] });
  return normalizing(where, { mean, deviation, ...options });
}
