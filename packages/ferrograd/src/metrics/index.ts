import { ArgumentError } from "../errors.ts";
import type { TensorLike } from "../graph/leaf.ts";
import type { AnyTensor, Tensor } from "../graph/tensor.ts";
import { ofSigmoid } from "../losses/crossentropy.ts";
import type { LossRow, Targets } from "../losses/loss.ts";
import { meanAbsoluteError, meanSquaredError } from "../losses/regression.ts";
import { alike } from "../losses/targets.ts";
import { oneOf, show } from "../suggest.ts";
import { binaryAccuracy, topKAccuracy } from "./accuracy.ts";

/** Names that `compile` takes in `metrics`. */
export type MetricName =
  | "accuracy"
  | "binaryAccuracy"
  | "topKCategoricalAccuracy"
  | "meanAbsoluteError"
  | "meanSquaredError";

/** A metric sample by sample, for a model with this loss. */
export interface Metric {
  (yTrue: Targets, yPred: Tensor): Tensor;
  /** Refuses outputs that it cannot take. */
  readonly check?: NonNullable<LossRow["read"]>;
}

/** A metric of floats in the shape of the outputs. */
const ofFloats =
  (name: string, metric: (loss: LossRow) => Metric) =>
  (where: string, loss: LossRow): Metric => {
    if (loss.labels === "float32") return metric(loss);
    throw new ArgumentError(
      `${where}: metric "${name}": expected a loss whose targets are numbers, got "${loss.name}"`,
    );
  };

const distance = (name: string, call: (yTrue: TensorLike, yPred: TensorLike) => Tensor) =>
  ofFloats(name, () => (yTrue, yPred) => call(yTrue as AnyTensor, yPred));

const rows: { readonly [name in MetricName]: (where: string, loss: LossRow) => Metric } = {
  accuracy: (where, loss) => {
    if (loss.accuracy !== undefined) return loss.accuracy;
    const got = loss.name === "" ? "a loss of your own" : `"${loss.name}"`;
    const [only, but] =
      loss.ignored === undefined ? ["", ""] : [" without ignoreIndex", " with ignoreIndex"];
    throw new ArgumentError(
      `${where}: metric "accuracy": expected a cross-entropy${only} as the loss, got ${got}${but}`,
    );
  },
  // Outputs are logits or probabilities as the loss has it said.
  binaryAccuracy: ofFloats("binaryAccuracy", ({ options }) => {
    const read = ofSigmoid(options);
    const metric = (yTrue: Targets, yPred: Tensor) =>
      binaryAccuracy(
        alike("binaryAccuracy", yTrue as Tensor, yPred),
        read("binaryAccuracy", yPred),
      );
    return Object.assign(metric, { check: read });
  }),
  topKCategoricalAccuracy: () => topKAccuracy,
  meanAbsoluteError: distance("meanAbsoluteError", meanAbsoluteError),
  meanSquaredError: distance("meanSquaredError", meanSquaredError),
};

/** The metrics of a list of names. @internal */
export function metricsOf(where: string, names: unknown, loss: LossRow): Map<string, Metric> {
  if (!Array.isArray(names)) {
    throw new ArgumentError(`${where}: metrics: expected a list of names, got ${show(names)}`);
  }
  return new Map(names.map((name) => [name as string, metricOf(where, name, loss)]));
}

/** The metric of a name. */
function metricOf(where: string, name: unknown, loss: LossRow): Metric {
  const known = oneOf(where, "metric", name, Object.keys(rows) as MetricName[]);
  return rows[known](where, loss);
}
