import { ShapeError } from "../errors.ts";
import { type TensorLike, toTensor } from "../graph/leaf.ts";
import { madeBy } from "../graph/op.ts";
import {
  activationOp,
  add,
  bceWithLogits,
  log,
  maximum,
  minimum,
  mul,
  neg,
  sub,
} from "../graph/ops/elementwise.ts";
import { oneHot } from "../graph/ops/indexing.ts";
import { mean, sum } from "../graph/ops/reduce.ts";
import { requireType } from "../graph/ops/require.ts";
import { reshape } from "../graph/ops/shape.ts";
import { crossEntropyLabels, crossEntropyRows, softmaxOp } from "../graph/ops/softmax.ts";
import { type AnyTensor, type Shape, sameShape, showShape, type Tensor } from "../graph/tensor.ts";
import {
  binaryAccuracy,
  categoricalAccuracy,
  sparseCategoricalAccuracy,
} from "../metrics/accuracy.ts";
import { boolean, checkOptions } from "../suggest.ts";
import type { LossRow, Targets } from "./loss.ts";

/** Options of the cross-entropies. */
export interface CrossentropyOptions {
  /**
   * Are the predictions logits? Default: predictions that come out of a softmax (or sigmoid) are
   * taken back to its logits, all others are logits. `false` takes probabilities as they are.
   */
  readonly fromLogits?: boolean;
}

/** Probabilities are kept this far from 0 and 1, as in Keras. */
const EPSILON = 1e-7;
const clip = (p: Tensor): Tensor => minimum(maximum(p, EPSILON), 1 - EPSILON);

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
  checkOptions(where, options, ["fromLogits"]);
  if (options.fromLogits === undefined) return find(yPred);
  return boolean(where, "fromLogits", options.fromLogits) ? yPred : null;
}

const targetsFor = (where: string, y: AnyTensor, shape: Shape): AnyTensor => {
  if (!sameShape(y.shape, shape)) {
    throw new ShapeError(
      `${where}: yTrue: expected shape ${showShape(shape)}, got ${showShape(y.shape)}`,
    );
  }
  return y;
};

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
  options: CrossentropyOptions = {},
): Tensor {
  const where = "sparseCategoricalCrossentropy()";
  const p = toTensor(where, yPred) as Tensor;
  const labels = requireType("sparseCategoricalCrossentropy", toTensor(where, yTrue), "int32");
  const y = targetsFor(where, labels, p.shape.slice(0, -1));
  const logits = logitsIf(where, options, p, softmaxLogits);
  if (logits !== null) return crossEntropyLabels(logits, y as AnyTensor as Tensor<Shape, "int32">);
  return neg(sum(mul(oneHot(y, p.shape[p.rank - 1]!), log(clip(p))), { axis: -1 }));
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
  const p = toTensor(where, yPred) as Tensor;
  const t = targetsFor(where, toTensor(where, yTrue), p.shape) as Tensor;
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
  const p = toTensor(where, yPred) as Tensor;
  const t = alike(where, toTensor(where, yTrue) as Tensor, p);
  const logits = logitsIf(where, options, p, sigmoidLogits);
  const losses = logits !== null ? bceWithLogits(logits, t) : bceOfProbabilities(clip(p), t);
  return p.rank > 1 ? mean(losses, { axis: -1 }) : losses;
}

const bceOfProbabilities = (p: Tensor, t: Tensor): Tensor =>
  neg(add(mul(t, log(p)), mul(sub(1, t), log(sub(1, p)))));

/** Targets (batch) for outputs (batch, 1) get the missing axis. */
function alike(where: string, t: Tensor, p: Tensor): Tensor {
  const short = t.rank === p.rank - 1 && p.shape[p.rank - 1] === 1;
  return targetsFor(where, short ? reshape(t, [...t.shape, 1]) : t, p.shape) as Tensor;
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
    reads: reads(softmaxLogits, "softmax"),
  },
  {
    name: "categoricalCrossentropy",
    labels: "float32",
    call: (yTrue: Targets, yPred) => categoricalCrossentropy(yTrue as AnyTensor, yPred),
    accuracy: categoricalAccuracy,
    targetShape: (outputShape) => outputShape,
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
    reads: reads(sigmoidLogits, "sigmoid"),
  },
];
