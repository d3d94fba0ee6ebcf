import { type Model, softmax } from "ferrograd";
import type { Dataset } from "./datasets.ts";

/** The classes a model gives a data set's rows. */
export interface Predictions {
  readonly classes: number;
  /** (rows, classes) */
  readonly probabilities: Float32Array;
  /** The most probable class of each row, (rows). */
  readonly labels: Int32Array;
}

/** How well a model tells classes apart. */
export interface ClassResults {
  readonly kind: "classes";
  readonly names: readonly string[];
  readonly truth: ArrayLike<number>;
  readonly predictions: Predictions;
  readonly loss: number;
  readonly accuracy: number;
}

/** How well a model gives numbers. */
export interface NumberResults {
  readonly kind: "numbers";
  readonly truth: ArrayLike<number>;
  readonly predicted: Float32Array;
  /** Mean squared error. */
  readonly loss: number;
  /** Its root, in the target's units. */
  readonly rmse: number;
  /** Share of the target's variance that the model explains: 1 − loss/variance. */
  readonly r2: number;
}

export type Results = ClassResults | NumberResults;
type AnyModel = Pick<Model<"accuracy">, "predict" | "evaluate" | "classNames">;

export function classify(model: Pick<AnyModel, "predict">, x: Dataset["x"]): Predictions {
  const rows = x.shape[0]!;
  const probabilities = Float32Array.from(softmax(model.predict(x)).data());
  const classes = probabilities.length / rows;
  const labels = Int32Array.from({ length: rows }, (_, row) => {
    const scores = probabilities.subarray(row * classes, (row + 1) * classes);
    return scores.indexOf(Math.max(...scores));
  });
  return { classes, probabilities, labels };
}

/** What a model makes of rows whose answers are known. */
export function measure(model: AnyModel, data: Dataset): Results {
  const { loss, accuracy } = model.evaluate(data.x, data.y);
  const truth = data.y.data;
  if (truth instanceof Int32Array) {
    const predictions = classify(model, data.x);
    const numbers = Array.from({ length: predictions.classes }, (_, i) => String(i));
    const names = model.classNames ?? data.classNames ?? numbers;
    return { kind: "classes", names, truth, predictions, loss, accuracy };
  }
  const predicted = Float32Array.from(model.predict(data.x).data());
  const mean = truth.reduce((sum, v) => sum + v, 0) / truth.length;
  const variance = truth.reduce((sum, v) => sum + (v - mean) * (v - mean), 0) / truth.length;
  const r2 = variance > 0 ? 1 - loss / variance : Number.NaN;
  return { kind: "numbers", truth, predicted, loss, rmse: Math.sqrt(loss), r2 };
}
