import { callable, oneOf, own } from "../options/index.ts";
import { classifications } from "./classification.ts";
import { crossentropies } from "./crossentropy.ts";
import { ownRow } from "./custom.ts";
import { isLoss, type Loss, type LossFunction, type LossOf, type LossRow } from "./loss.ts";
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

const losses = new Map(
  [...crossentropies, ...regressions, ...classifications].map((loss) => [
    loss.row.name,
    loss as unknown as LossOf<object>,
  ]),
);

/** The loss of a name, with options. @internal */
export function lossNamed(where: string, name: unknown, options: object = {}): Loss {
  return losses.get(oneOf(where, "loss", name, [...losses.keys()], "dice()"))!.with(options);
}

/** The row of a name or of one of our losses; a function of one's own becomes a row without a name. @internal */
export function lossOf(where: string, loss: unknown): LossRow {
  if (typeof loss !== "function") return lossNamed(where, loss).row;
  if (isLoss(loss)) return loss.row;
  own(where, "a loss", loss);
  return ownRow(callable(where, "loss", loss) as LossFunction);
}
