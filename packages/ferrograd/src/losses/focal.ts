import { toTensor } from "../graph/leaf.ts";
import { sigmoid } from "../graph/ops/activation.ts";
import { add, maximum, mul, neg, sub } from "../graph/ops/elementwise.ts";
import { oneHot } from "../graph/ops/indexing.ts";
import { pow } from "../graph/ops/math.ts";
import { sum } from "../graph/ops/reduce.ts";
import { logSoftmax, softmax } from "../graph/ops/softmax.ts";
import type { Tensor } from "../graph/tensor.ts";
import { int32, nonNegativeFloat32 } from "../options/index.ts";
import { defineLoss, type LossOf } from "./loss.ts";
import {
  bitsRow,
  type CrossentropyOptions,
  classesIn,
  clip,
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

/** What all focal losses take. */
interface FocalOptions extends CrossentropyOptions {
  /** How much less what is well said counts (default 2): the factor is (1 − p)^gamma; 0 leaves cross-entropy. */
  readonly gamma?: number;
}

/** Options of `binaryFocalCrossentropy`. */
export interface BinaryFocalOptions extends FocalOptions {
  /** Weight of the positive class, 1 − alpha that of the other (default none: both count alike). */
  readonly alpha?: number;
}

/** Options of `categoricalFocalCrossentropy`. */
export interface CategoricalFocalOptions extends FocalOptions {
  /** Weight of all classes, or of each (default 1). */
  readonly alpha?: number | readonly number[];
}

/** Options of `sparseCategoricalFocalCrossentropy`. */
export interface SparseFocalOptions extends CategoricalFocalOptions, LabelOptions {}

/** q^gamma for a q of 0 or more; its slope stays finite at 0. */
const power = (q: Tensor, gamma = 2): Tensor => pow(maximum(q, 1e-12), gamma);

const BINARY = "binaryFocalCrossentropy";
const CATEGORICAL = "categoricalFocalCrossentropy";
const SPARSE = "sparseCategoricalFocalCrossentropy";

/**
 * (1 − p_t)^gamma·(−log p_t), averaged over the last axis: (…, n) → (…), with p_t = t·p + (1 − t)·(1 − p), p =
 * sigmoid(yPred): what is well said counts less, so that few positives among many negatives are learned (Lin et al.
 * 2017; Keras's BinaryFocalCrossentropy, torchvision's sigmoid_focal_loss).
 *
 * @example binaryFocalCrossentropy([[1]], [[0]]).array() // [0.17328…]
 * @throws ShapeError when targets and predictions differ in shape; ArgumentError for predictions that
 * may be logits or probabilities
 */
export const binaryFocalCrossentropy: LossOf<BinaryFocalOptions> = /* @__PURE__ */ defineLoss({
  name: BINARY,
  options: { ...OPTIONS, gamma: nonNegativeFloat32, alpha: nonNegativeFloat32 },
  call(where, yTrue, yPred, options: BinaryFocalOptions) {
    const [targets, p] = pair(where, yTrue, yPred);
    const t = smoothedBits(targets, options.labelSmoothing);
    const read = ofSigmoidFor(BINARY, options)(where, p);
    const { gamma, alpha } = options;
    const loss = mul(power(missed(read, t), gamma), ofBits(read, t));
    if (alpha === undefined) return perSample(loss);
    return perSample(mul(loss, add(mul(t, alpha), mul(sub(1, t), 1 - alpha))));
  },
  row: (options) => bitsRow(BINARY, options),
});

/** 1 − p_t, of logits from sigmoid(−x) where t = 1, so that nothing cancels. */
function missed({ as, values }: Reading, t: Tensor): Tensor {
  const [no, yes] =
    as === "logits"
      ? [sigmoid(neg(values)), sigmoid(values)]
      : [sub(1, clip(values)), clip(values)];
  return add(mul(t, no), mul(sub(1, t), yes));
}

/** Σ alpha·(1 − p)^gamma·t·(−log p) of each sample. */
function ofRows(
  where: string,
  { as, values }: Reading,
  t: Tensor,
  { gamma, alpha = 1 }: CategoricalFocalOptions,
): Tensor {
  const isLogits = as === "logits";
  const [p, logP] = isLogits
    ? [softmax(values), logSoftmax(values)]
    : [clip(values), logOf(values)];
  const each = mul(mul(power(sub(1, p), gamma), t), neg(logP));
  const weights =
    typeof alpha === "object" ? weightsFor(where, "alpha", alpha, t.shape[t.rank - 1]!) : alpha;
  return sum(mul(each, weights), { axis: -1 });
}

const alphaOf = (where: string, name: string, value: unknown): number | number[] =>
  Array.isArray(value) ? weightList(where, name, value) : nonNegativeFloat32(where, name, value);

const CLASS_OPTIONS = { ...OPTIONS, gamma: nonNegativeFloat32, alpha: alphaOf };

/**
 * Σ alpha·(1 − p)^gamma·t·(−log p) of each sample, with p = softmax(yPred): targets are rows of probabilities, one-hot
 * or not, (…, classes) → (…) (Keras's CategoricalFocalCrossentropy, whose alpha is 0.25).
 *
 * @example categoricalFocalCrossentropy([[0, 1]], [[0, 0]]).array() // [0.17328…]
 * @throws ShapeError when targets and predictions differ in shape; ArgumentError for predictions that
 * may be logits or probabilities
 */
export const categoricalFocalCrossentropy: LossOf<CategoricalFocalOptions> =
  /* @__PURE__ */ defineLoss({
    name: CATEGORICAL,
    options: CLASS_OPTIONS,
    call(where, yTrue, yPred, options: CategoricalFocalOptions) {
      const p = classesIn(CATEGORICAL, toTensor(where, yPred));
      const t = targetsFor(where, toTensor(where, yTrue), p.shape) as Tensor;
      const read = ofSoftmax(CATEGORICAL, options)(where, p);
      return ofRows(where, read, smoothed(t, options.labelSmoothing), options);
    },
    row: (options) => probabilitiesRow(CATEGORICAL, options, `${SPARSE}()`),
  });

/**
 * alpha·(1 − p)^gamma·(−log p) with p that of the labelled class: int32 labels (…), predictions (…, classes) → (…).
 *
 * @example sparseCategoricalFocalCrossentropy(Int32Array.of(1), [[0, 0]]).array() // [0.17328…]
 * @throws ShapeError when the shapes do not fit; ArgumentError for predictions that may be logits or
 * probabilities; DataError for labels outside the classes, as the step runs
 */
export const sparseCategoricalFocalCrossentropy: LossOf<SparseFocalOptions> =
  /* @__PURE__ */ defineLoss({
    name: SPARSE,
    options: { ...CLASS_OPTIONS, ignoreIndex: int32 },
    call(where, yTrue, yPred, options: SparseFocalOptions) {
      return ofLabels(SPARSE, where, [yTrue, yPred], options, (read, y) => {
        const t = smoothed(oneHot(y, read.values.shape.at(-1)!), options.labelSmoothing);
        return ofRows(where, read, t, options);
      });
    },
    row: (options) => labelsRow(SPARSE, options, `${CATEGORICAL}()`),
  });

/** Entries of the table of losses. */
export const focals = [
  binaryFocalCrossentropy,
  categoricalFocalCrossentropy,
  sparseCategoricalFocalCrossentropy,
] as const;
