import { type Model, softmax } from "ferrograd";
import type { Dataset } from "./datasets.ts";

/** The classes a model gives some rows. */
interface Classified {
  readonly classes: number;
  /** (rows, classes) */
  readonly probabilities: Float32Array;
  /** The most probable class of each row, (rows). */
  readonly labels: Int32Array;
}

/** The classes a model gives a data set's rows, of which there may be many. */
export interface Predictions {
  /** The most probable class of each row, (rows). */
  readonly labels: Int32Array;
  /** What it was given, and what the true class was, (rows). */
  readonly probabilities: Float32Array;
  readonly truthProbabilities: Float32Array;
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
): Classified {
  const rows = x.shape[0]!;
  const outputs = model.predict(x);
  const probabilities = Float32Array.from((areProbabilities ? outputs : softmax(outputs)).data());
  const classes = probabilities.length / rows;
  const labels = new Int32Array(rows);
  for (let row = 0; row < rows; row++) {
    const first = row * classes;
    let best = first;
    for (let at = first + 1; at < first + classes; at++) {
      if (probabilities[at]! > probabilities[best]!) best = at;
    }
    labels[row] = best - first;
  }
  return { classes, probabilities, labels };
}

/** Rows that are asked about at once, so that the outputs of many never stand beside each other. */
const ROWS = 8192;

/** Asks about the rows of a data set, some at once; `take` is told where they begin. */
function inPieces({ x, length }: Dataset, take: (x: Dataset["x"], begin: number) => void): void {
  const width = x.data.length / length;
  for (let begin = 0; begin < length; begin += ROWS) {
    const rows = Math.min(ROWS, length - begin);
    const data = x.data.subarray(begin * width, (begin + rows) * width);
    take({ data, shape: [rows, ...x.shape.slice(1)] }, begin);
  }
}

/** What a model makes of rows whose answers are known. */
export function measure(model: AnyModel, data: Dataset, reading: Reading = {}): Results {
  const { loss, accuracy } = model.evaluate(data.x, data.y);
  const truth = data.y.data;
  if (truth instanceof Int32Array) {
    const { classes, ...predictions } = predictClasses(model, data, truth, reading);
    const numbers = Array.from({ length: classes }, (_, i) => String(i));
    const names = model.classNames ?? data.classNames ?? numbers;
    return { kind: "classes", names, truth, predictions, loss, accuracy };
  }
  const { reference = 0 } = reading;
  const [absolute, predicted] = [new Float64Array(data.length), new Float64Array(data.length)];
  inPieces(data, (x, begin) => {
    const said = model.predict(x).data();
    for (let i = 0; i < said.length; i++) {
      predicted[begin + i] = said[i]! + reference;
      absolute[begin + i] = truth[begin + i]! + reference;
    }
  });
  return { kind: "numbers", truth: absolute, predicted, loss };
}

function predictClasses(model: AnyModel, data: Dataset, truth: Int32Array, reading: Reading) {
  const labels = new Int32Array(data.length);
  const probabilities = new Float32Array(data.length);
  const truthProbabilities = new Float32Array(data.length);
  let classes = 0;
  inPieces(data, (x, begin) => {
    const piece = classify(model, x, reading);
    classes = piece.classes;
    piece.labels.forEach((label, i) => {
      const row = begin + i;
      labels[row] = label;
      probabilities[row] = piece.probabilities[i * classes + label]!;
      truthProbabilities[row] = piece.probabilities[i * classes + truth[row]!]!;
    });
  });
  return { classes, labels, probabilities, truthProbabilities };
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
  const together = (of: (part: Predictions) => ArrayLike<number>) =>
    parts.flatMap((part) => Array.from(of(part)));
  return {
    kind: "classes",
    names: first.names,
    truth,
    loss,
    accuracy: mean(({ accuracy }: ClassResults) => accuracy),
    predictions: {
      labels: Int32Array.from(together(({ labels }) => labels)),
      probabilities: Float32Array.from(together(({ probabilities }) => probabilities)),
      truthProbabilities: Float32Array.from(
        together(({ truthProbabilities }) => truthProbabilities),
      ),
    },
  };
}
