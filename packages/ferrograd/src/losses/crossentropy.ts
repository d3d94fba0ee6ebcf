import { type TensorLike, toTensor } from "../graph/leaf.ts";
import {
  add,
  bceWithLogits,
  keep,
  log,
  maximum,
  minimum,
  mul,
  neg,
  sub,
} from "../graph/ops/elementwise.ts";
import { ignoring, oneHot } from "../graph/ops/indexing.ts";
import { sum } from "../graph/ops/reduce.ts";
import { requireFloat, requireRank, requireSome, requireType } from "../graph/ops/require.ts";
import { reshape } from "../graph/ops/shape.ts";
import { crossEntropyLabels, crossEntropyRows } from "../graph/ops/softmax.ts";
import type { AnyTensor, Tensor } from "../graph/tensor.ts";
import { boolean, fraction, int32 } from "../options/index.ts";
import { INT } from "../values/dtype.ts";
import type { Shape } from "../values/shape.ts";
import { binaryAccuracy, categoricalAccuracy, sparseCategoricalAccuracy } from "./accuracy.ts";
import { defineLoss, type LossOf, type LossRow } from "./loss.ts";
import { type Reading, reading } from "./reading.ts";
import {
  alike,
  CLASSES,
  eachTarget,
  PROBABILITIES,
  pair,
  perSample,
  targetsFor,
} from "./targets.ts";

/** Options of the cross-entropies. */
export interface CrossentropyOptions {
  /**
   * Are the predictions logits? Default: what they mean, however they were made. Predictions that come
   * out of a softmax (or sigmoid), also reshaped, sliced or read, are taken back to its logits; other
   * probabilities, such as a part of a softmax's, are taken as they are; data and the outputs of a dense
   * layer are logits; what is computed from probabilities, such as their mean, is refused. `false` takes
   * probabilities as they are, kept 1e-7 from 0 and 1.
   */
  readonly fromLogits?: boolean;
  /**
   * Share s of each target that is spread over all classes, from 0 to below 1 (default 0):
   * t·(1 − s) + s/classes; towards 1/2 in `binaryCrossentropy`.
   */
  readonly labelSmoothing?: number;
}

/** Options of `sparseCategoricalCrossentropy`. */
export interface SparseCrossentropyOptions extends CrossentropyOptions {
  /**
   * Rows with this label do not count, such as padding: their loss is 0 with no gradient, and means are taken over
   * the others (default none).
   */
  readonly ignoreIndex?: number;
}

/** Probabilities are kept this far from 0 and 1, as in Keras. */
const EPSILON = 1e-7;
const clip = (p: Tensor): Tensor => minimum(maximum(p, EPSILON), 1 - EPSILON);
const logOf = (p: Tensor): Tensor => log(clip(p));

const OPTIONS = { fromLogits: boolean, labelSmoothing: fraction };

const SPARSE = "sparseCategoricalCrossentropy";
const CATEGORICAL = "categoricalCrossentropy";
const BINARY = "binaryCrossentropy";

/** Predictions with a class at least. */
const classesIn = (loss: string, p: AnyTensor): Tensor =>
  requireSome(loss, requireRank(loss, requireFloat(loss, p), 1), p.rank - 1) as Tensor;

/** How a loss of this name takes predictions of a softmax. */
const ofSoftmax =
  (loss: string, { fromLogits }: CrossentropyOptions) =>
  (where: string, yPred: Tensor): Reading =>
    reading(where, yPred, { loss, by: "softmax", fromLogits });

/** How `binaryCrossentropy` takes predictions, and whatever measures beside it. @internal */
export const ofSigmoid =
  ({ fromLogits }: CrossentropyOptions) =>
  (where: string, yPred: Tensor): Reading =>
    reading(where, yPred, { loss: BINARY, by: "sigmoid", fromLogits });

/** The labels' class gets 1 − s more than the s/classes that every class has. */
const smoothed = (t: Tensor, smoothing = 0): Tensor =>
  smoothing === 0 ? t : add(mul(t, 1 - smoothing), smoothing / t.shape[t.rank - 1]!);

/** Towards 1/2. */
const smoothedBits = (t: Tensor, smoothing = 0): Tensor =>
  smoothing === 0 ? t : add(mul(t, 1 - smoothing), smoothing / 2);

/** Two classes, or what is between them. */
const BITS = eachTarget("a label from 0 to 1", (v) => v >= 0 && v <= 1);

/** −Σ t·log p of each sample. */
const ofRows = ({ as, values }: Reading, t: Tensor): Tensor =>
  as === "logits" ? crossEntropyRows(values, t) : neg(sum(mul(t, logOf(values)), { axis: -1 }));

/** The best answer that ignores the inputs, in the form that the loss takes data. */
const guess =
  (smooth: typeof smoothed, logits: (p: Tensor) => Tensor, options: CrossentropyOptions) =>
  (mean: Tensor): Tensor => {
    const p = smooth(mean, options.labelSmoothing);
    return options.fromLogits === false ? p : logits(p);
  };

