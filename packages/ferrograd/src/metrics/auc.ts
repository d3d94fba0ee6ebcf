import { leaf } from "../graph/constants.ts";
import { log } from "../graph/ops/elementwise.ts";
import { boolean, oneOf } from "../options/index.ts";
import { FLOAT } from "../values/dtype.ts";
import { type Above, type CurveOptions, curveMetric } from "./curve.ts";
import type { Metric, MetricResult } from "./metric.ts";
import { ClassOutputs } from "./outputs.ts";
import { countUpTo, type MetricOptions, shipped } from "./shipped.ts";
import { share } from "./sums.ts";

/** How areas of several classes become one number. */
export type AreaAverage = "micro" | "macro" | "none";

/** Options of `auc`. */
export interface AucOptions<A extends AreaAverage = AreaAverage> extends CurveOptions {
  /** "ROC", true over false positives (default), or "PR", precision over recall. */
  readonly curve?: "ROC" | "PR";
  /** "micro": of all classes together (default, Keras's `multi_label=False`); "macro": the mean over the classes; "none": a list. */
  readonly average?: A;
}

/** Trapezoids under true over false positives. */
function areaOfRoc({ hits, misses }: Above): number {
  let area = 0;
  for (let i = 0; i + 1 < hits.length; i++) {
    area += ((misses[i]! - misses[i + 1]!) * (hits[i]! + hits[i + 1]!)) / 2;
  }
  return share(area, hits[0]! * misses[0]!);
}

/** Precision over recall, between two thresholds as if hits went with what is said in a straight line (Davis and Goadrich 2006). */
function areaOfPr({ hits, misses }: Above): number {
  const said = Array.from(hits, (hit, i) => hit + misses[i]!);
  const ratios = said.map((more, i) => (more > 0 && said[i + 1]! > 0 ? more / said[i + 1]! : 1));
  const logs = log(leaf(Float32Array.from(ratios), [ratios.length], FLOAT)).data();
  let area = 0;
  for (let i = 0; i + 1 < hits.length; i++) {
    const more = hits[i]! - hits[i + 1]!;
    const slope = share(more, said[i]! - said[i + 1]!);
    const start = hits[i + 1]! - slope * said[i + 1]!;
    area += slope * (more + start * logs[i]!);
  }
  return share(area, hits[0]!);
}

/**
 * The area under the curve of all thresholds: how often what is so gets a higher probability than what is not, 0.5 by
 * chance; as trapezoids between `numThresholds` points (Keras's AUC, whose numbers it gives).
 *
 * @example metrics.auc({ fromLogits: false }).of([0, 0, 1, 1], [0, 0.5, 0.3, 0.9]) // 0.75
 * @example metrics.auc({ curve: "PR", fromLogits: false }).of([0, 1, 1, 1], [0, 0.5, 0.3, 0.9]) // 1
 * @throws ArgumentError for options it does not have
 */
export const auc = <const N extends string = "auc", const A extends AreaAverage = "micro">(
  options?: AucOptions<A> & MetricOptions<N>,
): Metric<N, "none" extends A ? number[] : number> => {
  const validators = {
    fromLogits: boolean,
    curve: (where: string, name: string, value: unknown) =>
      oneOf(where, name, value, ["ROC", "PR"]),
    numThresholds: countUpTo(2),
    average: (where: string, name: string, value: unknown) =>
      oneOf(where, name, value, ["micro", "macro", "none"]),
  };
  return shipped(
    "auc",
    options as AucOptions & MetricOptions<N>,
    validators,
    (given) => (where, loss, shape) => {
      const { average = "micro", curve } = given;
      const outputs = new ClassOutputs(where, "auc", loss, shape, given);
      const columns = average === "micro" ? 1 : outputs.columns;
      const stream = curveMetric("auc", outputs, columns, given, (curves): MetricResult => {
        const areas = curves.map(curve === "PR" ? areaOfPr : areaOfRoc);
        if (average === "none") return areas;
        return areas.reduce((a, b) => a + b, 0) / columns;
      });
      return { ...stream, check: outputs.check };
    },
  ) as Metric<N, "none" extends A ? number[] : number>;
};
