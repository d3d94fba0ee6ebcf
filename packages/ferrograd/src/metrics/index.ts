import { ArgumentError } from "../errors.ts";
import type { Tensor } from "../graph/tensor.ts";
import type { LossRow, Targets } from "../losses/loss.ts";
import { oneOf, show } from "../suggest.ts";

/** Names that `compile` takes in `metrics`. */
export type MetricName = "accuracy";

/** A metric sample by sample, for a model with this loss. */
export type Metric = (yTrue: Targets, yPred: Tensor) => Tensor;

const rows: { readonly [name in MetricName]: (where: string, loss: LossRow) => Metric } = {
  accuracy: (where, loss) => {
    if (loss.accuracy !== undefined) return loss.accuracy;
    const got = loss.name === "" ? "a loss of your own" : `"${loss.name}"`;
    throw new ArgumentError(
      `${where}: metric "accuracy": expected a cross-entropy as the loss, got ${got}`,
    );
  },
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
