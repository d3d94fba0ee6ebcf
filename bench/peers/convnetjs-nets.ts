import type { KernelSession, NetLayer, NetSpec, Session } from "../types.ts";
import type { ConvNet, Net, Volume } from "./convnetjs-types.ts";
import { partsOf } from "./nets.ts";

/** Its layers; undefined where it has none. */
function layerOf(layer: NetLayer, activation: object): object | undefined {
  switch (layer.kind) {
    case "conv": {
      const { filters, kernelSize, padding } = layer;
      const pad = padding === "same" ? kernelSize >> 1 : 0;
      return { type: "conv", sx: kernelSize, filters, stride: 1, pad, ...activation };
    }
    case "maxPool":
      return { type: "pool", sx: 2, stride: 2 };
    case "dense":
      return { type: "fc", num_neurons: layer.units, ...activation };
    default:
      return undefined;
  }
}

/** The net with softmax at its end; undefined where a layer is missing, or images are lines. */
function networkOf({ Net }: ConvNet, spec: NetSpec): Net | undefined {
  const [height, width, depth] = spec.inputShape;
  if (depth === undefined) return undefined;
  const parts = partsOf(spec);
  const definitions = parts.map(({ layer, relu }) =>
    layerOf(layer, relu ? { activation: "relu" } : {}),
  );
  const whole = definitions.filter((layer) => layer !== undefined);
  if (whole.length < parts.length) return undefined;
  const net = new Net();
  net.makeLayers([
    { type: "input", out_sx: width, out_sy: height, out_depth: depth },
    ...whole.slice(0, -1),
    { type: "softmax", num_classes: spec.weights.at(-1)?.data.length },
  ]);
  const own = net.layers.filter(({ filters }) => filters !== undefined);
  own.forEach(({ filters, biases }, index) => {
    const [kernel, bias] = spec.weights.slice(2 * index).map(({ data }) => data); // (…taps, in, out), (out)
    filters?.forEach(({ w }, unit) => {
      for (let i = 0; i < w.length; i++) w[i] = kernel[i * bias.length + unit];
    });
    if (biases !== undefined) for (let j = 0; j < bias.length; j++) biases.w[j] = bias[j];
  });
  return net;
}

function imagesOf({ Vol }: ConvNet, { x, batchSize, inputShape }: NetSpec): Volume[] {
  const [height, width, depth] = inputShape;
  const size = height * width * depth;
  return Array.from({ length: batchSize }, (_, sample) => {
    const image = new Vol(width, height, depth, 0);
    for (let i = 0; i < size; i++) image.w[i] = x[sample * size + i];
    return image;
  });
}

/** Probabilities are what it gives: logits are those of the layer before. */
export function predictNet(library: ConvNet, spec: NetSpec): KernelSession | undefined {
  const net = networkOf(library, spec);
  if (net === undefined) return undefined;
  const images = imagesOf(library, spec);
  const logits = net.layers[net.layers.length - 2];
  const values = () =>
    Float32Array.from(
      images.flatMap((image) => {
        net.forward(image);
        return Array.from(logits.out_act?.w ?? []);
      }),
    );
  return { run: () => values()[0], values, dispose() {} };
}

/** Plain gradient descent in place of Adam, which it lacks: the first loss is the same. */
export function trainNet(library: ConvNet, spec: NetSpec): Session | undefined {
  const net = networkOf(library, spec);
  if (net === undefined) return undefined;
  const images = imagesOf(library, spec);
  const trainer = new library.Trainer(net, {
    method: "sgd",
    ...{ learning_rate: spec.learningRate, batch_size: spec.batchSize },
    ...{ momentum: 0, l1_decay: 0, l2_decay: 0 },
  });
  return {
    compared: 1,
    run() {
      let loss = 0;
      images.forEach((image, row) => {
        loss += trainer.train(image, spec.labels[row]).cost_loss;
      });
      return loss / spec.batchSize;
    },
    dispose() {},
  };
}
