import { oneOf } from "../suggest.ts";
import { classifications } from "./classification.ts";
import { crossentropies } from "./crossentropy.ts";
import type { LossFunction, LossRow } from "./loss.ts";
import { regressions } from "./regression.ts";

/** Names that `compile` takes for its loss. */
export type LossName =
  | "sparseCategoricalCrossentropy"
  | "categoricalCrossentropy"
  | "binaryCrossentropy"
  | "meanSquaredError"
  | "meanAbsoluteError"
  | "huber"
  | "logCosh"
  | "poisson"
  | "cosineSimilarity"
  | "hinge"
  | "squaredHinge"
  | "categoricalHinge"
  | "klDivergence";

const rows = new Map(
  [...crossentropies, ...regressions, ...classifications].map((row) => [row.name, row]),
);

/** The row of a name; a function becomes a row without a name. @internal */
export function lossOf(where: string, loss: unknown): LossRow {
  if (typeof loss === "function") {
    const call = loss as LossFunction;
    return {
      name: "",
      labels: "float32",
      call: (yTrue, yPred) => call(yTrue as Parameters<LossFunction>[0], yPred),
      targetShape: (outputShape) => outputShape,
    };
  }
  return rows.get(oneOf(where, "loss", loss, [...rows.keys()]))!;
}
