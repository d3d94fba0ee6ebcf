import { fill } from "../graph/constants.ts";
import { add, div, equals, maximum, mul, square, sub } from "../graph/ops/elementwise.ts";
import { sum } from "../graph/ops/reduce.ts";
import { reshape } from "../graph/ops/shape.ts";
import type { AnyTensor, Tensor } from "../graph/tensor.ts";
import { alike } from "../losses/targets.ts";
import { oneOf } from "../options/index.ts";
import { lastSize } from "../values/shape.ts";
import type { Metric, MetricResult } from "./metric.ts";
import { type MetricOptions, shipped } from "./shipped.ts";
import { streamMetric, type Tensors } from "./stream.ts";
import { share } from "./sums.ts";

/** Options of correlations. */
export interface CorrelationOptions<A extends "macro" | "none" = "macro" | "none"> {
  /** "macro": the mean over the outputs (default); "none": a list with a number for each. */
  readonly average?: A;
}

/** Of one output: deviations from the mean, over all rows. */
interface Moments {
  readonly ofTruth: number;
  readonly ofSaid: number;
  readonly together: number;
  /** Difference of the means. */
  readonly apart: number;
}

/** What a state holds for each output: sums of what is above the first batch's means, so that large numbers lose nothing. */
const SUMS = ["truth", "said", "truthSquares", "saidSquares", "products"] as const;

function correlated<N extends string, A extends "macro" | "none">(
  type: string,
  options: (CorrelationOptions<A> & MetricOptions<N>) | undefined,
  score: (moments: Moments) => number,
): Metric<N, "none" extends A ? number[] : number> {
  const average = (where: string, name: string, value: unknown) =>
    oneOf(where, name, value, ["macro", "none"]);
  return shipped<N, CorrelationOptions, MetricResult>(
    type,
    options,
    { average },
    (given) => (_where, _loss, shape) => {
      const outputs = lastSize(shape) ?? 1;
      const zeros = fill([outputs], 0) as AnyTensor;
      const start: Tensors = {
        count: fill([1], 0) as AnyTensor,
        ofTruth: zeros,
        ofSaid: zeros,
        ...Object.fromEntries(SUMS.map((name) => [name, zeros])),
      };
      return streamMetric(type, {
        start,
        update(state, yTrue, yPred, weight) {
          const rows = (x: AnyTensor) => reshape(x, [-1, outputs]);
          const [t, p] = [rows(alike(type, yTrue as Tensor, yPred)), rows(yPred)];
          const w = reshape(weight, [-1, 1]);
          const total = (x: Tensor) => sum(mul(x, w), { axis: 0 });
          const count = sum(w, { axis: 0 });
          const isFirst = equals(state.count!, 0);
          const center = (before: AnyTensor, x: Tensor) =>
            add(before, mul(sub(div(total(x), maximum(count, 1e-7)), before), isFirst));
          const [ofTruth, ofSaid] = [center(state.ofTruth!, t), center(state.ofSaid!, p)];
          const [truth, said] = [sub(t, ofTruth), sub(p, ofSaid)];
          const each = [truth, said, square(truth), square(said), mul(truth, said)];
          const sums = SUMS.map((name, i) => [name, add(state[name]!, total(each[i]!))]);
          return {
            ...{ count: add(state.count!, count), ofTruth, ofSaid },
            ...Object.fromEntries(sums),
          } as Tensors;
        },
        result(state) {
          const of = (name: string, i: number) => state[name]!.data()[i]!;
          const count = of("count", 0);
          const scores = Array.from({ length: outputs }, (_, i) => {
            const [t, p] = [share(of("truth", i), count), share(of("said", i), count)];
            return score({
              ofTruth: share(of("truthSquares", i), count) - t * t,
              ofSaid: share(of("saidSquares", i), count) - p * p,
              together: share(of("products", i), count) - t * p,
              apart: of("ofTruth", i) + t - of("ofSaid", i) - p,
            });
          });
          if (given.average === "none") return scores;
          return scores.reduce((a, b) => a + b, 0) / outputs;
        },
      });
    },
  ) as Metric<N, "none" extends A ? number[] : number>;
}

/**
 * Pearson's correlation of targets and predictions over all rows, from −1 to 1, of each output and averaged over them; 0 where
 * either is always the same (scipy.stats.pearsonr, torchmetrics' PearsonCorrCoef; Keras's PearsonCorrelation is along an axis
 * of each row).
 *
 * @example metrics.pearsonCorrelation().of([1, 2, 3, 4], [2, 4, 6, 8]) // 1
 * @throws ArgumentError for options it does not have
 */
export const pearsonCorrelation = <
  const N extends string = "pearsonCorrelation",
  const A extends "macro" | "none" = "macro",
>(
  options?: CorrelationOptions<A> & MetricOptions<N>,
): Metric<N, "none" extends A ? number[] : number> =>
  correlated("pearsonCorrelation", options, ({ ofTruth, ofSaid, together }) =>
    ofTruth > 0 && ofSaid > 0 ? together / Math.sqrt(ofTruth * ofSaid) : 0,
  );

/**
 * Lin's concordance, 2·cov / (var + var + (difference of means)²), over all rows: Pearson's correlation, less where the line
 * is another than y = x; of each output and averaged over them (torchmetrics' ConcordanceCorrCoef; Keras's
 * ConcordanceCorrelation is along an axis of each row).
 *
 * @example metrics.concordanceCorrelation().of([1, 2, 3], [2, 3, 4]) // 0.57142…
 * @throws ArgumentError for options it does not have
 */
export const concordanceCorrelation = <
  const N extends string = "concordanceCorrelation",
  const A extends "macro" | "none" = "macro",
>(
  options?: CorrelationOptions<A> & MetricOptions<N>,
): Metric<N, "none" extends A ? number[] : number> =>
  correlated("concordanceCorrelation", options, ({ ofTruth, ofSaid, together, apart }) =>
    share(2 * together, ofTruth + ofSaid + apart * apart),
  );
