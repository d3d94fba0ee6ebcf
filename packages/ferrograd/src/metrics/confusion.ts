import { mul } from "../graph/ops/elementwise.ts";
import { matmul } from "../graph/ops/products.ts";
import { transpose } from "../graph/ops/shape.ts";
import { boolean, float32, listOf, nonNegativeInteger } from "../options/index.ts";
import type { Metric, MetricResult } from "./metric.ts";
import { type ClassOptions, ClassOutputs } from "./outputs.ts";
import { type MetricOptions, shipped } from "./shipped.ts";
import { share, sumsMetric } from "./sums.ts";

const OPTIONS = { fromLogits: boolean, threshold: float32 };

/** Options of `meanIoU`. */
export interface MeanIoUOptions extends ClassOptions {
  /** The mean over these classes alone (default: all). */
  readonly targetClassIds?: readonly number[];
}

/** A metric that follows from how often each class was taken for which: rows are the truth. */
function ofMatrix<N extends string, O extends MeanIoUOptions, R extends MetricResult = number>(
  type: string,
  options: (O & MetricOptions<N>) | undefined,
  score: (matrix: number[][], options: O) => R,
  more: object = {},
): Metric<N, R> {
  const validators = { ...OPTIONS, ...more } as never;
  return shipped<N, O, R>(type, options, validators, (given) => (where, loss, shape) => {
    const outputs = new ClassOutputs(where, type, loss, shape, given);
    const classes = Math.max(2, outputs.columns);
    outputs.checkClasses(where, given.targetClassIds ?? [], classes);
    const stream = sumsMetric(type, {
      shapes: { counts: [classes, classes] },
      add(yTrue, yPred, weight) {
        const said = mul(outputs.both(outputs.said(yPred)), outputs.weights(weight));
        const truth = outputs.both(outputs.truth(yTrue, yPred));
        return { counts: matmul(transpose(truth), said) };
      },
      result: ({ counts }) =>
        score(
          Array.from({ length: classes }, (_, i) => [
            ...counts.subarray(i * classes, (i + 1) * classes),
          ]),
          given,
        ),
    });
    return { ...stream, check: outputs.check };
  });
}

const total = (numbers: readonly number[]): number => numbers.reduce((a, b) => a + b, 0);

/** Of each class: how often it is rightly said, said, and there. */
const marginsOf = (matrix: readonly number[][]) =>
  matrix.map((row, i) => ({
    hits: row[i]!,
    there: total(row),
    said: total(matrix.map((other) => other[i]!)),
  }));

/**
 * How often each class was taken for which: rows are what is true, columns what is said, numbers the weights of the rows; of
 * one output the two classes 0 and 1 (tf.math.confusion_matrix, scikit-learn's confusion_matrix).
 *
 * @example metrics.confusionMatrix({ fromLogits: false }).of([1, 0, 1], [0.9, 0.8, 0.2]) // [[0, 1], [1, 1]]
 * @throws ArgumentError for options it does not have
 */
export const confusionMatrix = <const N extends string = "confusionMatrix">(
  options?: ClassOptions & MetricOptions<N>,
): Metric<N, number[][]> => ofMatrix("confusionMatrix", options, (matrix) => matrix);

/**
 * Matthews' correlation of truth and answer, from −1 to 1: (c·s − Σ t·p) / √((s² − Σ p²)(s² − Σ t²)) with c hits of s rows,
 * of each class t there and p said (Gorodkin's R_K, of two classes Matthews' φ); 0 where either is always the same.
 *
 * @example metrics.matthewsCorrelation({ fromLogits: false }).of([1, 1, 0, 0], [0.9, 0.8, 0.1, 0.7]) // 0.57735…
 * @throws ArgumentError for options it does not have
 */
export const matthewsCorrelation = <const N extends string = "matthewsCorrelation">(
  options?: ClassOptions & MetricOptions<N>,
): Metric<N> =>
  ofMatrix("matthewsCorrelation", options, (matrix) => {
    const margins = marginsOf(matrix);
    const rows = total(margins.map(({ there }) => there));
    const hits = total(margins.map((one) => one.hits));
    const sumOf = (f: (one: { said: number; there: number }) => number) => total(margins.map(f));
    const covariance = hits * rows - sumOf(({ said, there }) => said * there);
    const ofSaid = rows * rows - sumOf(({ said }) => said * said);
    const ofTruth = rows * rows - sumOf(({ there }) => there * there);
    return share(covariance, Math.sqrt(ofSaid * ofTruth));
  });

/**
 * Intersection over union, hits / (there + said − hits), as the mean over the classes that are there or said (Keras's MeanIoU; with
 * `targetClassIds` its IoU).
 *
 * @example metrics.meanIoU({ fromLogits: false }).of([1, 1, 0, 0], [0.9, 0.8, 0.1, 0.7]) // 0.58333…
 * @throws ArgumentError for options it does not have
 */
export const meanIoU = <const N extends string = "meanIoU">(
  options?: MeanIoUOptions & MetricOptions<N>,
): Metric<N> =>
  ofMatrix<N, MeanIoUOptions>(
    "meanIoU",
    options,
    (matrix, { targetClassIds }) => {
      const ious = marginsOf(matrix)
        .filter((_, i) => targetClassIds?.includes(i) ?? true)
        .map(({ hits, there, said }) => [hits, there + said - hits] as const)
        .filter(([, union]) => union > 0)
        .map(([hits, union]) => hits / union);
      return share(total(ious), ious.length);
    },
    {
      targetClassIds: (where: string, name: string, value: unknown) =>
        listOf(where, name, value, nonNegativeInteger),
    },
  );

/**
 * Cohen's κ: how much more often truth and answer agree than by chance, (p₀ − pₑ) / (1 − pₑ).
 *
 * @example metrics.cohenKappa({ fromLogits: false }).of([1, 1, 0, 0], [0.9, 0.8, 0.1, 0.7]) // 0.5
 * @throws ArgumentError for options it does not have
 */
export const cohenKappa = <const N extends string = "cohenKappa">(
  options?: ClassOptions & MetricOptions<N>,
): Metric<N> =>
  ofMatrix("cohenKappa", options, (matrix) => {
    const margins = marginsOf(matrix);
    const rows = total(margins.map(({ there }) => there));
    const agree = share(total(margins.map(({ hits }) => hits)), rows);
    const chance = share(total(margins.map(({ said, there }) => said * there)), rows * rows);
    return share(agree - chance, 1 - chance);
  });
