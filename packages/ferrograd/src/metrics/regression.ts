import { fill } from "../graph/constants.ts";
import { abs, add, div, equals, maximum, mul, neg, square, sub } from "../graph/ops/elementwise.ts";
import { mean, sum } from "../graph/ops/reduce.ts";
import { reshape } from "../graph/ops/shape.ts";
import type { AnyTensor, Tensor } from "../graph/tensor.ts";
import type { LossRow, Targets } from "../losses/loss.ts";
import {
  meanAbsoluteError as absoluteLoss,
  cosineSimilarity as cosineLoss,
  meanSquaredError as squaredLoss,
} from "../losses/regression.ts";
import { alike } from "../losses/targets.ts";
import { oneOf } from "../options/index.ts";
import { lastSize } from "../values/shape.ts";
import type { Metric, RowMetric } from "./metric.ts";
import { type MetricOptions, shipped } from "./shipped.ts";
import { placesOf, streamMetric } from "./stream.ts";
import { share, sumsMetric } from "./sums.ts";

type Call = (yTrue: Tensor, yPred: Tensor) => Tensor;

/** A metric of amounts that is a mean over the rows. */
const ofAmounts = <N extends string>(
  type: string,
  options: MetricOptions<N> | undefined,
  call: Call,
) =>
  shipped<N, object>(type, options, {}, () => () => {
    const metric: RowMetric = (yTrue, yPred) =>
      reshape(call(alike(type, yTrue as Tensor, yPred), yPred), placesOf(yPred));
    return metric;
  });

const ofLoss =
  (loss: { readonly row: LossRow }): Call =>
  (t, p) =>
    loss.row.call(t as Targets, p);

/** The mean over the last axis, of which there is none where outputs are one number for each row. */
const perPlace = (x: Tensor): Tensor => (x.rank > 1 ? mean(x, { axis: -1 }) : x);

/**
 * The mean of (yTrue − yPred)² (Keras's MeanSquaredError, torchmetrics' MeanSquaredError).
 *
 * @example metrics.meanSquaredError().of([1, 2], [1, 4]) // 2
 * @throws ArgumentError for options it does not have
 */
export const meanSquaredError = <const N extends string = "meanSquaredError">(
  options?: MetricOptions<N>,
): Metric<N> => ofAmounts("meanSquaredError", options, ofLoss(squaredLoss));

/**
 * The mean of |yTrue − yPred| (Keras's MeanAbsoluteError, torchmetrics' MeanAbsoluteError).
 *
 * @example metrics.meanAbsoluteError().of([1, 2], [1, 4]) // 1
 * @throws ArgumentError for options it does not have
 */
export const meanAbsoluteError = <const N extends string = "meanAbsoluteError">(
  options?: MetricOptions<N>,
): Metric<N> => ofAmounts("meanAbsoluteError", options, ofLoss(absoluteLoss));

/** Targets are at least this far from 0 in what is divided by them, as in Keras. */
const LEAST = 1e-7;

/**
 * 100 times the mean of |yTrue − yPred| / |yTrue|, which is 1e-7 at least (Keras's MeanAbsolutePercentageError).
 *
 * @example metrics.meanAbsolutePercentageError().of([1, 2], [1, 4]) // 50
 * @throws ArgumentError for options it does not have
 */
export const meanAbsolutePercentageError = <const N extends string = "meanAbsolutePercentageError">(
  options?: MetricOptions<N>,
): Metric<N> =>
  ofAmounts("meanAbsolutePercentageError", options, (t, p) =>
    perPlace(mul(div(abs(sub(t, p)), maximum(abs(t), LEAST)), 100)),
  );

/**
 * The mean of Σ yTrue·yPred / (|yTrue|·|yPred|) over the last axis, 1 for the same direction (Keras's CosineSimilarity; the
 * loss of that name is its negative).
 *
 * @example metrics.cosineSimilarity().of([[1, 0]], [[3, 0]]) // 1
 * @throws ArgumentError for options it does not have
 */
export const cosineSimilarity = <const N extends string = "cosineSimilarity">(
  options?: MetricOptions<N>,
): Metric<N> => ofAmounts("cosineSimilarity", options, (t, p) => neg(cosineLoss.row.call(t, p)));

