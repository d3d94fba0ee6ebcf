import { type TensorLike, toTensor } from "../graph/leaf.ts";
import { add, div, mul, neg, sub } from "../graph/ops/elementwise.ts";
import { gather, ignoring, oneHot } from "../graph/ops/indexing.ts";
import { sum } from "../graph/ops/reduce.ts";
import { crossEntropyLabels, crossEntropyRows } from "../graph/ops/softmax.ts";
import type { AnyTensor, Tensor } from "../graph/tensor.ts";
import { int32, nonNegativeFloat32 } from "../options/index.ts";
import type { Shape } from "../values/shape.ts";
import { defineLoss, type LossOf, type LossRow } from "./loss.ts";
import {
  bitsRow,
  type CrossentropyOptions,
  classesIn,
  counting,
  type LabelOptions,
  labelsRow,
  logOf,
  OPTIONS,
  ofBits,
  ofLabels,
  ofSigmoidFor,
  ofSoftmax,
  probabilitiesRow,
  smoothed,
  smoothedBits,
  weightList,
  weightsFor,
} from "./probabilities.ts";
import type { Reading } from "./reading.ts";
import { pair, perSample, targetsFor } from "./targets.ts";

/** Options of cross-entropies of classes. */
export interface ClassCrossentropyOptions extends CrossentropyOptions {
  /**
   * How much each class counts, 0 or more (default all alike): in place of −Σ t·log p is Σ w·t·(−log p), and a mean is
   * over Σ w·t, as in torch.nn.CrossEntropyLoss for class numbers.
   */
  readonly classWeights?: readonly number[];
}

/** Options of `sparseCategoricalCrossentropy`. */
export interface SparseCrossentropyOptions extends ClassCrossentropyOptions, LabelOptions {}

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
      const { labelSmoothing = 0, classWeights } = options;
      const isPlain = labelSmoothing === 0 && classWeights === undefined;
      return ofLabels(SPARSE, where, [yTrue, yPred], options, (read, y) => {
        if (isPlain && read.as === "logits") return crossEntropyLabels(read.values, y as Labels);
        const t = smoothed(oneHot(y, read.values.shape.at(-1)!), labelSmoothing);
        return ofRows(read, weighed(where, t, options));
      });
    },
    row: (options) => ({
      ...labelsRow(SPARSE, options, `"${CATEGORICAL}"`),
      ...(options.classWeights && {
        weight: labelWeights(options.classWeights, options),
        counted: (yTrue, yPred) => counting(options).weight?.(yTrue, yPred),
      }),
      guess: guess(options),
    }),
  });

type Labels = Tensor<Shape, "int32">;

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
      ...probabilitiesRow(CATEGORICAL, options, `"${SPARSE}"`),
      guess: guess(options),
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
    ...bitsRow(BINARY, options),
    guess: (mean) => {
      const m = smoothedBits(mean, options.labelSmoothing);
      const counts = mul(positiveOf("guess()", options, mean) ?? 1, m);
      const p = options.posWeight === undefined ? m : div(counts, add(counts, sub(1, m)));
      return options.fromLogits === false ? p : sub(logOf(p), logOf(sub(1, p)));
    },
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

/** Entries of the table of losses. */
export const crossentropies = [
  sparseCategoricalCrossentropy,
  categoricalCrossentropy,
  binaryCrossentropy,
] as const;
