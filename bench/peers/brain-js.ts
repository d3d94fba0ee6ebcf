import type { Engine, Host, KernelSession, OnlineSpec, Peer, Session } from "../types.ts";
import { firstPrediction } from "./first-prediction.ts";
import { rowsOf } from "./rows.ts";

interface Net {
  readonly weights: number[][][];
  readonly biases: number[][];
  fromJSON(json: object): void;
  trainOpts: { learningRate: number; momentum: number };
  run(input: readonly number[]): ArrayLike<number>;
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
      predictRows: (spec) => predictRows(new NeuralNetwork(), spec),
    };
  },
};

/** Gives a net its form and weights. */
function form(net: Net, { units, weights, ...spec }: OnlineSpec): void {
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
}

function trainOnline(net: Net, spec: OnlineSpec): Session {
  form(net, spec);
  // Its gradient is that of half the sum of squares. Its own check refuses a momentum of 0.
  const outputs = spec.units[spec.units.length - 1];
  net.trainOpts = { learningRate: (2 * spec.learningRate) / outputs, momentum: 0 };
  const rows = rowsOf(spec);
  return {
    run() {
      let loss = 0;
      for (const row of rows) loss += net.trainPattern(row, true);
      return loss / rows.length;
    },
    dispose() {},
  };
}

function predictRows(net: Net, spec: OnlineSpec): KernelSession {
  form(net, spec);
  const rows = rowsOf(spec);
  return {
    run() {
      let sum = 0;
      for (const { input } of rows) sum += net.run(input)[0];
      return sum;
    },
    values: () => rows.flatMap(({ input }) => Array.from(net.run(input))),
    dispose() {},
  };
}
