import type { Split } from "../data/split.ts";
import { checkOptions, type NoOptions } from "../options/index.ts";
import { table } from "./generated/wine.ts";
import { load, standardized } from "./load.ts";

const FEATURES = [
  "alcohol",
  "malic acid",
  "ash",
  "alcalinity of ash",
  "magnesium",
  "total phenols",
  "flavanoids",
  "nonflavanoid phenols",
  "proanthocyanins",
  "color intensity",
  "hue",
  "OD280/OD315 of diluted wines",
  "proline",
];

let split: Split | undefined;

/**
 * 178 Italian wines of one region, 13 chemical measures, 3 growers' varieties (59, 71 and 48).
 *
 * Each column is standardized with the mean and deviation of the training rows. The split is fixed
 * and stratified: 142 rows for training, 36 for testing, each in random order. Unpacked at the
 * first call; later calls give the same objects.
 *
 * Source: S. Aeberhard and M. Forina, Wine (1992), UCI Machine Learning Repository,
 * doi:10.24432/C5PC7J, CC BY 4.0, as scikit-learn distributes it.
 *
 * @example
 * const { train, test } = wine();
 * test.x.shape; // [36, 13]
 */
export function wine(options: NoOptions = {}): Split {
  checkOptions("wine()", options, []);
  split ??= load(
    table,
    {
      name: "wine",
      classNames: ["class_0", "class_1", "class_2"],
      featureNames: FEATURES,
    },
    standardized,
  );
  return split;
}
