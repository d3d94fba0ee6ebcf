import { ArgumentError } from "../errors.ts";
import { boolean, finiteNumber } from "../options/index.ts";
import { type Above, type CurveOptions, curveMetric } from "./curve.ts";
import type { Metric } from "./metric.ts";
import { ClassOutputs } from "./outputs.ts";
import { countUpTo, type MetricOptions, shipped } from "./shipped.ts";
import { share } from "./sums.ts";

/** A point of the curve: rates at one threshold. */
interface Point {
  readonly precision: number;
  /** Of what is so, what is said: sensitivity. */
  readonly recall: number;
  /** The same. */
  readonly sensitivity: number;
  /** Of what is not so, what is not said. */
  readonly specificity: number;
}

const points = ({ hits, misses }: Above): Point[] =>
  Array.from(hits, (hit, i) => ({
    precision: share(hit, hit + misses[i]!),
    recall: share(hit, hits[0]!),
    sensitivity: share(hit, hits[0]!),
    specificity: share(misses[0]! - misses[i]!, misses[0]!),
  }));

/** The best of one rate where another is at least what is asked for; of several outputs over all together. */
function bestAt<N extends string, K extends keyof Point>(
  type: string,
  [best, at]: readonly [keyof Point, K],
  options: ({ readonly [name in K]: number } & CurveOptions & MetricOptions<N>) | undefined,
): Metric<N> {
  const rate = (where: string, name: string, value: unknown) => {
    if (finiteNumber(where, name, value) >= 0 && (value as number) <= 1) return value;
    throw new ArgumentError(`${where}: ${name}: expected a number from 0 to 1, got ${value}`);
  };
  const validators = { fromLogits: boolean, numThresholds: countUpTo(2), [at]: rate } as never;
  rate(`${type}()`, at, options?.[at]);
  return shipped<N, { readonly [name in K]: number } & CurveOptions>(
    type,
    options,
    validators,
    (given) => (where, loss, shape) => {
      const outputs = new ClassOutputs(where, type, loss, shape, given);
      const stream = curveMetric(type, outputs, 1, given, ([curve]) =>
        points(curve!)
          .filter((point) => point[at] >= given[at])
          .reduce((most, point) => Math.max(most, point[best]), 0),
      );
      return { ...stream, check: outputs.check };
    },
  );
}

/** Options of `precisionAtRecall`. */
export interface AtRecallOptions extends CurveOptions {
  /** Least recall, from 0 to 1. */
  readonly recall: number;
}

/**
 * The best precision at a threshold where recall is at least so much (Keras's PrecisionAtRecall).
 *
 * @example metrics.precisionAtRecall({ recall: 0.5, fromLogits: false }).of([0, 0, 1, 1], [0.1, 0.6, 0.4, 0.9]) // 1
 * @throws ArgumentError for options it does not have, and without a recall
 */
export const precisionAtRecall = <const N extends string = "precisionAtRecall">(
  options: AtRecallOptions & MetricOptions<N>,
): Metric<N> => bestAt("precisionAtRecall", ["precision", "recall"], options);

/** Options of `recallAtPrecision`. */
export interface AtPrecisionOptions extends CurveOptions {
  /** Least precision, from 0 to 1. */
  readonly precision: number;
}

/**
 * The best recall at a threshold where precision is at least so much (Keras's RecallAtPrecision).
 *
 * @example metrics.recallAtPrecision({ precision: 0.6, fromLogits: false }).of([0, 0, 1, 1], [0.1, 0.6, 0.4, 0.9]) // 1
 * @throws ArgumentError for options it does not have, and without a precision
 */
export const recallAtPrecision = <const N extends string = "recallAtPrecision">(
  options: AtPrecisionOptions & MetricOptions<N>,
): Metric<N> => bestAt("recallAtPrecision", ["recall", "precision"], options);

/** Options of `sensitivityAtSpecificity`. */
export interface AtSpecificityOptions extends CurveOptions {
  /** Least specificity, from 0 to 1. */
  readonly specificity: number;
}

/**
 * The best sensitivity, which is recall, at a threshold where at least so much of what is not so is not said (Keras's
 * SensitivityAtSpecificity).
 *
 * @example metrics.sensitivityAtSpecificity({ specificity: 0.6, fromLogits: false }).of([0, 0, 1, 1], [0.1, 0.6, 0.4, 0.9]) // 0.5
 * @throws ArgumentError for options it does not have, and without a specificity
 */
export const sensitivityAtSpecificity = <const N extends string = "sensitivityAtSpecificity">(
  options: AtSpecificityOptions & MetricOptions<N>,
): Metric<N> => bestAt("sensitivityAtSpecificity", ["recall", "specificity"], options);

/** Options of `specificityAtSensitivity`. */
export interface AtSensitivityOptions extends CurveOptions {
  /** Least sensitivity, from 0 to 1. */
  readonly sensitivity: number;
}

/**
 * The best share of what is not so that is not said, at a threshold where sensitivity, which is recall, is at least so much
 * (Keras's SpecificityAtSensitivity).
 *
 * @example metrics.specificityAtSensitivity({ sensitivity: 1, fromLogits: false }).of([0, 0, 1, 1], [0.1, 0.6, 0.4, 0.9]) // 0.5
 * @throws ArgumentError for options it does not have, and without a sensitivity
 */
export const specificityAtSensitivity = <const N extends string = "specificityAtSensitivity">(
  options: AtSensitivityOptions & MetricOptions<N>,
): Metric<N> => bestAt("specificityAtSensitivity", ["specificity", "sensitivity"], options);
