import { type TensorLike, toTensor } from "../graph/leaf.ts";
import { add, bceWithLogits, div, keep, log, mul, neg, sub } from "../graph/ops/elementwise.ts";
import { gather, ignoring, oneHot } from "../graph/ops/indexing.ts";
import { sum } from "../graph/ops/reduce.ts";
import { requireType } from "../graph/ops/require.ts";
import { reshape } from "../graph/ops/shape.ts";
import { crossEntropyLabels, crossEntropyRows } from "../graph/ops/softmax.ts";
import type { AnyTensor, Tensor } from "../graph/tensor.ts";
import { int32, nonNegativeFloat32 } from "../options/index.ts";
import { INT } from "../values/dtype.ts";
import type { Shape } from "../values/shape.ts";
import { binaryAccuracy, categoricalAccuracy, sparseCategoricalAccuracy } from "./accuracy.ts";
import { defineLoss, type LossOf, type LossRow } from "./loss.ts";
import {
  BITS,
  type CrossentropyOptions,
  classesIn,
  clip,
  counting,
  logOf,
  OPTIONS,
  ofSigmoidFor,
  ofSoftmax,
  smoothed,
  smoothedBits,
  weightList,
  weightsFor,
} from "./probabilities.ts";
import type { Reading } from "./reading.ts";
import { alike, CLASSES, PROBABILITIES, pair, perSample, targetsFor } from "./targets.ts";

/** Options of cross-entropies of classes. */
export interface ClassCrossentropyOptions extends CrossentropyOptions {
  /**
   * How much each class counts, 0 or more (default all alike): in place of −Σ t·log p is Σ w·t·(−log p), and a mean is
   * over Σ w·t, as in torch.nn.CrossEntropyLoss for class numbers.
   */
  readonly classWeights?: readonly number[];
}

/** Options of `sparseCategoricalCrossentropy`. */
export interface SparseCrossentropyOptions extends ClassCrossentropyOptions {
  /**
   * Rows with this label do not count, such as padding: their loss is 0 with no gradient, and means are taken over
   * the others (default none).
   */
  readonly ignoreIndex?: number;
}

/** Options of `binaryCrossentropy`. */
export interface BinaryCrossentropyOptions extends CrossentropyOptions {
  /**
   * How often the positive class counts (default 1), of several outputs also one number for each: −(w·t·log p + (1 − t)·log(1 − p)),
   * whose mean is over the outputs, as in torch.nn.BCEWithLogitsLoss.
   */
  readonly posWeight?: number | readonly number[];
}

const SPARSE = "sparseCategoricalCrossentropy";
const CATEGORICAL = "categoricalCrossentropy";
const BINARY = "binaryCrossentropy";

/** How `binaryCrossentropy` takes predictions, and whatever measures beside it. @internal */
export const ofSigmoid = (options: CrossentropyOptions) => ofSigmoidFor(BINARY, options);

/** −Σ t·log p of each sample. */
const ofRows = ({ as, values }: Reading, t: Tensor): Tensor =>
  as === "logits" ? crossEntropyRows(values, t) : neg(sum(mul(t, logOf(values)), { axis: -1 }));

/** Targets as much as their classes count. */
const weighed = (where: string, t: Tensor, { classWeights }: ClassCrossentropyOptions): Tensor =>
  classWeights === undefined
    ? t
    : mul(t, weightsFor(where, "classWeights", classWeights, t.shape[t.rank - 1]!));

/** The best answer that ignores the inputs, in the form that the loss takes data. */
const guess =
  ({ classWeights, labelSmoothing, fromLogits }: ClassCrossentropyOptions) =>
  (mean: Tensor): Tensor => {
    const counts = weighed("guess()", smoothed(mean, labelSmoothing), { classWeights });
    const p = classWeights ? div(counts, sum(counts, { axis: -1, keepDims: true })) : counts;
    return fromLogits === false ? p : logOf(p);
  };

