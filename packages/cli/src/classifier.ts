import { createHash } from "node:crypto";
import { type ActivationName, adam, dense, momentum, sequential, sgd, softmax } from "ferrograd";
import type { Dataset, Split } from "./datasets.ts";

interface Rate {
  learningRate?: number;
}

/** What `--optimizer` takes; without a learning rate each has the library's default. */
export const OPTIMIZERS = {
  sgd: (options: Rate) => sgd(options),
  momentum: (options: Rate) => momentum(options),
  adam: (options: Rate) => adam(options),
};

export type OptimizerName = keyof typeof OPTIMIZERS;
export const optimizerNames = Object.keys(OPTIMIZERS) as OptimizerName[];

export interface Settings {
  readonly hidden: readonly number[];
  readonly activation: ActivationName;
  readonly optimizer: OptimizerName;
  readonly learningRate?: number;
  readonly seed: number;
}

/** Units of each level, from the features to the classes. */
export function layerWidths({ train }: Split, hidden: readonly number[]): number[] {
  const classes = train.classNames?.length ?? Math.max(...train.y.data) + 1;
  return [train.x.shape[1]!, ...hidden, classes];
}

/** Dense layers over the data's features, ending in one logit per class. */
export function buildClassifier(widths: readonly number[], settings: Settings) {
  const { activation, optimizer, learningRate, seed } = settings;
  const hidden = widths.slice(1, -1).map((units) => dense(units, { activation }));
  return sequential([...hidden, dense(widths.at(-1)!)], { inputShape: [widths[0]!], seed }).compile(
    {
      optimizer: OPTIMIZERS[optimizer](learningRate === undefined ? {} : { learningRate }),
      loss: "sparseCategoricalCrossentropy",
      metrics: ["accuracy"],
    },
  );
}

export type Classifier = ReturnType<typeof buildClassifier>;

/** The classes a model gives a data set's rows. */
export interface Predictions {
  readonly classes: number;
  /** (rows, classes) */
  readonly probabilities: Float32Array;
  /** The most probable class of each row, (rows). */
  readonly labels: Int32Array;
}

export function classify(model: Classifier, data: Dataset): Predictions {
  const probabilities = Float32Array.from(softmax(model.predict(data.x)).data());
  const classes = probabilities.length / data.length;
  const labels = Int32Array.from({ length: data.length }, (_, row) => {
    const scores = probabilities.subarray(row * classes, (row + 1) * classes);
    return scores.indexOf(Math.max(...scores));
  });
  return { classes, probabilities, labels };
}

/** SHA-256 of all parameters in getWeights order, as little-endian float32. */
export function weightsSha256(weights: readonly Float32Array[]): string {
  const hash = createHash("sha256");
  for (const values of weights) {
    const bytes = Buffer.alloc(values.length * 4);
    for (const [i, value] of values.entries()) bytes.writeFloatLE(value, i * 4);
    hash.update(bytes);
  }
  return hash.digest("hex");
}
