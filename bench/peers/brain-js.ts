import type { Engine, Host, OnlineSpec, Peer, Session } from "../types.ts";
import { firstPrediction } from "./first-prediction.ts";

interface Net {
  readonly weights: number[][][];
  readonly biases: number[][];
  fromJSON(json: object): void;
  trainOpts: { learningRate: number; momentum: number };
  trainPattern(row: { input: number[]; output: number[] }, logErrorRate: boolean): number;
}

/** brain.js on the CPU: one row at a time, the same activation in every layer, no softmax. */
export const brainJs: Peer = {
  name: "brain.js",
  installed: true,
  async load(host: Host): Promise<Engine> {
    const { NeuralNetwork } = (await host.importPackage("brain.js")) as {
      NeuralNetwork: new () => Net;
    };
    return {
      version: host.versionOf?.("brain.js") ?? "",
      firstPrediction: firstPrediction(host, "brain.js"),
      trainOnline: (spec) => trainOnline(new NeuralNetwork(), spec),
    };
  },
};

function trainOnline(net: Net, { units, weights, x, y, ...spec }: OnlineSpec): Session {
  const layers = units.map((count, layer) => {
    const [kernel, bias] = weights.slice(2 * layer - 2); // (in, out), (out)
    return Array.from({ length: count }, (_, unit) => {
      if (layer === 0) return {};
      const links = Array.from(
        { length: units[layer - 1] },
        (_, from) => kernel[from * count + unit],
      );
      return { bias: bias[unit], weights: links };
    });
  });
  net.fromJSON({
    sizes: units,
    layers: layers.map((layer) => ({ ...layer })),
    activation: spec.activation,
  });
  // Its gradient is that of half the squared error. Its own check refuses a momentum of 0.
  net.trainOpts = { learningRate: 2 * spec.learningRate, momentum: 0 };
  const part = (values: Float32Array, row: number) => {
    const size = values.length / spec.batchSize;
    return [...values.subarray(row * size, (row + 1) * size)];
  };
  const rows = Array.from({ length: spec.batchSize }, (_, row) => {
    return { input: part(x, row), output: part(y, row) };
  });
  return {
    run() {
      let loss = 0;
      for (const row of rows) loss += net.trainPattern(row, true);
      return loss / rows.length;
    },
    dispose() {},
  };
}