/**
 * −log p[label] of each sample, with p = softmax(yPred): int32 labels (…), predictions (…, classes)
 * → (…). Never overflows: softmax and logarithm are one operation (torch.nn.CrossEntropyLoss).
 *
 * @example mean(sparseCategoricalCrossentropy(y, logits))
 * @throws ShapeError when the shapes do not fit; ArgumentError for predictions that may be logits or
 * probabilities; DataError for labels outside the classes, as the step runs
 */
export const sparseCategoricalCrossentropy: LossOf<SparseCrossentropyOptions> = defineLoss({
  name: SPARSE,
  options: { ...OPTIONS, ignoreIndex: int32 },
  call(where, yTrue, yPred, options: SparseCrossentropyOptions) {
    const p = classesIn(SPARSE, toTensor(where, yPred));
    const labels = requireType(SPARSE, toTensor(where, yTrue), INT);
    const y = targetsFor(where, labels, p.shape.slice(0, -1));
    const read = ofSoftmax(SPARSE, options)(where, p);
    const { ignoreIndex } = options;
    if (ignoreIndex === undefined) return ofLabels(read, y, options);
    const [known, kept] = ignoring(y, ignoreIndex);
    // Their rows are left out, not multiplied by 0, which would leave NaN of what is infinite there.
    const values = keep(read.values, reshape(kept, [...kept.shape, 1]));
    return keep(ofLabels({ ...read, values }, known, options), kept);
  },
  row: (options) => ({
    labels: INT,
    lastAxis: CLASSES,
    accuracy: sparseCategoricalAccuracy,
    classes: (outputShape) => outputShape[outputShape.length - 1]!,
    ...counting(options),
    targetShape: (outputShape) => outputShape.slice(0, -1),
    guess: guess(smoothed, logOf, options),
    read: ofSoftmax(SPARSE, options),
  }),
});

/** Which rows count. */
function counting({ ignoreIndex }: SparseCrossentropyOptions): Partial<LossRow> {
  if (ignoreIndex === undefined) return {};
  return { ignored: ignoreIndex, weight: (yTrue) => ignoring(yTrue, ignoreIndex)[1] };
}

function ofLabels(
  read: Reading,
  y: AnyTensor,
  { labelSmoothing = 0 }: CrossentropyOptions,
): Tensor {
  if (read.as === "logits" && labelSmoothing === 0) {
    return crossEntropyLabels(read.values, y as AnyTensor as Tensor<Shape, "int32">);
  }
  const { shape, rank } = read.values;
  return ofRows(read, smoothed(oneHot(y, shape[rank - 1]!), labelSmoothing));
}

/**
 * −Σ t·log p of each sample, with p = softmax(yPred): targets are rows of probabilities, one-hot or
 * not, (…, classes) → (…). No gradient flows to the targets.
 *
 * @throws ShapeError when targets and predictions differ in shape; ArgumentError for predictions that
 * may be logits or probabilities
 */
export const categoricalCrossentropy: LossOf<CrossentropyOptions> = defineLoss({
  name: CATEGORICAL,
  options: OPTIONS,
  call(where, yTrue, yPred, options: CrossentropyOptions) {
    const p = classesIn(CATEGORICAL, toTensor(where, yPred));
    const t = targetsFor(where, toTensor(where, yTrue), p.shape) as Tensor;
    return ofRows(ofSoftmax(CATEGORICAL, options)(where, p), smoothed(t, options.labelSmoothing));
  },
  row: (options) => ({
    takes: PROBABILITIES,
    lastAxis: CLASSES,
    accuracy: categoricalAccuracy,
    guess: guess(smoothed, logOf, options),
    read: ofSoftmax(CATEGORICAL, options),
  }),
});

/**
 * −(t·log p + (1 − t)·log(1 − p)) with p = sigmoid(yPred), averaged over the last axis:
 * (…, n) → (…). Computed from logits as max(x, 0) − x·t + log(1 + e^−|x|)
 * (torch.nn.BCEWithLogitsLoss).
 *
 * @throws ShapeError when targets and predictions differ in shape; ArgumentError for predictions that
 * may be logits or probabilities
 */
export const binaryCrossentropy: LossOf<CrossentropyOptions> = defineLoss({
  name: BINARY,
  options: OPTIONS,
  call(where, yTrue, yPred, options: CrossentropyOptions) {
    const [targets, p] = pair(where, yTrue as TensorLike, yPred as TensorLike);
    const t = smoothedBits(targets, options.labelSmoothing);
    const { as, values } = ofSigmoid(options)(where, p);
    return perSample(
      as === "logits" ? bceWithLogits(values, t) : bceOfProbabilities(clip(values), t),
    );
  },
  row: (options) => ({
    takes: BITS,
    accuracy: (yTrue, yPred) =>
      binaryAccuracy(
        alike("accuracy", yTrue as Tensor, yPred),
        ofSigmoid(options)("accuracy", yPred),
      ),
    guess: guess(smoothedBits, (p) => sub(logOf(p), logOf(sub(1, p))), options),
    read: ofSigmoid(options),
  }),
});

const bceOfProbabilities = (p: Tensor, t: Tensor): Tensor =>
  neg(add(mul(t, log(p)), mul(sub(1, t), log(sub(1, p)))));

/** Entries of the table of losses. */
export const crossentropies = [
  sparseCategoricalCrossentropy,
  categoricalCrossentropy,
  binaryCrossentropy,
] as const;
