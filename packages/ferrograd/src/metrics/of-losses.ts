import { meanSquaredLogarithmicError as logarithmicLoss } from "../losses/amounts.ts";
import {
  categoricalHinge as categoricalHingeLoss,
  hinge as hingeLoss,
  squaredHinge as squaredHingeLoss,
} from "../losses/classification.ts";
import type { LossOf } from "../losses/loss.ts";
import {
  type HuberOptions,
  huber as huberLoss,
  type LogOptions,
  logCosh as logCoshLoss,
  poisson as poissonLoss,
} from "../losses/regression.ts";
import { boolean, nonNegativeFloat32 } from "../options/index.ts";
import type { Metric, RowMetric } from "./metric.ts";
import { type MetricOptions, shipped } from "./shipped.ts";

type Validator = (where: string, name: string, value: unknown) => unknown;

/** The mean of a loss beside that of a model. */
const ofLoss = <N extends string, O extends object>(
  loss: LossOf<O>,
  options: (O & MetricOptions<N>) | undefined,
  validators: Readonly<Record<string, Validator>> = {},
): Metric<N> =>
  shipped<N, O>(loss.row.name, options, validators as never, (given) => () => {
    const { row } = loss.with(given);
    const call: RowMetric = (yTrue, yPred) => row.call(yTrue, yPred);
    return call;
  });

/**
 * The mean of (log(1 + yTrue) − log(1 + yPred))² (Keras's MeanSquaredLogarithmicError metric).
 *
 * @example metrics.meanSquaredLogarithmicError().of([0, 1], [0, 3]) // 0.24022…
 * @throws ArgumentError for options it does not have
 */
export const meanSquaredLogarithmicError = <const N extends string = "meanSquaredLogarithmicError">(
  options?: MetricOptions<N>,
): Metric<N> => ofLoss(logarithmicLoss, options);

/**
 * The mean of log cosh(yPred − yTrue) (Keras's LogCoshError).
 *
 * @example metrics.logCosh().of([1, 2], [1, 2]) // 0
 * @throws ArgumentError for options it does not have
 */
export const logCosh = <const N extends string = "logCosh">(
  options?: MetricOptions<N>,
): Metric<N> => ofLoss(logCoshLoss, options);

/**
 * The mean of the Huber loss.
 *
 * @example metrics.huber({ delta: 1 }).of([0, 0], [1, 3]) // 1.5
 * @throws ArgumentError for options it does not have
 */
export const huber = <const N extends string = "huber">(
  options?: HuberOptions & MetricOptions<N>,
): Metric<N> => ofLoss(huberLoss, options, { delta: nonNegativeFloat32 });

/**
 * The mean of yPred − yTrue·log yPred (Keras's Poisson metric).
 *
 * @example metrics.poisson().of([2, 2], [1, 1]) // 1
 * @throws ArgumentError for options it does not have
 */
export const poisson = <const N extends string = "poisson">(
  options?: LogOptions & MetricOptions<N>,
): Metric<N> => ofLoss(poissonLoss, options, { fromLog: boolean });

/**
 * The mean of max(0, 1 − yTrue·yPred) with targets −1 and 1 (Keras's Hinge metric).
 *
 * @example metrics.hinge().of([1, -1], [2, 0]) // 0.5
 * @throws ArgumentError for options it does not have
 */
export const hinge = <const N extends string = "hinge">(options?: MetricOptions<N>): Metric<N> =>
  ofLoss(hingeLoss, options);

/**
 * The mean of max(0, 1 − yTrue·yPred)² with targets −1 and 1 (Keras's SquaredHinge metric).
 *
 * @example metrics.squaredHinge().of([1, -1], [2, 1]) // 2
 * @throws ArgumentError for options it does not have
 */
export const squaredHinge = <const N extends string = "squaredHinge">(
  options?: MetricOptions<N>,
): Metric<N> => ofLoss(squaredHingeLoss, options);

/**
 * The mean of the hinge loss of classes (Keras's CategoricalHinge metric).
 *
 * @example metrics.categoricalHinge().of([[0, 1]], [[0.5, 1]]) // 0.5
 * @throws ArgumentError for options it does not have
 */
export const categoricalHinge = <const N extends string = "categoricalHinge">(
  options?: MetricOptions<N>,
): Metric<N> => ofLoss(categoricalHingeLoss, options);
