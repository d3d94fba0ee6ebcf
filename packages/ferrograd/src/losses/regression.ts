import { ShapeError } from "../errors.ts";
import { type TensorLike, toTensor } from "../graph/leaf.ts";
import { squaredDifference } from "../graph/ops/elementwise.ts";
import { mean } from "../graph/ops/reduce.ts";
import { reshape } from "../graph/ops/shape.ts";
import { type AnyTensor, sameShape, showShape, type Tensor } from "../graph/tensor.ts";
import type { LossRow, Targets } from "./loss.ts";

/**
 * (yTrue − yPred)², averaged over the last axis: (…, n) → (…) (torch.nn.MSELoss, Keras's
 * MeanSquaredError).
 *
 * @example mean(meanSquaredError([[1, 2]], [[1, 4]])).item() // 2
 * @throws ShapeError when the shapes differ
 */
export function meanSquaredError(yTrue: TensorLike, yPred: TensorLike): Tensor {
  const p = toTensor("meanSquaredError()", yPred) as Tensor;
  let t = toTensor("meanSquaredError()", yTrue) as Tensor;
  // Targets (batch) for outputs (batch, 1).
  if (t.rank === p.rank - 1 && p.shape[p.rank - 1] === 1) t = reshape(t, [...t.shape, 1]);
  if (!sameShape(t.shape, p.shape)) {
    throw new ShapeError(
      `meanSquaredError(): yTrue: expected shape ${showShape(p.shape)}, got ${showShape(t.shape)}`,
    );
  }
  const squares = squaredDifference(p, t);
  return p.rank > 1 ? mean(squares, { axis: -1 }) : squares;
}

/** Entries of the table of losses. */
export const regressions: readonly LossRow[] = [
  {
    name: "meanSquaredError",
    labels: "float32",
    call: (yTrue: Targets, yPred) => meanSquaredError(yTrue as AnyTensor, yPred),
    targetShape: (outputShape) => outputShape,
  },
];
