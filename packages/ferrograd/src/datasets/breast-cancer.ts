import type { Split } from "../data/split.ts";
import { checkOptions, type NoOptions } from "../options/index.ts";
import { table } from "./generated/breast-cancer.ts";
import { load, standardized } from "./load.ts";

const MEASURES = [
  "radius",
  "texture",
  "perimeter",
  "area",
  "smoothness",
  "compactness",
  "concavity",
  "concave points",
  "symmetry",
  "fractal dimension",
];

const featureNames = () => [
  ...MEASURES.map((measure) => `mean ${measure}`),
  ...MEASURES.map((measure) => `${measure} error`),
  ...MEASURES.map((measure) => `worst ${measure}`),
];

let split: Split | undefined;

/**
 * 569 breast tumors, 30 measures of the cell nuclei in an image, 2 classes: malignant (0, 212 rows)
 * and benign (1, 357 rows).
 *
 * Each column is standardized with the mean and deviation of the training rows. The split is fixed
 * and stratified: 455 rows for training, 114 for testing, each in random order. Unpacked at the
 * first call; later calls give the same objects.
 *
 * Source: W. Wolberg, O. Mangasarian, N. Street and W. Street, Breast Cancer Wisconsin (Diagnostic)
 * (1993), UCI Machine Learning Repository, doi:10.24432/C5DW2B, CC BY 4.0, as scikit-learn
 * distributes it.
 *
 * @example
 * const { train, test } = breastCancer();
 * train.classNames; // ["malignant", "benign"]
 */
export function breastCancer(options: NoOptions = {}): Split {
  checkOptions("breastCancer()", options, []);
  split ??= load(
    table,
    { name: "breast cancer", classNames: ["malignant", "benign"], featureNames: featureNames() },
    standardized,
  );
  return split;
}
