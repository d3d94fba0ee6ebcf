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
  readonly predicted: ArrayLike<number>;
  /** Mean squared error. */
  readonly loss: number;
}

export type Results = ClassResults | NumberResults;
type AnyModel = Pick<Model<"accuracy">, "predict" | "evaluate" | "classNames">;

/** How a model's answers are read. */
export interface Reading {
  /** Are its outputs probabilities, rather than logits? */
  readonly probabilities?: boolean;
  /** What its numbers are relative to. */
  readonly reference?: number;
}

export function classify(
  model: Pick<AnyModel, "predict">,
  x: Dataset["x"],
  { probabilities: areProbabilities = false }: Reading = {},
): Predictions {
  const rows = x.shape[0]!;
  const outputs = model.predict(x);
  const probabilities = Float32Array.from((areProbabilities ? outputs : softmax(outputs)).data());
  const classes = probabilities.length / rows;
  const labels = Int32Array.from({ length: rows }, (_, row) => {
    const scores = probabilities.subarray(row * classes, (row + 1) * classes);
    return scores.indexOf(Math.max(...scores));
  });
  return { classes, probabilities, labels };
}

/** What a model makes of rows whose answers are known. */
export function measure(model: AnyModel, data: Dataset, reading: Reading = {}): Results {
  const { loss, accuracy } = model.evaluate(data.x, data.y);
  const truth = data.y.data;
  if (truth instanceof Int32Array) {
    const predictions = classify(model, data.x, reading);
    const numbers = Array.from({ length: predictions.classes }, (_, i) => String(i));
    const names = model.classNames ?? data.classNames ?? numbers;
    return { kind: "classes", names, truth, predictions, loss, accuracy };
  }
  const { reference = 0 } = reading;
  const absolute = (values: ArrayLike<number>) =>
    Float64Array.from(values, (value) => value + reference);
  const predicted = absolute(model.predict(data.x).data());
  return { kind: "numbers", truth: absolute(truth), predicted, loss };
}

/** The results of several tests in one: each row was in one of them. */
export function joined(all: readonly Results[]): Results {
  const rows = all.reduce((sum, { truth }) => sum + truth.length, 0);
  const mean = (of: (results: never) => number) =>
    all.reduce((sum, one) => sum + of(one as never) * (one.truth.length / rows), 0);
  const loss = mean(({ loss }: Results) => loss);
  const [first] = all as [Results];
  const truth = all.flatMap((one) => Array.from(one.truth));
  if (first.kind === "numbers") {
    const predicted = (all as NumberResults[]).flatMap((one) => Array.from(one.predicted));
    return { kind: "numbers", truth, predicted, loss };
  }
  const parts = (all as ClassResults[]).map(({ predictions }) => predictions);
  return {
    kind: "classes",
    names: first.names,
    truth,
    loss,
    accuracy: mean(({ accuracy }: ClassResults) => accuracy),
    predictions: {
      classes: first.predictions.classes,
      probabilities: Float32Array.from(parts.flatMap((one) => Array.from(one.probabilities))),
      labels: Int32Array.from(parts.flatMap((one) => Array.from(one.labels))),
    },
  };
}
