import { Dataset, type DatasetInit } from "../data/dataset.ts";
import { standardizer } from "../data/preprocessing.ts";
import { type Split, trainTestSplit } from "../data/split.ts";
import type { Features } from "../values/rows.ts";
import { type PackedTable, unpack } from "./table.ts";

type Names = Pick<DatasetInit, "name" | "classNames" | "featureNames">;

const withFeatures = (dataset: Dataset, x: Features, names: Names): Dataset =>
  new Dataset({ x, y: dataset.y, ...names });

/** The table cut 80/20 by class, both parts scaled by what `scaling` learns from the training x. */
export function load(
  packed: PackedTable,
  names: Names,
  scaling: (train: Features) => (x: Features) => Features,
): Split {
  const { train, test } = trainTestSplit(new Dataset(unpack(packed)), { testFraction: 0.2 });
  const scale = scaling(train.x);
  return {
    train: withFeatures(train, scale(train.x), names),
    test: withFeatures(test, scale(test.x), names),
  };
}

/** Every column to mean 0 and deviation 1 over the training rows. */
export const standardized = (train: Features) => {
  const scaler = standardizer(train);
  return (x: Features) => scaler.transform(x);
};
