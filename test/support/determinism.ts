import { adam, dense, dropout, sequential } from "ferrograd";
import { unrollPrograms } from "ferrograd/unroll";
import { blobs, weightsHash } from "./model.ts";

const { x, y } = blobs(100);

/** 200 steps of a net with activations of every kind and dropout. */
export function trained() {
  const model = sequential(
    [
      dense(33, { activation: "relu" }),
      dropout(0.2),
      dense(17, { activation: "tanh" }),
      dense(16, { activation: "sigmoid" }),
      dropout(0.1),
      dense(9, { activation: "leakyRelu", negativeSlope: 0.1 }),
      dense(3),
    ],
    { inputShape: [4], seed: 42 },
  ).compile({
    optimizer: adam({ learningRate: 0.003 }),
    loss: "sparseCategoricalCrossentropy",
    metrics: ["accuracy"],
  });
  const { steps } = model.fitSync(x, y, { epochs: 50, batchSize: 28 });
  if (steps !== 200) throw new Error(`expected 200 steps, got ${steps}`);
  return model;
}

/** The SHA-256 of its weights: the same bits in every runtime. */
export async function trainedHash(): Promise<string> {
  using model = trained();
  return await weightsHash(model);
}

/** The same, or two hashes if an unrolled program has other bits. Programs are unrolled from then on. */
export async function bothHashes(): Promise<string> {
  const hash = await trainedHash();
  unrollPrograms({ after: 3 });
  const unrolled = await trainedHash();
  return hash === unrolled ? hash : `${hash}, unrolled ${unrolled}`;
}
