import { ArgumentError } from "../errors.ts";
import type { TensorLike } from "../graph/leaf.ts";
import { ignoring } from "../graph/ops/indexing.ts";
import type { AnyTensor, Tensor } from "../graph/tensor.ts";
import {
  binaryAccuracy,
  categoricalAccuracy,
  sparseCategoricalAccuracy,
  topKAccuracy,
} from "../losses/accuracy.ts";
import { ofSigmoid } from "../losses/crossentropy.ts";
import type { LossRow, Targets } from "../losses/loss.ts";
import { meanAbsoluteError, meanSquaredError } from "../losses/regression.ts";
import { alike, targetsFor } from "../losses/targets.ts";
import { oneOf, show } from "../options/index.ts";
import { FLOAT } from "../values/dtype.ts";
import { type Dims, lastSize, sameShape, showShape } from "../values/shape.ts";
import { isMetric, type RowMetric, type StreamMetric } from "./metric.ts";

/** Names that `compile` takes in `metrics`. */
export type MetricName =
  | "accuracy"
  | "binaryAccuracy"
  | "topKCategoricalAccuracy"
  | "meanAbsoluteError"
  | "meanSquaredError";

/** A row of the table: the metric for a model with this loss and these outputs, or why there is none. */
type MetricRow = (where: string, loss: LossRow, outputShape: Dims) => RowMetric;

const nameOf = ({ name, isOwn }: LossRow): string => (isOwn ? "a loss of your own" : `"${name}"`);

/** Accuracy beside a loss that says nothing of it: of class numbers or of one-hot rows, as the targets' shape says. */
function accuracyOfClasses(where: string, outputShape: Dims): RowMetric {
  if (lastSize(outputShape) === 1) {
    throw new ArgumentError(
      `${where}: metric "accuracy": expected outputs (…, classes) beside a loss of your own, got rows of shape ${showShape(outputShape)}; ` +
        '"binaryAccuracy" counts outputs on the right side of 1/2, of logits that of 0',
    );
  }
  return (yTrue, yPred) =>
    sameShape(yTrue.shape, yPred.shape)
      ? categoricalAccuracy(yTrue, yPred)
      : sparseCategoricalAccuracy(
          targetsFor("accuracy", yTrue, yPred.shape.slice(0, -1)) as Tensor,
          yPred,
        );
}

/** A metric of floats in the shape of the outputs. */
const ofFloats =
  (name: string, metric: (loss: LossRow) => RowMetric): MetricRow =>
  (where, loss) => {
    if (loss.labels === FLOAT) return metric(loss);
    throw new ArgumentError(
      `${where}: metric "${name}": expected a loss whose targets are numbers, got ${nameOf(loss)}`,
    );
  };

const distance = (name: string, call: (yTrue: TensorLike, yPred: TensorLike) => Tensor) =>
  ofFloats(name, () => (yTrue, yPred) => call(yTrue as AnyTensor, yPred));

const rows: { readonly [name in MetricName]: MetricRow } = {
  accuracy: (where, loss, outputShape) => {
    if (loss.accuracy !== undefined) return loss.accuracy;
    if (loss.isOwn) return accuracyOfClasses(where, outputShape);
    throw new ArgumentError(
      `${where}: metric "accuracy": expected a cross-entropy as the loss, got ${nameOf(loss)}`,
    );
  },
  // Outputs are logits or probabilities as the loss has it said.
  binaryAccuracy: ofFloats("binaryAccuracy", ({ options }) => {
    const read = ofSigmoid(options);
    const metric = (yTrue: Targets, yPred: Tensor) =>
      binaryAccuracy(
        alike("binaryAccuracy", yTrue as Tensor, yPred),
        read("binaryAccuracy", yPred),
      );
    return Object.assign(metric, { check: read });
  }),
  topKCategoricalAccuracy: (_where, { ignored }) =>
    ignored === undefined
      ? topKAccuracy
      : (yTrue, yPred) => topKAccuracy(ignoring(yTrue as AnyTensor, ignored)[0] as Tensor, yPred),
  meanAbsoluteError: distance("meanAbsoluteError", meanAbsoluteError),
  meanSquaredError: distance("meanSquaredError", meanSquaredError),
};

/** @internal */
export const metricNames = Object.keys(rows) as MetricName[];

/** The metrics of an output: means over its rows, and those that keep a state. */
export interface OutputMetrics {
  readonly metrics: ReadonlyMap<string, RowMetric>;
  readonly streams: ReadonlyMap<string, StreamMetric>;
}

/** The metrics of a list of names and metrics, for outputs of this shape without the batch. @internal */
export function metricsOf(
  where: string,
  given: unknown,
  loss: LossRow,
  outputShape: Dims,
): OutputMetrics {
  if (!Array.isArray(given)) {
    throw new ArgumentError(`${where}: metrics: expected a list of names, got ${show(given)}`);
  }
  const metrics = new Map<string, RowMetric>();
  const streams = new Map<string, StreamMetric>();
  for (const one of given) {
    const isValue = isMetric(one);
    const name = isValue ? one.name : oneOf(where, "metric", one, metricNames, "metrics.auc()");
    if (isValue && (name === "loss" || metrics.has(name) || streams.has(name))) {
      throw new ArgumentError(
        `${where}: metrics: expected each name once, got ${show(name)} again`,
      );
    }
    const metric = isValue
      ? Object.assign(one.spec.bind(where, loss, outputShape), { value: one })
      : rows[name as MetricName](where, loss, outputShape);
    if (typeof metric === "function") metrics.set(name, metric);
    else streams.set(name, metric);
  }
  return { metrics, streams };
}
