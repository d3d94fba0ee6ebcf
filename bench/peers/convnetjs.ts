import type { Engine, Host, Peer, Session, TrainSpec } from "../types.ts";
import { predictNet, trainNet } from "./convnetjs-nets.ts";
import { predictRows, trainOnline } from "./convnetjs-rows.ts";
import type { ConvNet } from "./convnetjs-types.ts";
import { firstPrediction } from "./first-prediction.ts";

/** ConvNetJS: one sample at a time in JavaScript, float64, updated at the end of the batch. */
export const convnetjs: Peer = {
  name: "convnetjs",
  installed: true,
  async load(host: Host): Promise<Engine> {
    const library = (await host.importPackage("convnetjs")) as ConvNet;
    const { version } = (await host.importPackage("convnetjs/package.json")) as { version: string };
    return {
      version,
      firstPrediction: firstPrediction(host, "convnetjs"),
      train: (spec) => train(library, spec),
      predictNet: (spec) => predictNet(library, spec),
      trainOnline: (spec) => trainOnline(library, spec),
      predictRows: (spec) => predictRows(library, spec),
      trainNet: (spec) => trainNet(library, spec),
    };
  },
};

function train({ Net, Vol, Trainer }: ConvNet, spec: TrainSpec): Session | undefined {
  const { units, batchSize, weights } = spec;
  if (spec.optimizer !== "sgd") return undefined;
  const net = new Net();
  const last = units.length - 1;
  net.makeLayers([
    { type: "input", out_sx: 1, out_sy: 1, out_depth: units[0] },
    ...units
      .slice(1, last)
      .map((count) => ({ type: "fc", num_neurons: count, activation: "relu" })),
    { type: "softmax", num_classes: units[last] },
  ]);
  const dense = net.layers.filter(({ filters }) => filters !== undefined);
  dense.forEach(({ filters, biases }, index) => {
    const [kernel, bias] = weights.slice(2 * index); // (in, out), (out)
    filters?.forEach(({ w }, unit) => {
      for (let i = 0; i < w.length; i++) w[i] = kernel[i * bias.length + unit];
    });
    if (biases !== undefined) for (let j = 0; j < bias.length; j++) biases.w[j] = bias[j];
  });
  const samples = Array.from(spec.labels, (label, row) => {
    const x = new Vol(1, 1, units[0], 0);
    for (let i = 0; i < units[0]; i++) x.w[i] = spec.x[row * units[0] + i];
    return { x, label };
  });
  const trainer = new Trainer(net, {
    method: "sgd",
    ...{ learning_rate: spec.learningRate, batch_size: batchSize },
    ...{ momentum: 0, l1_decay: 0, l2_decay: 0 },
  });
  return {
    run() {
      let loss = 0;
      for (const { x, label } of samples) loss += trainer.train(x, label).cost_loss;
      return loss / batchSize;
    },
    dispose() {},
  };
}
