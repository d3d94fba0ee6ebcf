import { fill, leaf } from "../graph/constants.ts";
import { exceeds, mul } from "../graph/ops/elementwise.ts";
import { sum } from "../graph/ops/reduce.ts";
import { reshape } from "../graph/ops/shape.ts";
import type { Tensor } from "../graph/tensor.ts";
import { FLOAT } from "../values/dtype.ts";
import type { MetricResult, StreamMetric } from "./metric.ts";
import { type ClassOptions, type ClassOutputs, not } from "./outputs.ts";
import { sumsMetric } from "./sums.ts";

/** Options of metrics of a curve over all thresholds. */
export interface CurveOptions extends Pick<ClassOptions, "fromLogits"> {
  /** Points of the curve, evenly from 0 to 1 (default 200). */
  readonly numThresholds?: number;
}

/** What is above each threshold, (thresholds): of what is so, and of what is not. */
export interface Above {
  readonly hits: ArrayLike<number>;
  readonly misses: ArrayLike<number>;
}

/** Beyond 0 and 1, so that the ends of the curve are there. */
const BEYOND = 1e-7;

const thresholdsOf = (count: number): Float32Array<ArrayBuffer> =>
  Float32Array.from({ length: count }, (_, i) =>
    i === 0 ? -BEYOND : i === count - 1 ? 1 + BEYOND : i / (count - 1),
  );

/** A metric that follows from what is above each threshold, in each column, or in all together where there is to be one. */
export function curveMetric(
  type: string,
  outputs: ClassOutputs,
  columns: number,
  { numThresholds = 200 }: CurveOptions,
  result: (curves: readonly Above[]) => MetricResult,
): StreamMetric {
  const thresholds = thresholdsOf(numThresholds);
  return sumsMetric(type, {
    shapes: { hits: [numThresholds, columns], misses: [numThresholds, columns] },
    add(yTrue, yPred, weight) {
      const each = (x: Tensor) => reshape(x, [-1, 1, columns]);
      const p = each(outputs.probabilities(yPred));
      const truth = outputs.truth(yTrue, yPred);
      const w = mul(outputs.weights(weight), fill(truth.shape, 1));
      const above = exceeds(p, leaf(thresholds, [numThresholds, 1], FLOAT));
      const count = (x: Tensor) => sum(mul(above, each(mul(x, w))), { axis: 0 });
      return { hits: count(truth), misses: count(not(truth)) };
    },
    result({ hits, misses }) {
      const column = (all: Float64Array, at: number) => all.filter((_, i) => i % columns === at);
      return result(
        Array.from({ length: columns }, (_, at) => ({
          hits: column(hits, at),
          misses: column(misses, at),
        })),
      );
    },
  });
}
