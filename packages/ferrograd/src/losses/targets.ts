import { ShapeError } from "../errors.ts";
import { type TensorLike, toTensor } from "../graph/leaf.ts";
import { mean } from "../graph/ops/reduce.ts";
import { reshape } from "../graph/ops/shape.ts";
import type { AnyTensor, Tensor } from "../graph/tensor.ts";
import { type Shape, sameShape, showShape } from "../values/shape.ts";
import type { LastAxis, TargetRule } from "./loss.ts";

/** Targets of exactly this shape. @internal */
export function targetsFor(where: string, y: AnyTensor, shape: Shape): AnyTensor {
  if (!sameShape(y.shape, shape)) {
    throw new ShapeError(
      `${where}: yTrue: expected shape ${showShape(shape)}, got ${showShape(y.shape)}`,
    );
  }
  return y;
}

/** Targets (batch) for outputs (batch, 1) get the missing axis. @internal */
export function alike(where: string, t: Tensor, p: Tensor): Tensor {
  const short = t.rank === p.rank - 1 && p.shape[p.rank - 1] === 1;
  return targetsFor(where, short ? reshape(t, [...t.shape, 1]) : t, p.shape) as Tensor;
}

/** Targets and predictions of one shape. @internal */
export function pair(where: string, yTrue: TensorLike, yPred: TensorLike): [Tensor, Tensor] {
  const p = toTensor(where, yPred) as Tensor;
  return [alike(where, toTensor(where, yTrue) as Tensor, p), p];
}

/** The mean over the last axis: one number for each sample. @internal */
export const perSample = (x: Tensor): Tensor => (x.rank > 1 ? mean(x, { axis: -1 }) : x);

/** A rule for one target at a time. @internal */
export const eachTarget = (text: string, accepts: (value: number) => boolean): TargetRule => ({
  text,
  find(data) {
    for (let i = 0; i < data.length; i++) if (!accepts(data[i]!)) return i;
    return -1;
  },
});

/** Targets that are probabilities, one-hot rows among them. @internal */
export const PROBABILITIES = eachTarget("a probability from 0 to 1", (v) => v >= 0 && v <= 1);

/** Classes along the last axis. @internal */
export const CLASSES: LastAxis = { of: "classes", instead: "binaryCrossentropy" };

/** Predictions that have a last axis. @internal */
export function withAxis(where: string, { of }: LastAxis, p: Tensor): void {
  if (p.rank > 0) return;
  throw new ShapeError(`${where}: expected predictions (…, ${of}), got a scalar`);
}
