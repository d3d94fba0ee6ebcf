import type { LabelType } from "../data/rows.ts";
import type { TensorLike } from "../graph/leaf.ts";
import type { AnyTensor, Shape, Tensor } from "../graph/tensor.ts";

/** Targets: class numbers or floats. */
export type Targets = Tensor<Shape, "int32"> | Tensor;

/** A loss of one's own: the loss of each sample, or one number for the batch. */
export type LossFunction = (yTrue: Tensor, yPred: Tensor) => Tensor;

/** How right a prediction is, sample by sample: what the metric "accuracy" means for a loss. */
export type AccuracyFunction = (yTrue: Targets, yPred: Tensor) => Tensor;

/** One entry of the table of losses. */
export interface LossRow {
  readonly name: string;
  /** The type of its targets. */
  readonly labels: LabelType;
  /** The loss of each sample. */
  readonly call: (yTrue: Targets, yPred: Tensor) => Tensor;
  /** Absent where accuracy means nothing. */
  readonly accuracy?: AccuracyFunction;
  /** How many classes the targets may name, from the shape of the outputs. */
  readonly classes?: (outputShape: Shape) => number;
  /** Shape of one sample's targets, from that of its outputs. */
  readonly targetShape: (outputShape: Shape) => Shape;
  /** The best answer that ignores the inputs, from the mean of the targets; absent where there is no formula. */
  readonly guess?: (mean: Tensor) => Tensor;
  /** What it made of the model's last node, for the summary. */
  readonly reads?: (yPred: Tensor) => string;
}

/** The row of a loss whose targets are floats of the outputs' shape. */
export const plainRow = (
  name: string,
  call: (yTrue: TensorLike, yPred: TensorLike) => Tensor,
): LossRow => ({
  name,
  labels: "float32",
  call: (yTrue, yPred) => call(yTrue as AnyTensor, yPred),
  targetShape: (outputShape) => outputShape,
});
