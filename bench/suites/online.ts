import { uniform } from "../random.ts";
import type { Case, OnlineSpec } from "../types.ts";

const XOR: OnlineSpec = {
  units: [2, 8, 1],
  activation: "sigmoid",
  batchSize: 4,
  learningRate: 0.2,
  x: Float32Array.of(0, 0, 0, 1, 1, 0, 1, 1),
  y: Float32Array.of(0, 1, 1, 0),
  weights: [uniform(1, 16), uniform(2, 8), uniform(3, 8), uniform(4, 1)],
};

/** A step after each of the four rows, which is all that some libraries do. */
export const onlineCase: Case = {
  name: "2-8-1/xor/sigmoid",
  api: "model",
  copies: "in",
  tolerance: 1e-4,
  open: (engine) => engine.trainOnline?.(XOR),
  compares: 20,
};
