import {
  adam,
  backupAndRestore,
  batchNormalization,
  dense,
  dropout,
  earlyStopping,
  type FitResult,
  metrics,
  type Store,
  sequential,
} from "ferrograd";
import { blobs } from "./model.ts";

/** A store in memory. */
export function memoryStore() {
  const files = new Map<string, Uint8Array>();
  const store: Store = {
    read: (name) => files.get(name),
    write: (name, bytes) => void files.set(name, bytes),
    delete: (name) => void files.delete(name),
  };
  return { store, files };
}

/** Steps of `survivor`. */
export const STEPS = 20;

/** A training that goes on where it was when its process or page came to its end, with a function for each step. */
export async function survivor(store: Store, onStep: (step: number) => unknown = () => {}) {
  const { x, y } = blobs();
  using model = sequential(
    [dense(8, { activation: "relu" }), batchNormalization(), dropout(0.2), dense(3)],
    { inputShape: [4], seed: 5 },
  ).compile({
    optimizer: adam({ learningRate: 0.01 }),
    loss: "sparseCategoricalCrossentropy",
    metrics: ["accuracy", metrics.auc()],
  });
  const { ms: _, ...result }: FitResult<never> & { ms: number } = (await model.fit(x, y, {
    ...{ epochs: 5, batchSize: 16, validationSplit: 0.1 },
    callbacks: [
      backupAndRestore(store, { every: 1 }),
      earlyStopping({ patience: 4 }),
      { onBatchEnd: onStep },
    ],
  })) as never;
  return JSON.stringify({ result, weights: model.getWeights().map((each) => Array.from(each)) });
}
