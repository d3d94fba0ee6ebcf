import {
  type AdamOptions,
  adam,
  dense,
  type FerrogradError,
  type Layer,
  sequential,
} from "ferrograd";
import { sequence } from "./numbers.ts";

/** Points of four coordinates around one center per class, in random order: x (rows, 4), y (rows). */
export function blobs(rows = 60, classes = 3, seed = 1) {
  const next = sequence(seed);
  const y = Int32Array.from({ length: rows }, () => Math.floor(next() * classes));
  const data = new Float32Array(rows * 4);
  y.forEach((label, row) => {
    for (let j = 0; j < 4; j++) {
      data[row * 4 + j] = (j === label ? 1 : 0) + (next() - 0.5) * 0.6;
    }
  });
  return { x: { data, shape: [rows, 4] }, y };
}

/** A small classifier of `blobs`, compiled. */
export const classifier = (options: AdamOptions = { learningRate: 0.01 }, seed = 1) =>
  sequential([dense(8, { activation: "relu" }), dense(3)], { inputShape: [4], seed }).compile({
    optimizer: adam(options),
    loss: "sparseCategoricalCrossentropy",
    metrics: ["accuracy"],
  });

/** All weights in one array, in the order of `getWeights`. */
export function flatWeights(model: { getWeights(): Float32Array[] }): number[] {
  return model.getWeights().flatMap((weights) => Array.from(weights));
}

/** Class and message of what a call throws or rejects with. */
export async function failure(body: () => unknown): Promise<string> {
  try {
    await body();
  } catch (error) {
    const { name, message } = error as FerrogradError;
    return `${name}: ${message}`;
  }
  return "no error";
}

/** SHA-256 of the weights, f32 little-endian, in hexadecimal. */
export async function weightsHash(model: { getWeights(): Float32Array[] }): Promise<string> {
  const bytes = Float32Array.from(flatWeights(model)).buffer;
  const digest = new Uint8Array(await crypto.subtle.digest("SHA-256", bytes));
  return Array.from(digest, (byte) => byte.toString(16).padStart(2, "0")).join("");
}

/** A classifier of integer labels. */
export const compiled = (
  layers: Layer[],
  inputShape: number[],
  optimizer: "adam" | "sgd" = "adam",
) =>
  sequential(layers, { inputShape, seed: 3 }).compile({
    optimizer,
    loss: "sparseCategoricalCrossentropy",
    metrics: ["accuracy"],
  });
