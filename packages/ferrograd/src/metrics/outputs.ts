import { ArgumentError, ShapeError } from "../errors.ts";
import { sigmoid } from "../graph/ops/activation.ts";
import { exceeds, sub } from "../graph/ops/elementwise.ts";
import { argmax, asFloats, cast, ignoring, oneHot } from "../graph/ops/indexing.ts";
import { reshape } from "../graph/ops/shape.ts";
import { softmax } from "../graph/ops/softmax.ts";
import type { AnyTensor, Tensor } from "../graph/tensor.ts";
import type { LossRow, Targets } from "../losses/loss.ts";
import { type Reading, reading } from "../losses/reading.ts";
import { INT } from "../values/dtype.ts";
import { type Dims, lastSize, sameShape, showShape } from "../values/shape.ts";

/** How a metric of classes takes outputs. */
export interface ClassOptions {
  /**
   * Are the outputs logits? Default: as the loss has it said, or else what they mean, as the losses have it: probabilities that
   * come out of a sigmoid or softmax, and logits otherwise.
   */
  readonly fromLogits?: boolean;
  /**
   * An output counts as 1 where its probability is above this (default: 1/2 of one output, and of several beside a loss that
   * takes each by itself, as `binaryCrossentropy`; else the class with the largest output is the one that is said).
   */
  readonly threshold?: number;
}

/** The outputs of a model that says classes, and its targets, with a column for each class. */
export class ClassOutputs {
  /** Columns: classes, or labels of which each is there or not. */
  readonly columns: number;
  /** Is one class of several the right one? */
  readonly areClasses: boolean;
  /** And is the one with the largest output what is said? */
  private readonly exclusive: boolean;
  private readonly threshold: number;
  private readonly type: string;
  private readonly fromLogits: boolean | undefined;
  private readonly ignored: number | undefined;

  constructor(
    where: string,
    type: string,
    loss: LossRow | undefined,
    outputShape: Dims,
    { fromLogits, threshold }: ClassOptions,
  ) {
    const columns = lastSize(outputShape);
    if (columns === null) {
      throw new ArgumentError(
        `${where}: metric "${type}": expected outputs whose last size is known, got rows of shape ${showShape(outputShape)}`,
      );
    }
    const ofClasses =
      loss === undefined
        ? threshold === undefined
        : loss.isOwn || loss.labels === INT || loss.lastAxis?.of === "classes";
    this.type = type;
    this.columns = columns;
    this.areClasses = columns > 1 && ofClasses;
    this.exclusive = this.areClasses && threshold === undefined;
    this.threshold = threshold ?? 0.5;
    this.fromLogits = fromLogits ?? (loss?.options.fromLogits as boolean | undefined);
    this.ignored = loss?.ignored;
  }

  /** Refuses outputs of which nobody knows what they are. */
  readonly check = (where: string, yPred: Tensor): Reading =>
    reading(where, yPred, {
      loss: this.type,
      by: this.areClasses ? "softmax" : "sigmoid",
      fromLogits: this.fromLogits,
    });

  /** Refuses classes that there are not. */
  checkClasses(where: string, ids: readonly number[], classes = this.columns): void {
    const bad = ids.find((id) => id >= classes);
    if (bad === undefined) return;
    throw new ArgumentError(
      `${where}: metric "${this.type}": expected classes from 0 to ${classes - 1}, got ${bad}`,
    );
  }

  /** (places, columns) */
  probabilities(yPred: Tensor): Tensor {
    const { as, values } = this.check(this.type, yPred);
    const p = as === "probabilities" ? values : this.areClasses ? softmax(values) : sigmoid(values);
    return this.rows(p);
  }

  /** 1 for what is said, else 0: (places, columns). */
  said(yPred: Tensor): Tensor {
    return this.exclusive
      ? this.rows(oneHot(argmax(yPred), this.columns))
      : exceeds(this.probabilities(yPred), this.threshold);
  }

  /** 1 for what is true, else 0: (places, columns). */
  truth(yTrue: Targets, yPred: Tensor): Tensor {
    const alike = sameShape(yTrue.shape, yPred.shape);
    if (!alike && !sameShape(yTrue.shape, yPred.shape.slice(0, -1))) {
      throw this.unlike(yTrue, yPred);
    }
    const floats = () => asFloats(yTrue as AnyTensor);
    if (!this.areClasses) return exceeds(this.rows(floats()), 0.5);
    return this.rows(oneHot(alike ? argmax(floats()) : this.labels(yTrue), this.columns));
  }

  /** The two of one output: not, and so. */
  both(x: Tensor): Tensor {
    if (this.columns > 1) return x;
    return oneHot(cast(reshape(x, [-1]), INT), 2);
  }

  /** (places, 1) */
  weights = (weight: Tensor): Tensor => reshape(weight, [-1, 1]);

  private labels(yTrue: Targets): AnyTensor {
    const labels = cast(yTrue as AnyTensor, INT) as AnyTensor;
    return this.ignored === undefined ? labels : ignoring(labels, this.ignored)[0];
  }

  private rows = (x: Tensor): Tensor => reshape(x, [-1, this.columns]);

  private unlike({ shape }: Targets, yPred: Tensor): ShapeError {
    return new ShapeError(
      `${this.type}: yTrue: expected shape ${showShape(yPred.shape)} or ${showShape(yPred.shape.slice(0, -1))}, got ${showShape(shape)}`,
    );
  }
}

/** 1 − x. */
export const not = (x: Tensor): Tensor => sub(1, x);
