import { ArgumentError } from "../errors.ts";
import { type LossName, lossOf } from "../losses/by-name.ts";
import type { LossFunction } from "../losses/loss.ts";
import { type MetricName, metricsOf } from "../metrics/by-name.ts";
import type { AnyMetric, States } from "../metrics/metric.ts";
import { nonNegativeFloat32 } from "../options/index.ts";
import { onlyOf, type PerPort, perPort } from "./given.ts";
import type { Head, Port } from "./heads.ts";
import type { Programs } from "./programs.ts";
import { hopeless, readOutput } from "./readings.ts";

/** How `compile` is told to train the outputs. */
export interface HeadOptions<M extends MetricName | AnyMetric> {
  readonly loss: PerPort<LossName | LossFunction>;
  readonly metrics?: PerPort<readonly M[]> | readonly M[] | undefined;
  readonly lossWeights?: readonly number[] | Readonly<Record<string, number>> | undefined;
}

/** How each output is trained, checked: what is not said for each by name or in their order is said for all. */
export function headsOf(
  where: string,
  { loss, metrics = [], lossWeights }: HeadOptions<MetricName | AnyMetric>,
  outputs: readonly Port[],
  programs: Programs,
): Head[] {
  const names = outputs.map(({ name }) => name);
  const several = outputs.length > 1;
  const each = (option: string, value: unknown, isForAll: boolean, optional = false) =>
    isForAll
      ? names.map((name) => (several ? value : onlyOf(value, name)))
      : perPort(`${where}: ${option}`, "output", value, names, optional);
  const losses = each("loss", loss, !several || isOne(loss));
  const measured = each("metrics", metrics, !several || isFlat(metrics), true);
  if (!several && lossWeights !== undefined) {
    throw new ArgumentError(
      `${where}: lossWeights: expected a model with several outputs, got one with 1; a higher learning rate does the same`,
    );
  }
  const weights = each("lossWeights", lossWeights, lossWeights === undefined, true);
  return outputs.map(({ name, shape }, i): Head => {
    const at = several ? `${where}: output "${name}"` : where;
    const row = lossOf(at, losses[i]);
    if (row.reduction === "none") {
      throw new ArgumentError(
        `${at}: loss: reduction: expected "mean" or "sum" in a model, got "none"`,
      );
    }
    const why = hopeless(programs, i, outputs[i]!, row);
    if (why !== undefined) throw new ArgumentError(`${at}: ${why}`);
    const own = metricsOf(at, measured[i] ?? [], row, shape);
    return {
      name: several ? name : "",
      output: name,
      outputShape: shape,
      targetShape: row.targetShape(shape),
      loss: row,
      reading: readOutput(programs, at, i, row, [...own.metrics.values(), ...own.streams.values()]),
      ...own,
      lossWeight: nonNegativeFloat32(at, "lossWeights", weights[i] ?? 1),
    };
  });
}

/** The states of all metrics that have one. */
export const statesOf = (heads: readonly Head[]): States | undefined =>
  heads.flatMap(({ streams }) => [...streams.values()])[0]?.statesOf(heads);

/** Is it one loss rather than one for each output? */
const isOne = (loss: unknown): boolean => typeof loss === "string" || typeof loss === "function";

/** Is it a list of metrics rather than one for each output? */
const isFlat = (metrics: unknown): boolean =>
  Array.isArray(metrics) && !metrics.some((metric) => Array.isArray(metric));
