import type { Engine, Peer, Session, TrainSpec } from "../types.ts";
import { plainActivation } from "./plain-activations.ts";
import { plainOnline } from "./plain-online.ts";

interface Layer {
  readonly fanIn: number;
  readonly units: number;
  readonly kernel: Float32Array; // (fanIn, units)
  readonly bias: Float32Array; // (units)
  readonly dKernel: Float32Array; // (fanIn, units)
  readonly dBias: Float32Array; // (units)
  readonly y: Float32Array; // (batch, units), after relu but for the last layer
  readonly dy: Float32Array; // (batch, units)
}

/** Loops over typed arrays, as a careful programmer writes them by hand. */
export const plainTs: Peer = {
  name: "plain-ts",
  installed: false,
  load: async (): Promise<Engine> => ({
    version: "1",
    train,
    trainOnline: plainOnline,
    predictRows(spec) {
      const session = plainOnline(spec);
      return { ...session, run: session.predict };
    },
    activation: plainActivation,
  }),
};

function train(spec: TrainSpec): Session | undefined {
  if (spec.optimizer !== "sgd") return undefined;
  const { batchSize: batch, x, labels, learningRate } = spec;
  const layers = spec.units.slice(1).map((_, index) => createLayer(spec, index));
  const last = layers[layers.length - 1];
  return {
    run() {
      layers.forEach((layer, index) => {
        forward(layer, layers[index - 1]?.y ?? x, batch, layer !== last);
      });
      const loss = softmaxCrossEntropy(last, labels, batch);
      for (let index = layers.length - 1; index >= 0; index--) {
        backward(layers[index], layers[index - 1], x, batch);
      }
      for (const layer of layers) {
        descend(layer.kernel, layer.dKernel, learningRate);
        descend(layer.bias, layer.dBias, learningRate);
      }
      return loss;
    },
    dispose() {},
  };
}

function createLayer(spec: TrainSpec, index: number): Layer {
  const fanIn = spec.units[index];
  const units = spec.units[index + 1];
  const [kernel, bias] = spec.weights.slice(2 * index);
  return {
    fanIn,
    units,
    kernel: kernel.slice(),
    bias: bias.slice(),
    dKernel: new Float32Array(fanIn * units),
    dBias: new Float32Array(units),
    y: new Float32Array(spec.batchSize * units),
    dy: new Float32Array(spec.batchSize * units),
  };
}

/** y = f(x kernel + bias), f = relu or nothing. */
function forward(layer: Layer, x: Float32Array, batch: number, relu: boolean): void {
  const { fanIn, units, kernel, bias, y } = layer;
  for (let i = 0; i < batch; i++) {
    const row = i * units;
    for (let j = 0; j < units; j++) y[row + j] = bias[j];
    for (let k = 0; k < fanIn; k++) {
      const value = x[i * fanIn + k];
      const from = k * units;
      for (let j = 0; j < units; j++) y[row + j] += value * kernel[from + j];
    }
    if (relu) for (let j = 0; j < units; j++) if (y[row + j] < 0) y[row + j] = 0;
  }
}

/** Mean loss; leaves dy = (softmax(y) - onehot) / batch. */
function softmaxCrossEntropy(layer: Layer, labels: Int32Array, batch: number): number {
  const { units, y, dy } = layer;
  let loss = 0;
  for (let i = 0; i < batch; i++) {
    const row = i * units;
    const label = row + labels[i];
    let max = y[row];
    for (let j = 1; j < units; j++) max = Math.max(max, y[row + j]);
    let sum = 0;
    for (let j = 0; j < units; j++) {
      const e = Math.exp(y[row + j] - max);
      dy[row + j] = e;
      sum += e;
    }
    loss += Math.log(sum) + max - y[label];
    const scale = 1 / (sum * batch);
    for (let j = 0; j < units; j++) dy[row + j] *= scale;
    dy[label] -= 1 / batch;
  }
  return loss / batch;
}

/** Gradients of kernel and bias, and of the layer below through its relu. */
function backward(
  layer: Layer,
  below: Layer | undefined,
  input: Float32Array,
  batch: number,
): void {
  const { fanIn, units, kernel, dKernel, dBias, dy } = layer;
  const x = below === undefined ? input : below.y;
  dKernel.fill(0);
  dBias.fill(0);
  for (let i = 0; i < batch; i++) {
    const row = i * units;
    for (let j = 0; j < units; j++) dBias[j] += dy[row + j];
    for (let k = 0; k < fanIn; k++) {
      const value = x[i * fanIn + k];
      const from = k * units;
      for (let j = 0; j < units; j++) dKernel[from + j] += value * dy[row + j];
    }
  }
  if (below === undefined) return;
  for (let i = 0; i < batch; i++) {
    const row = i * units;
    for (let k = 0; k < fanIn; k++) {
      let sum = 0;
      if (x[i * fanIn + k] > 0) {
        for (let j = 0; j < units; j++) sum += dy[row + j] * kernel[k * units + j];
      }
      below.dy[i * fanIn + k] = sum;
    }
  }
}

function descend(values: Float32Array, gradients: Float32Array, learningRate: number): void {
  for (let i = 0; i < values.length; i++) values[i] -= learningRate * gradients[i];
}
