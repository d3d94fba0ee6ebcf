import { generator } from "../random.ts";
import type { Api, Case, Copies, Suite, TrainSpec } from "../types.ts";
import { onlineCase } from "./online.ts";

const LEARNING_RATES = { sgd: 0.01, adam: 0.001 };
/** Losses compared before anything is timed, where a case does not say. */
const COMPARED_STEPS = 20;

export function trainSpec(
  api: Api,
  units: readonly number[],
  batchSize: number,
  optimizer: TrainSpec["optimizer"] = "sgd",
): TrainSpec {
  const next = generator(1);
  const inputs = units[0];
  const classes = units[units.length - 1];
  const weights = units.slice(1).flatMap((out, layer) => {
    const fanIn = units[layer];
    const limit = Math.sqrt(6 / fanIn);
    const kernel = Float32Array.from({ length: fanIn * out }, () => next() * limit);
    return [kernel, new Float32Array(out)];
  });
  const x = Float32Array.from({ length: batchSize * inputs }, () => (next() + 1) / 2);
  const labels = Int32Array.from({ length: batchSize }, (_, row) => row % classes);
  return {
    api,
    optimizer,
    units,
    batchSize,
    learningRate: LEARNING_RATES[optimizer],
    x,
    labels,
    weights,
  };
}

export function trainCase(
  name: string,
  api: Api,
  copies: Copies,
  units: readonly number[],
  batchSize: number,
  optimizer: TrainSpec["optimizer"] = "sgd",
  compares = COMPARED_STEPS,
): Case {
  return {
    name,
    api,
    copies,
    tolerance: 1e-3,
    open: (engine) => engine.train?.(trainSpec(api, units, batchSize, optimizer)),
    compares,
  };
}

/** One training step: forward, softmax cross-entropy, backward, update; the loss is read back. */
export const train: Suite = {
  name: "train",
  notes: [
    "ms per training step: forward, softmax cross-entropy of integer labels, backward, update, the loss read back",
    "all start from the same weights; their first losses agree to 1e-3: 20, or as many as a library takes half a second for",
    "model (trainOnBatch): ours copies x and labels in at each step; tfjs-wasm is given tensors prepared beforehand and uses its sparseCategoricalCrossentropy",
    "xor/sigmoid: four steps, one for each row: sigmoids, mean squared error, plain gradient descent",
    "small nets: ours after unrollPrograms() of ferrograd/unroll",
    "jit: ours copies x and labels in at each step; tfjs-wasm runs optimizer.minimize with tensors and one-hot labels prepared beforehand",
  ],
  everywhere: [
    ...["784-128-10/b32/sgd", "784-512-10/b128/sgd", "64-64-64-10/b32/adam"],
    ...["784-16-10/b1/sgd", "2-8-2/b16/sgd", "2-8-1/xor/sigmoid"],
  ],
  cases: [
    trainCase("784-128-10/b32/sgd", "model", "in", [784, 128, 10], 32),
    trainCase("784-512-10/b128/sgd", "model", "in", [784, 512, 10], 128),
    trainCase("64-64-64-10/b32/adam", "model", "in", [64, 64, 64, 10], 32, "adam"),
    trainCase("784-16-10/b1/sgd", "model", "in", [784, 16, 10], 1),
    trainCase("2-8-2/b16/sgd/trainOnBatch", "model", "in", [2, 8, 2], 16),
    trainCase("2-8-2/b16/sgd", "jit", "in", [2, 8, 2], 16),
    onlineCase,
  ],
};