/**
 * −log p[label] of each sample, with p = softmax(yPred): int32 labels (…), predictions (…, classes)
 * → (…). Never overflows: softmax and logarithm are one operation (torch.nn.CrossEntropyLoss).
 *
 * @example mean(sparseCategoricalCrossentropy(y, logits))
 * @throws ShapeError when the shapes do not fit; ArgumentError for predictions that may be logits or
 * probabilities; DataError for labels outside the classes, as the step runs
 */
export const sparseCategoricalCrossentropy: LossOf<SparseCrossentropyOptions> =
  /* @__PURE__ */ defineLoss({
    name: SPARSE,
    options: { ...OPTIONS, classWeights: weightList, ignoreIndex: int32 },
    call(where, yTrue, yPred, options: SparseCrossentropyOptions) {
      const p = classesIn(SPARSE, toTensor(where, yPred));
      const labels = requireType(SPARSE, toTensor(where, yTrue), INT);
      const y = targetsFor(where, labels, p.shape.slice(0, -1));
      const read = ofSoftmax(SPARSE, options)(where, p);
      const { ignoreIndex } = options;
      if (ignoreIndex === undefined) return ofLabels(where, read, y, options);
      const [known, kept] = ignoring(y, ignoreIndex);
      // Their rows are left out, not multiplied by 0, which would leave NaN of what is infinite there.
      const values = keep(read.values, reshape(kept, [...kept.shape, 1]));
      return keep(ofLabels(where, { ...read, values }, known, options), kept);
    },
    row: (options) => ({
      labels: INT,
      lastAxis: CLASSES,
      accuracy: sparseCategoricalAccuracy,
      classes: (outputShape) => outputShape[outputShape.length - 1]!,
      ...counting(options),
      ...(options.classWeights && {
        weight: labelWeights(options.classWeights, options),
        counted: (yTrue, yPred) => counting(options).weight?.(yTrue, yPred),
      }),
      targetShape: (outputShape) => outputShape.slice(0, -1),
      guess: guess(options),
      read: ofSoftmax(SPARSE, options),
    }),
  });

/** How much the class of each label counts. */
const labelWeights =
  (
    classWeights: readonly number[],
    { ignoreIndex }: SparseCrossentropyOptions,
  ): NonNullable<LossRow["weight"]> =>
  (yTrue, yPred) => {
    const all = weightsFor(`${SPARSE}()`, "classWeights", classWeights, yPred.shape.at(-1)!);
    if (ignoreIndex === undefined) return gather(all, yTrue as AnyTensor);
    const [known, kept] = ignoring(yTrue as AnyTensor, ignoreIndex);
    return mul(gather(all, known), kept);
  };

function ofLabels(
  where: string,
  read: Reading,
  y: AnyTensor,
  options: SparseCrossentropyOptions,
): Tensor {
  const { labelSmoothing = 0, classWeights } = options;
  if (read.as === "logits" && labelSmoothing === 0 && classWeights === undefined) {
    return crossEntropyLabels(read.values, y as AnyTensor as Tensor<Shape, "int32">);
  }
  const { shape, rank } = read.values;
  const t = smoothed(oneHot(y, shape[rank - 1]!), labelSmoothing);
  return ofRows(read, weighed(where, t, options));
}

/**
 * −Σ t·log p of each sample, with p = softmax(yPred): targets are rows of probabilities, one-hot or
 * not, (…, classes) → (…). No gradient flows to the targets.
 *
 * @throws ShapeError when targets and predictions differ in shape; ArgumentError for predictions that
 * may be logits or probabilities
 */
