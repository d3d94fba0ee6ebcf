import {
  type DivergenceOptions,
  klDivergence as divergenceLoss,
} from "../losses/classification.ts";
import {
  binaryCrossentropy as binaryLoss,
  categoricalCrossentropy as categoricalLoss,
  type SparseCrossentropyOptions,
  sparseCategoricalCrossentropy as sparseLoss,
} from "../losses/crossentropy.ts";
import type { LossOf } from "../losses/loss.ts";
import type { CrossentropyOptions } from "../losses/probabilities.ts";
import { boolean, fraction, int32 } from "../options/index.ts";
import type { Metric, RowMetric } from "./metric.ts";
import { type MetricOptions, shipped } from "./shipped.ts";

/** The mean of a loss of probabilities: outputs are logits or probabilities as the loss of the model has it said. */
const ofLoss = <N extends string, O extends { readonly fromLogits?: boolean }>(
  loss: LossOf<O>,
  options: (O & MetricOptions<N>) | undefined,
  more: object = { labelSmoothing: fraction },
): Metric<N> => {
  const validators = { fromLogits: boolean, ...more } as never;
  return shipped<N, O>(loss.row.name, options, validators, (given) => (_where, of) => {
    const fromLogits = given.fromLogits ?? (of?.options.fromLogits as boolean | undefined);
    const { row } = loss.with({ ...given, ...(fromLogits !== undefined && { fromLogits }) });
    const call: RowMetric = (yTrue, yPred) => row.call(yTrue, yPred);
    return Object.assign(call, { check: row.read! });
  });
};

/**
 * The mean of −(t·log p + (1 − t)·log(1 − p)), log loss (Keras's BinaryCrossentropy metric).
 *
 * @example metrics.binaryCrossentropy({ fromLogits: false }).of([1, 0], [0.5, 0.5]) // 0.69315…
 * @throws ArgumentError for options it does not have
 */
export const binaryCrossentropy = <const N extends string = "binaryCrossentropy">(
  options?: CrossentropyOptions & MetricOptions<N>,
): Metric<N> => ofLoss(binaryLoss, options);

/**
 * The mean of −Σ t·log p, log loss of one-hot rows (Keras's CategoricalCrossentropy metric).
 *
 * @example metrics.categoricalCrossentropy({ fromLogits: false }).of([[0, 1]], [[0.5, 0.5]]) // 0.69315…
 * @throws ArgumentError for options it does not have
 */
export const categoricalCrossentropy = <const N extends string = "categoricalCrossentropy">(
  options?: CrossentropyOptions & MetricOptions<N>,
): Metric<N> => ofLoss(categoricalLoss, options);

/**
 * The mean of −log p[label], log loss of class numbers (Keras's SparseCategoricalCrossentropy metric).
 *
 * @example metrics.sparseCategoricalCrossentropy().of(Int32Array.of(1), [[0, 0]]) // 0.69315…
 * @throws ArgumentError for options it does not have
 */
export const sparseCategoricalCrossentropy = <
  const N extends string = "sparseCategoricalCrossentropy",
>(
  options?: SparseCrossentropyOptions & MetricOptions<N>,
): Metric<N> => ofLoss(sparseLoss, options, { labelSmoothing: fraction, ignoreIndex: int32 });

/**
 * The mean of the Kullback-Leibler divergence of rows of probabilities (Keras's KLDivergence metric). What
 * may be logits is refused, unless the metric or the loss beside it says `fromLogits`.
 *
 * @example metrics.klDivergence().of([[0.5, 0.5]], [[0.5, 0.5]]) // 0
 * @throws ArgumentError for options it does not have
 */
export const klDivergence = <const N extends string = "klDivergence">(
  options?: DivergenceOptions & MetricOptions<N>,
): Metric<N> => ofLoss(divergenceLoss, options, { fromLog: boolean });
