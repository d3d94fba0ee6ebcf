import type { KernelSession, OnlineSpec, Session } from "../types.ts";
import type { ConvNet, Layer, Net } from "./convnetjs-types.ts";
import { rowsOf } from "./rows.ts";

/** A net with an activation behind its last layer too, which `makeLayers` leaves out. */
function netOf(library: ConvNet, { units, activation, weights }: OnlineSpec): Net {
  const net = new library.Net();
  const size = (depth: number) => ({ in_sx: 1, in_sy: 1, in_depth: depth });
  const { FullyConnLayer, InputLayer, ReluLayer, SigmoidLayer, RegressionLayer } = library;
  const Activation = activation === "relu" ? ReluLayer : SigmoidLayer;
  const layers: Layer[] = [new InputLayer({ out_sx: 1, out_sy: 1, out_depth: units[0] })];
  units.slice(1).forEach((count, i) => {
    const dense = new FullyConnLayer({ ...size(units[i]), num_neurons: count });
    const [kernel, bias] = weights.slice(2 * i); // (in, out), (out)
    dense.filters?.forEach(({ w }, unit) => {
      for (let k = 0; k < w.length; k++) w[k] = kernel[k * count + unit];
    });
    if (dense.biases !== undefined) for (let j = 0; j < count; j++) dense.biases.w[j] = bias[j];
    layers.push(dense, new Activation(size(count)));
  });
  layers.push(new RegressionLayer(size(units[units.length - 1])));
  net.layers = layers;
  return net;
}

function volumesOf({ Vol }: ConvNet, spec: OnlineSpec) {
  return rowsOf(spec).map(({ input, output }) => {
    const x = new Vol(1, 1, input.length, 0);
    for (const [i, value] of input.entries()) x.w[i] = value;
    return { x, output };
  });
}

export function trainOnline(library: ConvNet, spec: OnlineSpec): Session {
  const rows = volumesOf(library, spec);
  const count = rows[0].output.length;
  const trainer = new library.Trainer(netOf(library, spec), {
    ...{ method: "sgd", batch_size: 1, momentum: 0, l1_decay: 0, l2_decay: 0 },
    learning_rate: (2 * spec.learningRate) / count, // its gradient is that of half the sum of squares
  });
  return {
    run() {
      let loss = 0; // four times that sum
      for (const { x, output } of rows) loss += trainer.train(x, output).cost_loss / (2 * count);
      return loss / rows.length;
    },
    dispose() {},
  };
}

export function predictRows(library: ConvNet, spec: OnlineSpec): KernelSession {
  const rows = volumesOf(library, spec);
  const net = netOf(library, spec);
  return {
    run() {
      let sum = 0;
      for (const { x } of rows) sum += net.forward(x).w[0];
      return sum;
    },
    values: () => rows.flatMap(({ x }) => Array.from(net.forward(x).w)),
    dispose() {},
  };
}
