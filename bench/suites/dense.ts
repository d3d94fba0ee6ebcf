import type { ActivationName } from "ferrograd";
import { activations } from "ferrograd/tables";
import { uniform } from "../random.ts";
import type { Case, DenseSpec, KernelSession, Suite } from "../types.ts";

const INPUTS = 64;
const UNITS = 1024;
const BATCH = 128;

function denseCase(activation: ActivationName): Case<KernelSession> {
  const spec = (): DenseSpec => ({
    ...{ activation, inputs: INPUTS, units: UNITS, batchSize: BATCH },
    x: uniform(1, BATCH * INPUTS),
    kernel: uniform(2, INPUTS * UNITS, 0.3),
    bias: uniform(3, UNITS),
    dy: uniform(4, BATCH * UNITS),
  });
  return {
    name: `${INPUTS}-${UNITS}/b${BATCH}/${activation}`,
    api: "op",
    copies: "none",
    tolerance: 1e-3,
    open: (engine) => engine.dense?.(spec()),
    compares: "values",
  };
}

/** What an activation costs inside a layer, where it shares the time with two or three products. */
export const dense: Suite = {
  name: "dense",
  notes: [
    "ms per forward and backward pass of one layer: y = f(x kernel + bias); from dy the gradients of x, kernel and bias",
    "everything is resident; the first rows of y and the gradients are read back",
  ],
  everywhere: [`${INPUTS}-${UNITS}/b${BATCH}/relu`],
  cases: (Object.keys(activations) as ActivationName[]).map(denseCase),
};
