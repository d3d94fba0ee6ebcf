import { type TensorLike, toTensor } from "../graph/leaf.ts";
import { madeBy } from "../graph/op.ts";
import {
  activationOp,
  add,
  bceWithLogits,
  equal,
  log,
  maximum,
  minimum,
  mul,
  neg,
  sub,
} from "../graph/ops/elementwise.ts";
import { cast, oneHot } from "../graph/ops/indexing.ts";
import { sum } from "../graph/ops/reduce.ts";
import { requireType } from "../graph/ops/require.ts";
import { crossEntropyLabels, crossEntropyRows, softmaxOp } from "../graph/ops/softmax.ts";
import type { AnyTensor, Shape, Tensor } from "../graph/tensor.ts";
import {
  binaryAccuracy,
  categoricalAccuracy,
  sparseCategoricalAccuracy,
} from "../metrics/accuracy.ts";
import { boolean, checkOptions, fraction, integer } from "../suggest.ts";
import type { LossRow, Targets } from "./loss.ts";
import { alike, pair, perSample, targetsFor } from "./targets.ts";

/** Options of the cross-entropies. */
export interface CrossentropyOptions {
  /**
   * Are the predictions logits? Default: predictions that come out of a softmax (or sigmoid) are
   * taken back to its logits, all others are logits. `false` takes probabilities as they are.
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
  /** Rows with this label have loss 0 and no gradient, such as padding (default none). */
  readonly ignoreIndex?: number;
}

/** Probabilities are kept this far from 0 and 1, as in Keras. */
const EPSILON = 1e-7;
const clip = (p: Tensor): Tensor => minimum(maximum(p, EPSILON), 1 - EPSILON);
const logOf = (p: Tensor): Tensor => log(clip(p));

/** What a softmax was applied to, or the tensor itself. */
const softmaxLogits = (y: Tensor): Tensor => (madeBy(y, softmaxOp)?.inputs[0] as Tensor) ?? y;

/** What a sigmoid was applied to, or the tensor itself. @internal */
export function sigmoidLogits(y: Tensor): Tensor {
  const node = madeBy(y, activationOp);
  return node?.attrs.activation === "sigmoid" ? (node.inputs[0] as Tensor) : y;
}

function logitsIf(
  where: string,
  options: CrossentropyOptions,
  yPred: Tensor,
  find: (y: Tensor) => Tensor,
) {
  if (options.fromLogits === undefined) return find(yPred);
  return boolean(where, "fromLogits", options.fromLogits) ? yPred : null;
}

/** The labels' class gets 1 − s more than the s/classes that every class has. */
const smoothed = (t: Tensor, smoothing: number): Tensor =>
  smoothing === 0 ? t : add(mul(t, 1 - smoothing), smoothing / t.shape[t.rank - 1]!);

/**
 * −log p[label] of each sample, with p = softmax(yPred): int32 labels (…), predictions (…, classes)
 * → (…). Never overflows: softmax and logarithm are one operation (torch.nn.CrossEntropyLoss).
 *
 * @example mean(sparseCategoricalCrossentropy(y, logits))
 * @throws ShapeError when the shapes do not fit; DataError for labels outside the classes, as the
 * step runs
 */
export function sparseCategoricalCrossentropy(
  yTrue: TensorLike,
  yPred: TensorLike,
  options: SparseCrossentropyOptions = {},
): Tensor {
  const where = "sparseCategoricalCrossentropy()";
  const smoothing = smoothingOf(where, options, [...OPTIONS, "ignoreIndex"]);
  const p = toTensor(where, yPred) as Tensor;
  const labels = requireType("sparseCategoricalCrossentropy", toTensor(where, yTrue), "int32");
  const y = targetsFor(where, labels, p.shape.slice(0, -1));
  const { ignoreIndex, ...rest } = options;
  if (ignoreIndex !== undefined) {
    const kept = sub(1, equal(cast(y, "float32"), integer(where, "ignoreIndex", ignoreIndex)));
    const known = cast(mul(cast(y, "float32"), kept) as AnyTensor, "int32");
    return mul(sparseCategoricalCrossentropy(known as AnyTensor, p, rest), kept);
  }
  const logits = logitsIf(where, options, p, softmaxLogits);
  if (logits !== null && smoothing === 0) {
    return crossEntropyLabels(logits, y as AnyTensor as Tensor<Shape, "int32">);
  }
  const t = oneHot(y, p.shape[p.rank - 1]!);
  return categoricalCrossentropy(t, p, rest);
}

