import {
  adam,
  conv,
  conv1d,
  conv2d,
  dense,
  depthwiseConv2d,
  flatten,
  globalAveragePooling2d,
  grad,
  type Layer,
  maxPooling1d,
  maxPooling2d,
  mul,
  sequential,
  sum,
} from "ferrograd";
import type { ConvSpec, Engine, KernelSession, NetLayer, NetSpec, Session } from "../types.ts";
import { resident } from "./ferrograd-kernels.ts";

function layerPass(spec: ConvSpec): KernelSession {
  const { pass, batchSize, size, inputs, outputs, kernelSize, depthwise } = spec;
  const groups = depthwise ? inputs : 1;
  const images = (channels: number) => [batchSize, size, size, channels];
  return resident(
    [
      [spec.x, images(inputs)],
      [spec.kernel, [kernelSize, kernelSize, inputs / groups, outputs]],
      [spec.dy, images(outputs)],
    ],
    ([x, kernel, dy]) => {
      const y = conv(x, kernel, { padding: "same", groups });
      if (pass === "forward") return [y];
      return grad(sum(mul(y, dy)), [pass === "dx" ? x : kernel]);
    },
  );
}

function layersOf({ layers, inputShape }: NetSpec): Layer[] {
  const last = layers.length - 1;
  const line = inputShape.length === 2;
  let flat = false;
  return layers.flatMap((layer: NetLayer, at): Layer[] => {
    const activation = at === last ? "linear" : "relu";
    switch (layer.kind) {
      case "conv": {
        const { filters, kernelSize, padding } = layer;
        return [(line ? conv1d : conv2d)(filters, kernelSize, { padding, activation })];
      }
      case "depthwise": {
        const { kernelSize, strides } = layer;
        return [depthwiseConv2d(kernelSize, { strides, padding: "same", activation })];
      }
      case "maxPool":
        return [line ? maxPooling1d(2) : maxPooling2d(2)];
      case "globalMean":
        flat = true;
        return [globalAveragePooling2d()];
      case "dense": {
        const before = flat ? [] : [flatten()];
        flat = true;
        return [...before, dense(layer.units, { activation })];
      }
    }
  });
}

function modelOf(spec: NetSpec) {
  const model = sequential(layersOf(spec), { inputShape: spec.inputShape, seed: 1 });
  model.setWeights(spec.weights.map(({ data }) => data));
  return model;
}

const batchOf = ({ x, batchSize, inputShape }: NetSpec) => ({
  data: x,
  shape: [batchSize, ...inputShape],
});

function predictNet(spec: NetSpec): KernelSession {
  const model = modelOf(spec);
  const batch = batchOf(spec);
  return {
    run: () => model.predict(batch).data()[0],
    values: () => model.predict(batch).data(),
    dispose: () => model.dispose(),
  };
}

function trainNet(spec: NetSpec): Session {
  const model = modelOf(spec).compile({
    optimizer: adam({ learningRate: spec.learningRate }),
    loss: "sparseCategoricalCrossentropy",
  });
  const batch = batchOf(spec);
  return {
    run: () => model.trainOnBatch(batch, spec.labels).loss,
    dispose: () => model.dispose(),
  };
}

/** Ours of the suite of convolutions. */
export const windows: Pick<Engine, "conv" | "predictNet" | "trainNet"> = {
  conv: layerPass,
  predictNet,
  trainNet,
};
