import type { KernelSession, NetLayer, NetSpec, Session } from "../types.ts";
import { partsOf } from "./nets.ts";
import type { Core, Layers, Model, Tensor } from "./tfjs-types.ts";

function layerOf({ layers }: Layers, layer: NetLayer, line: boolean, activation: string): object {
  const window = { padding: "same", activation };
  switch (layer.kind) {
    case "conv": {
      const { filters, kernelSize, padding } = layer;
      return (line ? layers.conv1d : layers.conv2d)({ filters, kernelSize, padding, activation });
    }
    case "depthwise":
      return layers.depthwiseConv2d({ ...window, kernelSize: 3, strides: layer.strides });
    case "maxPool":
      return (line ? layers.maxPooling1d : layers.maxPooling2d)({ poolSize: 2 });
    case "globalMean":
      return layers.globalAveragePooling2d({});
    case "dense":
      return layers.dense({ units: layer.units, activation });
  }
}

function network(tf: Core, library: Layers, spec: NetSpec, last: string): Model {
  const line = spec.inputShape.length === 2;
  const model = library.sequential();
  model.add(library.layers.inputLayer({ inputShape: spec.inputShape }));
  for (const { layer, sizes, relu } of partsOf(spec)) {
    if (layer.kind === "dense" && sizes.length > 0) model.add(library.layers.flatten({}));
    const end = layer === spec.layers.at(-1) ? last : "linear";
    model.add(layerOf(library, layer, line, relu ? "relu" : end));
  }
  const weights = spec.weights.map(({ data, shape }) => tf.tensor(data, [...shape]));
  model.setWeights(weights);
  for (const weight of weights) weight.dispose();
  return model;
}

const batchOf = (tf: Core, { x, batchSize, inputShape }: NetSpec): Tensor =>
  tf.tensor(x, [batchSize, ...inputShape]);

export function predictNet(tf: Core, library: Layers, spec: NetSpec): KernelSession {
  const model = network(tf, library, spec, "linear");
  const values = () => tf.tidy(() => model.predict(batchOf(tf, spec)).dataSync());
  return { run: () => values()[0], values, dispose: () => model.dispose() };
}

/** trainOnBatch of a layers model, with tensors made beforehand. */
export function trainNet(tf: Core, library: Layers, spec: NetSpec): Session {
  const model = network(tf, library, spec, "softmax");
  const optimizer = tf.train.adam(spec.learningRate, 0.9, 0.999, 1e-8);
  model.compile({ optimizer, loss: "sparseCategoricalCrossentropy" });
  const x = batchOf(tf, spec);
  const y = tf.tensor(Float32Array.from(spec.labels), [spec.batchSize, 1]); // it takes no int32
  return {
    run: () => model.trainOnBatch(x, y),
    dispose() {
      for (const owner of [x, y, model]) owner.dispose();
    },
  };
}
