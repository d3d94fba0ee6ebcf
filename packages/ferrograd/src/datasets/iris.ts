import type { Split } from "../data/split.ts";
import { checkOptions, type NoOptions } from "../options/index.ts";
import { table } from "./generated/iris.ts";
import { load, standardized } from "./load.ts";

let split: Split | undefined;

/**
 * 150 iris flowers, 4 measures in cm, 3 species of 50 each.
 *
 * Each column is standardized with the mean and deviation of the training rows. The split is fixed
 * and stratified: 120 rows for training, 30 for testing, each in random order. Unpacked at the
 * first call; later calls give the same objects.
 *
 * Source: R. A. Fisher, Iris (1936), UCI Machine Learning Repository, doi:10.24432/C56C76,
 * CC BY 4.0, as scikit-learn distributes it.
 *
 * @example
 * const { train } = iris();
 * train.classNames; // ["setosa", "versicolor", "virginica"]
 */
export function iris(options: NoOptions = {}): Split {
  checkOptions("iris()", options, []);
  split ??= load(
    table,
    {
      name: "iris",
      classNames: ["setosa", "versicolor", "virginica"],
      featureNames: ["sepal length", "sepal width", "petal length", "petal width"],
    },
    standardized,
  );
  return split;
}
