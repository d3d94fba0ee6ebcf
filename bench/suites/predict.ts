import type { Case, KernelSession, Suite } from "../types.ts";
import { trainSpec } from "./train.ts";

function predictCase(units: readonly number[], batchSize: number): Case<KernelSession> {
  return {
    name: `${units.join("-")}/b${batchSize}`,
    api: "model",
    copies: "in+out",
    tolerance: 1e-3,
    open: (engine) => engine.predict?.(trainSpec("model", units, batchSize)),
    compares: "values",
  };
}

/** From rows in JavaScript to logits in JavaScript. */
export const predict: Suite = {
  name: "predict",
  notes: [
    "ms per call of predict: the batch comes from a Float32Array and the logits end in one, on all sides",
  ],
  everywhere: ["784-128-10/b32", "784-128-10/b1"],
  cases: [predictCase([784, 128, 10], 32), predictCase([784, 128, 10], 1)],
};
