import { equals, exceeds, mul } from "../graph/ops/elementwise.ts";
import { mean, sum } from "../graph/ops/reduce.ts";
import { reshape } from "../graph/ops/shape.ts";
import type { Tensor } from "../graph/tensor.ts";
import { boolean, float32, positiveInteger } from "../options/index.ts";
import type { Metric, RowMetric } from "./metric.ts";
import { type ClassOptions, ClassOutputs } from "./outputs.ts";
import { type MetricOptions, shipped } from "./shipped.ts";
import { placesOf } from "./stream.ts";

/** What a row has, in the shape that weights have. */
const perPlace = (values: Tensor, yPred: Tensor): Tensor => reshape(values, placesOf(yPred));

/**
 * The share of outputs on the right side of the threshold, 1/2 by default, each by itself (Keras's BinaryAccuracy).
 *
 * @example metrics.binaryAccuracy({ fromLogits: false }).of([1, 0, 1], [0.9, 0.2, 0.4]) // 0.66667…
 * @throws ArgumentError for options it does not have
 */
export const binaryAccuracy = <const N extends string = "binaryAccuracy">(
  options?: ClassOptions & MetricOptions<N>,
): Metric<N> =>
  shipped<N, ClassOptions>(
    "binaryAccuracy",
    options,
    { fromLogits: boolean, threshold: float32 },
    (given) => (where, loss, shape) => {
      const each = { threshold: 0.5, ...given };
      const outputs = new ClassOutputs(where, "binaryAccuracy", loss, shape, each);
      const call: RowMetric = (yTrue, yPred) =>
        perPlace(
          mean(equals(outputs.said(yPred), outputs.truth(yTrue, yPred)), { axis: -1 }),
          yPred,
        );
      return Object.assign(call, { check: outputs.check });
    },
  );

/** The share of rows whose largest output is the right class. */
const ofClasses = <N extends string>(type: string, options: MetricOptions<N> | undefined) =>
  shipped<N, object>(type, options, {}, () => (where, loss, shape) => {
    const outputs = new ClassOutputs(where, type, loss, shape, {});
    const call: RowMetric = (yTrue, yPred) => {
      const hits = mul(outputs.said(yPred), outputs.truth(yTrue, yPred));
      return perPlace(sum(hits, { axis: -1 }), yPred);
    };
    return call;
  });

/**
 * The share of rows whose largest output is the class with the largest target: one-hot rows (Keras's CategoricalAccuracy).
 *
 * @example metrics.categoricalAccuracy().of([[0, 1], [1, 0]], [[0.2, 0.8], [0.1, 0.9]]) // 0.5
 * @throws ArgumentError for options it does not have
 */
export const categoricalAccuracy = <const N extends string = "categoricalAccuracy">(
  options?: MetricOptions<N>,
): Metric<N> => ofClasses("categoricalAccuracy", options);

/**
 * The share of rows whose largest output is the labelled class (Keras's SparseCategoricalAccuracy).
 *
 * @example metrics.sparseCategoricalAccuracy().of([1, 0], [[0.2, 0.8], [0.1, 0.9]]) // 0.5
 * @throws ArgumentError for options it does not have
 */
export const sparseCategoricalAccuracy = <const N extends string = "sparseCategoricalAccuracy">(
  options?: MetricOptions<N>,
): Metric<N> => ofClasses("sparseCategoricalAccuracy", options);

/** Options of `topKCategoricalAccuracy`. */
export interface TopKOptions {
  /** How many of the largest outputs count (default 5). */
  readonly k?: number;
}

/**
 * The share of rows whose class has fewer than `k` outputs above its own: class numbers or one-hot rows (Keras's
 * TopKCategoricalAccuracy and SparseTopKCategoricalAccuracy).
 *
 * @example metrics.topKCategoricalAccuracy({ k: 2 }).of([0, 2], [[0.2, 0.5, 0.3], [0.1, 0.5, 0.4]]) // 0.5
 * @throws ArgumentError for options it does not have
 */
export const topKCategoricalAccuracy = <const N extends string = "topKCategoricalAccuracy">(
  options?: TopKOptions & MetricOptions<N>,
): Metric<N> =>
  shipped<N, TopKOptions>(
    "topKCategoricalAccuracy",
    options,
    { k: positiveInteger },
    ({ k = 5 }) =>
      (where, loss, shape) => {
        const outputs = new ClassOutputs(where, "topKCategoricalAccuracy", loss, shape, {});
        const call: RowMetric = (yTrue, yPred) => {
          const p = reshape(yPred, [-1, outputs.columns]);
          const own = mul(p, outputs.truth(yTrue, yPred));
          const score = sum(own, { axis: -1, keepDims: true });
          return perPlace(exceeds(k, sum(exceeds(p, score), { axis: -1 })), yPred);
        };
        return call;
      },
  );
