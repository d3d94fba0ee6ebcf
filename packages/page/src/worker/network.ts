import { dense, type Layer, sequential } from "ferrograd";
import { optimizers } from "ferrograd/tables";
import type { Settings } from "../settings.ts";

/** A classifier of dense layers that ends in one score per class. */
export function buildNetwork(settings: Settings, inputs: number, classes: number) {
  const { depth, width, activation, initializer, optimizer, learningRate, seed } = settings;
  const kernel = initializer === "auto" ? {} : { kernelInitializer: initializer };
  const layers: Layer[] = Array.from({ length: depth }, () =>
    dense(width, { activation, ...kernel }),
  );
  layers.push(dense(classes, kernel));
  const model = sequential(layers, { inputShape: [inputs], seed }).compile({
    optimizer: optimizers[optimizer]({ learningRate }),
    loss: "sparseCategoricalCrossentropy",
    metrics: ["accuracy"],
    warn: () => {}, // a stack of linear layers is there to be looked at
  });
  const widths = [inputs, ...Array.from({ length: depth }, () => width), classes];
  return { model, layers, widths };
}

export type Network = ReturnType<typeof buildNetwork>;
