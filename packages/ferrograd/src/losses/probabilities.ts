import { ArgumentError, ShapeError } from "../errors.ts";
import { leaf } from "../graph/constants.ts";
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
import { ignoring } from "../graph/ops/indexing.ts";
import { requireFloat, requireRank, requireSome, requireType } from "../graph/ops/require.ts";
import { reshape } from "../graph/ops/shape.ts";
import type { AnyTensor, Tensor } from "../graph/tensor.ts";
import { boolean, fraction, listOf, nonNegativeFloat32 } from "../options/index.ts";
import { FLOAT, INT } from "../values/dtype.ts";
import { binaryAccuracy, categoricalAccuracy, sparseCategoricalAccuracy } from "./accuracy.ts";
import type { LossRow } from "./loss.ts";
import { type Reading, reading } from "./reading.ts";
import { alike, CLASSES, eachTarget, PROBABILITIES, targetsFor } from "./targets.ts";

/** Options of losses that compare probabilities. */
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
   * t·(1 − s) + s/classes; towards 1/2 in the binary ones.
   */
  readonly labelSmoothing?: number;
}

/** Options of those whose targets are class numbers. */
export interface LabelOptions extends CrossentropyOptions {
  /**
   * Rows with this label do not count, such as padding: their loss is 0 with no gradient, and means are taken over
   * the others (default none).
   */
  readonly ignoreIndex?: number;
}

/** What the common options may be. @internal */
export const OPTIONS = { fromLogits: boolean, labelSmoothing: fraction };

/** Probabilities are kept this far from 0 and 1, as in Keras. */
const EPSILON = 1e-7;
/** @internal */
export const clip = (p: Tensor): Tensor => minimum(maximum(p, EPSILON), 1 - EPSILON);
/** @internal */
export const logOf = (p: Tensor): Tensor => log(clip(p));

/** Predictions with a class at least. @internal */
export const classesIn = (loss: string, p: AnyTensor): Tensor =>
  requireSome(loss, requireRank(loss, requireFloat(loss, p), 1), p.rank - 1) as Tensor;

/** How a loss of this name takes predictions of a softmax. @internal */
export const ofSoftmax =
  (loss: string, { fromLogits }: CrossentropyOptions) =>
  (where: string, yPred: Tensor): Reading =>
    reading(where, yPred, { loss, by: "softmax", fromLogits });

/** How a loss of this name takes predictions of a sigmoid. @internal */
export const ofSigmoidFor =
  (loss: string, { fromLogits }: CrossentropyOptions) =>
  (where: string, yPred: Tensor): Reading =>
    reading(where, yPred, { loss, by: "sigmoid", fromLogits });

/** The labels' class gets 1 − s more than the s/classes that every class has. @internal */
export const smoothed = (t: Tensor, smoothing = 0): Tensor =>
  smoothing === 0 ? t : add(mul(t, 1 - smoothing), smoothing / t.shape[t.rank - 1]!);

/** Towards 1/2. @internal */
export const smoothedBits = (t: Tensor, smoothing = 0): Tensor =>
  smoothing === 0 ? t : add(mul(t, 1 - smoothing), smoothing / 2);

/** Two classes, or what is between them. */
const BITS = eachTarget("a label from 0 to 1", (v) => v >= 0 && v <= 1);

/** −(t·log p + (1 − t)·log(1 − p)), element by element. @internal */
export function ofBits({ as, values }: Reading, t: Tensor | number): Tensor {
  if (as === "logits") return bceWithLogits(values, t);
  const p = clip(values);
  return neg(add(mul(t, log(p)), mul(sub(1, t), log(sub(1, p)))));
}

/**
 * What `of` makes of class numbers, and of predictions as they are read. Rows that are ignored are left out, not multiplied by
 * 0, which would leave NaN of what is infinite there.
 *
 * @internal
 */
export function ofLabels(
  loss: string,
  where: string,
  [yTrue, yPred]: readonly [AnyTensor, Tensor],
  options: LabelOptions,
  of: (read: Reading, labels: AnyTensor) => Tensor,
): Tensor {
  const p = classesIn(loss, yPred);
  const y = targetsFor(where, requireType(loss, yTrue, INT), p.shape.slice(0, -1));
  const read = ofSoftmax(loss, options)(where, p);
  const { ignoreIndex } = options;
  if (ignoreIndex === undefined) return of(read, y);
  const [known, kept] = ignoring(y, ignoreIndex);
  const values = keep(read.values, reshape(kept, [...kept.shape, 1]));
  return keep(of({ ...read, values }, known), kept);
}

/** The row of a loss whose targets are class numbers. @internal */
export const labelsRow = (
  loss: string,
  options: LabelOptions,
  otherForm: string,
): Partial<LossRow> => ({
  labels: INT,
  lastAxis: CLASSES,
  otherForm: `for rows of probabilities use ${otherForm}`,
  accuracy: sparseCategoricalAccuracy,
  classes: (outputShape) => outputShape[outputShape.length - 1]!,
  ...counting(options),
  targetShape: (outputShape) => outputShape.slice(0, -1),
  read: ofSoftmax(loss, options),
});

/** The row of one whose targets are rows of probabilities. @internal */
export const probabilitiesRow = (
  loss: string,
  options: CrossentropyOptions,
  otherForm: string,
): Partial<LossRow> => ({
  takes: PROBABILITIES,
  lastAxis: CLASSES,
  otherForm: `for class numbers use ${otherForm}`,
  accuracy: categoricalAccuracy,
  read: ofSoftmax(loss, options),
});

/** The row of one whose targets are bits. @internal */
export function bitsRow(loss: string, options: CrossentropyOptions): Partial<LossRow> {
  const read = ofSigmoidFor(loss, options);
  return {
    takes: BITS,
    accuracy: (yTrue, yPred) =>
      binaryAccuracy(alike("accuracy", yTrue as Tensor, yPred), read("accuracy", yPred)),
    read,
  };
}

/** Which rows count. @internal */
export function counting({ ignoreIndex }: LabelOptions): Partial<LossRow> {
  if (ignoreIndex === undefined) return {};
  return { ignored: ignoreIndex, weight: (yTrue) => ignoring(yTrue, ignoreIndex)[1] };
}

/** Weights, 0 or more, not all 0. @internal */
export function weightList(where: string, name: string, value: unknown): number[] {
  const weights = listOf(where, name, value, nonNegativeFloat32);
  if (weights.some((weight) => weight > 0)) return weights;
  throw new ArgumentError(`${where}: ${name}: expected a weight above 0, got none`);
}

/** As many weights as there are. @internal */
export function weightsFor(
  where: string,
  name: string,
  weights: readonly number[],
  size: number,
): Tensor {
  if (weights.length === size) return leaf(Float32Array.from(weights), [size], FLOAT);
  throw new ShapeError(`${where}: ${name}: expected ${size} weights, got ${weights.length}`);
}