export const categoricalCrossentropy: LossOf<ClassCrossentropyOptions> = /* @__PURE__ */ defineLoss(
  {
    name: CATEGORICAL,
    options: { ...OPTIONS, classWeights: weightList },
    call(where, yTrue, yPred, options: ClassCrossentropyOptions) {
      const p = classesIn(CATEGORICAL, toTensor(where, yPred));
      const t = targetsFor(where, toTensor(where, yTrue), p.shape) as Tensor;
      const read = ofSoftmax(CATEGORICAL, options)(where, p);
      return ofRows(read, weighed(where, smoothed(t, options.labelSmoothing), options));
    },
    row: (options) => ({
      takes: PROBABILITIES,
      lastAxis: CLASSES,
      accuracy: categoricalAccuracy,
      guess: guess(options),
      read: ofSoftmax(CATEGORICAL, options),
      ...(options.classWeights && {
        weight: (yTrue) => sum(weighed(`${CATEGORICAL}()`, yTrue as Tensor, options), { axis: -1 }),
        counted: () => undefined,
      }),
    }),
  },
);

/**
 * −(t·log p + (1 − t)·log(1 − p)) with p = sigmoid(yPred), averaged over the last axis:
 * (…, n) → (…). Computed from logits as max(x, 0) − x·t + log(1 + e^−|x|)
 * (torch.nn.BCEWithLogitsLoss).
 *
 * @throws ShapeError when targets and predictions differ in shape; ArgumentError for predictions that
 * may be logits or probabilities
 */
export const binaryCrossentropy: LossOf<BinaryCrossentropyOptions> = /* @__PURE__ */ defineLoss({
  name: BINARY,
  options: { ...OPTIONS, posWeight: posWeightOf },
  call(where, yTrue, yPred, options: BinaryCrossentropyOptions) {
    const [targets, p] = pair(where, yTrue as TensorLike, yPred as TensorLike);
    const t = smoothedBits(targets, options.labelSmoothing);
    const read = ofSigmoid(options)(where, p);
    const positive = positiveOf(where, options, p);
    if (positive === undefined) return perSample(ofBits(read, t));
    // The two sides, each by itself: t = 1 gives −log p, t = 0 gives −log(1 − p).
    return perSample(add(mul(mul(positive, t), ofBits(read, 1)), mul(sub(1, t), ofBits(read, 0))));
  },
  row: (options) => ({
    takes: BITS,
    accuracy: (yTrue, yPred) =>
      binaryAccuracy(
        alike("accuracy", yTrue as Tensor, yPred),
        ofSigmoid(options)("accuracy", yPred),
      ),
    guess: (mean) => {
      const m = smoothedBits(mean, options.labelSmoothing);
      const counts = mul(positiveOf("guess()", options, mean) ?? 1, m);
      const p = options.posWeight === undefined ? m : div(counts, add(counts, sub(1, m)));
      return options.fromLogits === false ? p : sub(logOf(p), logOf(sub(1, p)));
    },
    read: ofSigmoid(options),
  }),
});

function posWeightOf(where: string, name: string, value: unknown): number | number[] {
  return Array.isArray(value)
    ? weightList(where, name, value)
    : nonNegativeFloat32(where, name, value);
}

/** How often the positive class counts, of all outputs or of each. */
const positiveOf = (
  where: string,
  { posWeight }: BinaryCrossentropyOptions,
  { shape }: Tensor,
): Tensor | number | undefined =>
  typeof posWeight === "object"
    ? weightsFor(where, "posWeight", posWeight, shape.at(-1) ?? 1)
    : posWeight;

/** Element by element. */
const ofBits = ({ as, values }: Reading, t: Tensor | number): Tensor =>
  as === "logits" ? bceWithLogits(values, t) : bceOfProbabilities(clip(values), t);

const bceOfProbabilities = (p: Tensor, t: Tensor | number): Tensor =>
  neg(add(mul(t, log(p)), mul(sub(1, t), log(sub(1, p)))));

/** Entries of the table of losses. */
export const crossentropies = [
  sparseCategoricalCrossentropy,
  categoricalCrossentropy,
  binaryCrossentropy,
] as const;