/**
 * −Σ t·log p of each sample, with p = softmax(yPred): targets are rows of probabilities, one-hot or
 * not, (…, classes) → (…). No gradient flows to the targets.
 *
 * @throws ShapeError when targets and predictions differ in shape
 */
export function categoricalCrossentropy(
  yTrue: TensorLike,
  yPred: TensorLike,
  options: CrossentropyOptions = {},
): Tensor {
  const where = "categoricalCrossentropy()";
  const smoothing = smoothingOf(where, options);
  const p = toTensor(where, yPred) as Tensor;
  const t = smoothed(targetsFor(where, toTensor(where, yTrue), p.shape) as Tensor, smoothing);
  const logits = logitsIf(where, options, p, softmaxLogits);
  if (logits !== null) return crossEntropyRows(logits, t);
  return neg(sum(mul(t, log(clip(p))), { axis: -1 }));
}

/**
 * −(t·log p + (1 − t)·log(1 − p)) with p = sigmoid(yPred), averaged over the last axis:
 * (…, n) → (…). Computed from logits as max(x, 0) − x·t + log(1 + e^−|x|)
 * (torch.nn.BCEWithLogitsLoss).
 *
 * @throws ShapeError when targets and predictions differ in shape
 */
export function binaryCrossentropy(
  yTrue: TensorLike,
  yPred: TensorLike,
  options: CrossentropyOptions = {},
): Tensor {
  const where = "binaryCrossentropy()";
  const smoothing = smoothingOf(where, options);
  const [targets, p] = pair(where, yTrue, yPred);
  const t = smoothing === 0 ? targets : add(mul(targets, 1 - smoothing), smoothing / 2);
  const logits = logitsIf(where, options, p, sigmoidLogits);
  const losses = logits !== null ? bceWithLogits(logits, t) : bceOfProbabilities(clip(p), t);
  return perSample(losses);
}

const bceOfProbabilities = (p: Tensor, t: Tensor): Tensor =>
  neg(add(mul(t, log(p)), mul(sub(1, t), log(sub(1, p)))));

const OPTIONS = ["fromLogits", "labelSmoothing"];

/** The options' smoothing, all names checked. */
function smoothingOf(where: string, options: CrossentropyOptions, names = OPTIONS): number {
  checkOptions(where, options, names);
  return fraction(where, "labelSmoothing", options.labelSmoothing ?? 0);
}

const reads = (find: (y: Tensor) => Tensor, name: string) => (yPred: Tensor) =>
  find(yPred) === yPred ? "the outputs as logits" : `the logits of the final ${name}`;

/** Entries of the table of losses. */
export const crossentropies: readonly LossRow[] = [
  {
    name: "sparseCategoricalCrossentropy",
    labels: "int32",
    call: (yTrue: Targets, yPred) => sparseCategoricalCrossentropy(yTrue as AnyTensor, yPred),
    accuracy: sparseCategoricalAccuracy,
    classes: (outputShape) => outputShape[outputShape.length - 1]!,
    targetShape: (outputShape) => outputShape.slice(0, -1),
    guess: logOf,
    reads: reads(softmaxLogits, "softmax"),
  },
  {
    name: "categoricalCrossentropy",
    labels: "float32",
    call: (yTrue: Targets, yPred) => categoricalCrossentropy(yTrue as AnyTensor, yPred),
    accuracy: categoricalAccuracy,
    targetShape: (outputShape) => outputShape,
    guess: logOf,
    reads: reads(softmaxLogits, "softmax"),
  },
  {
    name: "binaryCrossentropy",
    labels: "float32",
    call: (yTrue: Targets, yPred) => binaryCrossentropy(yTrue as AnyTensor, yPred),
    accuracy: (yTrue, yPred) => {
      const t = alike("accuracy", yTrue as Tensor, yPred);
      const logits = sigmoidLogits(yPred);
      return binaryAccuracy(t, logits);
    },
    targetShape: (outputShape) => outputShape,
    guess: (mean) => sub(logOf(mean), logOf(sub(1, mean))),
    reads: reads(sigmoidLogits, "sigmoid"),
  },
];
