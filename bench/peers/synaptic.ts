import type { Engine, Host, KernelSession, OnlineSpec, Peer, Session } from "../types.ts";
import { rowsOf } from "./rows.ts";

interface Neuron {
  bias: number;
  readonly connections: {
    readonly projected: Readonly<Record<string, { readonly to: Neuron; weight: number }>>;
  };
}
interface Layer {
  readonly list: readonly Neuron[];
  project(to: Layer): void;
  set(options: object): void;
}
interface Network {
  activate(input: readonly number[]): readonly number[];
  propagate(rate: number, target: readonly number[]): void;
}
interface Synaptic {
  Neuron: { readonly squash: { readonly LOGISTIC: unknown; readonly RELU: unknown } };
  Layer: new (size: number) => Layer;
  Network: new (layers: object) => Network;
}

/** synaptic: one row at a time, of a function that it writes for the net. */
export const synaptic: Peer = {
  name: "synaptic",
  installed: true,
  async load(host: Host): Promise<Engine> {
    const library = (await host.importPackage("synaptic")) as Synaptic;
    return {
      version: host.versionOf?.("synaptic") ?? "",
      trainRows: (spec) => trainOnline(library, spec), // within 1e-3, not the 1e-4 of `train`
      predictRows: (spec) => predictRows(library, spec),
    };
  },
};

function networkOf({ Neuron, Layer, Network }: Synaptic, spec: OnlineSpec): Network {
  const layers = spec.units.map((count) => new Layer(count));
  layers.slice(1).forEach((layer, i) => {
    layers[i].project(layer);
    layer.set({ squash: spec.activation === "relu" ? Neuron.squash.RELU : Neuron.squash.LOGISTIC });
    const [kernel, bias] = spec.weights.slice(2 * i); // (in, out), (out)
    layer.list.forEach((neuron, unit) => {
      neuron.bias = bias[unit];
    });
    layers[i].list.forEach((from, row) => {
      for (const link of Object.values(from.connections.projected)) {
        link.weight = kernel[row * bias.length + layer.list.indexOf(link.to)];
      }
    });
  });
  const [input, hidden, output] = [layers[0], layers.slice(1, -1), layers[layers.length - 1]];
  return new Network({ input, hidden, output });
}

function trainOnline(library: Synaptic, spec: OnlineSpec): Session {
  const net = networkOf(library, spec);
  const rows = rowsOf(spec);
  const isSigmoid = spec.activation === "sigmoid";
  const slope = (y: number) => (isSigmoid ? y * (1 - y) : y > 0 ? 1 : 0);
  const rate = (2 * spec.learningRate) / rows[0].output.length;
  return {
    run() {
      let loss = 0;
      for (const { input, output } of rows) {
        const said = net.activate(input);
        // Its gradient is that of the cross-entropy: it is given targets that make it the squared error's.
        const targets = said.map((y, i) => {
          loss += (output[i] - y) ** 2 / said.length;
          return y + (output[i] - y) * slope(y);
        });
        net.propagate(rate, targets);
      }
      return loss / rows.length;
    },
    dispose() {},
  };
}

function predictRows(library: Synaptic, spec: OnlineSpec): KernelSession {
  const net = networkOf(library, spec);
  const rows = rowsOf(spec);
  return {
    run() {
      let sum = 0;
      for (const { input } of rows) sum += net.activate(input)[0];
      return sum;
    },
    values: () => rows.flatMap(({ input }) => [...net.activate(input)]),
    dispose() {},
  };
}
