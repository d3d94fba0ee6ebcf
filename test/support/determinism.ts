import {
  adam,
  averagePooling2d,
  batchNormalization,
  conv2d,
  dense,
  depthwiseConv2d,
  dropout,
  globalAveragePooling2d,
  maxPooling2d,
  randomTranslation,
  sequential,
} from "ferrograd";
import { unrollPrograms } from "ferrograd/unroll";
import { blobs, weightsHash } from "./model.ts";
import { floats } from "./numbers.ts";

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

/** 40 steps of a small convolutional net. */
export function trainedConvolutions() {
  const images = { data: floats(40 * 9 * 8 * 2, 7, 0, 1), shape: [40, 9, 8, 2] };
  const labels = Int32Array.from({ length: 40 }, (_, i) => (i * i) % 3);
  const model = sequential(
    [
      randomTranslation(0.1, 0.1),
      conv2d(5, 3, { padding: "same", activation: "relu" }),
      maxPooling2d(3, { strides: 2, padding: "same" }),
      depthwiseConv2d(3, { depthMultiplier: 2, strides: 2, padding: 1 }),
      batchNormalization(),
      conv2d(8, [1, 2], { groups: 2, activation: "gelu" }),
      averagePooling2d(2, { strides: 1, padding: "same" }),
      globalAveragePooling2d(),
      dense(3),
    ],
    { inputShape: [9, 8, 2], seed: 42 },
  ).compile({ optimizer: adam(), loss: "sparseCategoricalCrossentropy" });
  const { steps } = model.fitSync(images, labels, { epochs: 10, batchSize: 10 });
  if (steps !== 40) throw new Error(`expected 40 steps, got ${steps}`);
  return model;
}

type Trained = Disposable & { getWeights(): Float32Array[] };

/** The SHA-256 of weights: the same bits in every runtime. */
export async function trainedHash(train: () => Trained = trained): Promise<string> {
  using model = train();
  return await weightsHash(model);
}

/** The same of both nets, or two hashes if an unrolled program has other bits. Programs are unrolled from then on. */
export async function bothHashes(): Promise<string> {
  const nets = [trained, trainedConvolutions];
  const hashes = () => Promise.all(nets.map((net) => trainedHash(net)));
  const core = await hashes();
  unrollPrograms({ after: 3 });
  const unrolled = await hashes();
  return core
    .map((hash, i) => (hash === unrolled[i] ? hash : `${hash}, unrolled ${unrolled[i]}`))
    .join(" ");
}
