import { leaf } from "../graph/constants.ts";
import { equals, exceeds, mul, square, sub } from "../graph/ops/elementwise.ts";
import { argmax, asFloats } from "../graph/ops/indexing.ts";
import { max, sum } from "../graph/ops/reduce.ts";
import { reshape } from "../graph/ops/shape.ts";
import type { AnyTensor } from "../graph/tensor.ts";
import { boolean } from "../options/index.ts";
import { FLOAT } from "../values/dtype.ts";
import type { Metric, RowMetric } from "./metric.ts";
import { type ClassOptions, ClassOutputs } from "./outputs.ts";
import { countUpTo, type MetricOptions, shipped } from "./shipped.ts";
import { placesOf } from "./stream.ts";
import { share, sumsMetric } from "./sums.ts";

/** Options of metrics of probabilities. */
export type ProbabilityOptions = Pick<ClassOptions, "fromLogits">;

/** Options of `expectedCalibrationError`. */
export interface CalibrationOptions extends ProbabilityOptions {
  /** Intervals of the same width from 0 to 1 (default 15). */
  readonly numBins?: number;
}

/**
 * How far probabilities are from how often they are right: Σ share of rows · |share that is right − mean probability|, over
 * intervals of it; of classes that of the one that is said, else that of each output (Guo et al. 2017; torchmetrics'
 * CalibrationError).
 *
 * @example metrics.expectedCalibrationError({ fromLogits: false }).of([1, 1, 0, 1], [0.875, 0.875, 0.875, 0.875]) // 0.125
 * @throws ArgumentError for options it does not have
 */
export const expectedCalibrationError = <const N extends string = "expectedCalibrationError">(
  options?: CalibrationOptions & MetricOptions<N>,
): Metric<N> =>
  shipped<N, CalibrationOptions>(
    "expectedCalibrationError",
    options,
    { fromLogits: boolean, numBins: countUpTo(1) },
    (given) => (where, loss, shape) => {
      const { numBins = 15 } = given;
      const outputs = new ClassOutputs(where, "expectedCalibrationError", loss, shape, given);
      // Above 0 is whatever there is, so that a probability of 0 is in the first interval.
      const edges = Float32Array.from({ length: numBins }, (_, i) => (i === 0 ? -1 : i / numBins));
      const stream = sumsMetric("expectedCalibrationError", {
        shapes: { rows: [numBins], sure: [numBins], right: [numBins] },
        add(yTrue, yPred, weight) {
          const p = outputs.probabilities(yPred);
          const truth = outputs.truth(yTrue, yPred);
          const column = (x: AnyTensor) => reshape(x, [-1, 1]);
          const sure = outputs.areClasses ? column(max(p, { axis: -1 })) : column(p);
          const right = outputs.areClasses
            ? column(equals(float(argmax(p)), float(argmax(truth))))
            : column(truth);
          const w = column(mul(outputs.weights(weight), outputs.areClasses ? 1 : ones(p)));
          const above = mul(exceeds(sure, leaf(edges, [numBins], FLOAT)), w);
          const count = (x: typeof above) => sum(mul(above, x), { axis: 0 });
          return { rows: sum(above, { axis: 0 }), sure: count(sure), right: count(right) };
        },
        result({ rows, sure, right }) {
          let error = 0;
          const inside = (sums: Float64Array, i: number) => sums[i]! - (sums[i + 1] ?? 0);
          for (let i = 0; i < numBins; i++) error += Math.abs(inside(right, i) - inside(sure, i));
          return share(error, rows[0]!);
        },
      });
      return { ...stream, check: outputs.check };
    },
  );

const float = (x: AnyTensor) => asFloats(x);

/** 1 in each place. */
const ones = (p: ReturnType<typeof sub>) => equals(p, p);

/**
 * The mean of Σ (p − t)² over the classes; of one output, or several that are taken each by itself, of (p − t)² (Brier 1950;
 * scikit-learn's brier_score_loss).
 *
 * @example metrics.brierScore({ fromLogits: false }).of([1, 0], [0.75, 0.5]) // 0.15625
 * @throws ArgumentError for options it does not have
 */
export const brierScore = <const N extends string = "brierScore">(
  options?: ProbabilityOptions & MetricOptions<N>,
): Metric<N> =>
  shipped<N, ProbabilityOptions>(
    "brierScore",
    options,
    { fromLogits: boolean },
    (given) => (where, loss, shape) => {
      const outputs = new ClassOutputs(where, "brierScore", loss, shape, given);
      const call: RowMetric = (yTrue, yPred) => {
        const errors = square(sub(outputs.probabilities(yPred), outputs.truth(yTrue, yPred)));
        const each = sum(errors, { axis: -1 });
        const scale = outputs.areClasses ? 1 : 1 / outputs.columns;
        return reshape(mul(each, scale), placesOf(yPred));
      };
      return Object.assign(call, { check: outputs.check });
    },
  );