/**
 * The root of the mean of (yTrue − yPred)² over all rows (Keras's RootMeanSquaredError).
 *
 * @example metrics.rootMeanSquaredError().of([1, 2, 3, 4], [1, 2, 3, 8]) // 2
 * @throws ArgumentError for options it does not have
 */
export const rootMeanSquaredError = <const N extends string = "rootMeanSquaredError">(
  options?: MetricOptions<N>,
): Metric<N> =>
  shipped<N, object>(
    "rootMeanSquaredError",
    options,
    {},
    () => () =>
      sumsMetric("rootMeanSquaredError", {
        shapes: { squares: [], count: [] },
        add(yTrue, yPred, weight) {
          const t = alike("rootMeanSquaredError", yTrue as Tensor, yPred);
          const each = reshape(squaredLoss.row.call(t, yPred), weight.shape);
          return { squares: sum(mul(each, weight)), count: sum(weight) };
        },
        result: ({ squares, count }) => Math.sqrt(share(squares[0]!, count[0]!)),
      }),
  );

/** Options of `r2Score`. */
export interface R2Options {
  /** "uniform_average": the mean over the outputs (default); "variance_weighted_average": that by how much each target varies. */
  readonly classAggregation?: "uniform_average" | "variance_weighted_average";
}

/**
 * 1 − Σ (yTrue − yPred)² / Σ (yTrue − mean)², of each output, then averaged: 1 is perfect, 0 as good as the mean (Keras's R2Score).
 * Squares are of what targets differ from the mean of the first batch, so that large ones lose nothing; 0 of targets that are all the same.
 *
 * @example metrics.r2Score().of([1, 2, 3, 4], [1, 2, 3, 3]) // 0.8
 * @throws ArgumentError for options it does not have
 */
export const r2Score = <const N extends string = "r2Score">(
  options?: R2Options & MetricOptions<N>,
): Metric<N> =>
  shipped<N, R2Options>(
    "r2Score",
    options,
    {
      classAggregation: (where: string, name: string, value: unknown) =>
        oneOf(where, name, value, ["uniform_average", "variance_weighted_average"]),
    },
    ({ classAggregation }) =>
      (_where, _loss, shape) => {
        const outputs = lastSize(shape) ?? 1;
        return r2Stream(outputs, classAggregation === "variance_weighted_average");
      },
  );

/** Sums of what targets are above the first batch's mean, of its squares and of the errors' squares: (outputs). */
function r2Stream(outputs: number, byVariance: boolean) {
  const zeros = fill([outputs], 0) as AnyTensor;
  const start = {
    count: fill([1], 0) as AnyTensor,
    shift: zeros,
    sum: zeros,
    squares: zeros,
    errors: zeros,
  };
  return streamMetric("r2Score", {
    start,
    update(state, yTrue, yPred, weight) {
      const rows = (x: AnyTensor) => reshape(x, [-1, outputs]);
      const t = rows(alike("r2Score", yTrue as Tensor, yPred));
      const w = reshape(weight, [-1, 1]);
      const total = (x: Tensor) => sum(mul(x, w), { axis: 0 });
      const count = sum(w, { axis: 0 });
      const shift = state.shift as Tensor;
      const isFirst = equals(state.count!, 0);
      const first = div(total(t), maximum(count, LEAST));
      const center = add(shift, mul(sub(first, shift), isFirst));
      const above = sub(t, center);
      return {
        count: add(state.count!, count) as AnyTensor,
        shift: center as AnyTensor,
        sum: add(state.sum!, total(above)) as AnyTensor,
        squares: add(state.squares!, total(square(above))) as AnyTensor,
        errors: add(state.errors!, total(square(sub(t, rows(yPred))))) as AnyTensor,
      };
    },
    result(state) {
      const of = (name: keyof typeof start) => state[name]!.data();
      const count = of("count")[0]!;
      const each = Array.from(of("sum"), (sum, i) => {
        const spread = of("squares")[i]! - share(sum * sum, count);
        return { spread, score: spread > 0 ? 1 - of("errors")[i]! / spread : 0 };
      });
      const weights = each.map(({ spread }) => (byVariance ? spread : 1));
      const all = weights.reduce((a, b) => a + b, 0);
      return share(
        each.reduce((a, { score }, i) => a + score * weights[i]!, 0),
        all,
      );
    },
  });
}
