import { BenchError } from "../error.ts";
import type { Engine, Host, Peer, Session, TrainSpec } from "../types.ts";

/** What is used of TensorFlow.js; its packages may not be installed when types are checked. */
interface Tensor {
  readonly shape: number[];
  dataSync(): Float32Array;
  dispose(): void;
}
interface Optimizer {
  minimize(loss: () => Tensor, returnCost: boolean, variables: Tensor[]): Tensor;
}
interface Core {
  readonly version_core: string;
  setBackend(name: string): Promise<boolean>;
  env(): { getAsync(flag: string): Promise<boolean | number> };
  tensor(values: Float32Array, shape: number[]): Tensor;
  tensor1d(values: Int32Array, dtype: "int32"): Tensor;
  variable(initial: Tensor): Tensor;
  tidy<T>(fn: () => T): T;
  oneHot(indices: Tensor, depth: number): Tensor;
  cast(x: Tensor, dtype: "float32"): Tensor;
  add(a: Tensor, b: Tensor): Tensor;
  matMul(a: Tensor, b: Tensor): Tensor;
  relu(x: Tensor): Tensor;
  readonly losses: { softmaxCrossEntropy(labels: Tensor, logits: Tensor): Tensor };
  readonly train: { sgd(learningRate: number): Optimizer };
}
interface Model {
  add(layer: object): void;
  compile(options: { optimizer: Optimizer; loss: string }): void;
  setWeights(weights: Tensor[]): void;
  trainOnBatch(x: Tensor, y: Tensor): Promise<number>;
  dispose(): void;
}
interface Layers {
  sequential(): Model;
  readonly layers: {
    dense(options: { units: number; activation?: string; inputShape?: number[] }): object;
  };
}
interface WasmBackend {
  setThreadsCount(count: number): void;
}

/** TensorFlow.js on its WebAssembly backend: SIMD, one thread. */
export const tfjsWasm: Peer = {
  name: "tfjs-wasm",
  installed: true,
  async load(host: Host): Promise<Engine> {
    const tf = (await host.importPackage("@tensorflow/tfjs-core")) as Core;
    const layers = (await host.importPackage("@tensorflow/tfjs-layers")) as Layers;
    const wasm = (await host.importPackage("@tensorflow/tfjs-backend-wasm")) as WasmBackend;
    wasm.setThreadsCount(1);
    if (!(await tf.setBackend("wasm")))
      throw new BenchError("tfjs-wasm: its backend did not start");
    if (!(await tf.env().getAsync("WASM_HAS_SIMD_SUPPORT"))) {
      throw new BenchError("tfjs-wasm: expected its SIMD build, got the scalar one");
    }
    return {
      version: tf.version_core,
      train: (spec) => (spec.api === "model" ? trainModel(tf, layers, spec) : minimize(tf, spec)),
    };
  },
};

/** The shape of weight `index` in the order kernel, bias, kernel, bias ... */
function weightShape(units: readonly number[], index: number): number[] {
  const out = units[(index >> 1) + 1];
  return index % 2 === 0 ? [units[index >> 1], out] : [out];
}

function weightTensors(tf: Core, { units, weights }: TrainSpec): Tensor[] {
  return weights.map((values, index) => tf.tensor(values, weightShape(units, index)));
}

/** trainOnBatch of a layers model, with tensors made beforehand. */
function trainModel(tf: Core, { sequential, layers }: Layers, spec: TrainSpec): Session {
  const { units, batchSize } = spec;
  const model = sequential();
  units.slice(1).forEach((out, index) => {
    const activation = index === units.length - 2 ? "softmax" : "relu";
    const inputShape = index === 0 ? { inputShape: [units[0]] } : {};
    model.add(layers.dense({ units: out, activation, ...inputShape }));
  });
  const optimizer = tf.train.sgd(spec.learningRate);
  model.compile({ optimizer, loss: "sparseCategoricalCrossentropy" });
  const initial = weightTensors(tf, spec);
  model.setWeights(initial);
  for (const tensor of initial) tensor.dispose();
  const x = tf.tensor(spec.x, [batchSize, units[0]]);
  const y = tf.tensor(Float32Array.from(spec.labels), [batchSize, 1]); // it takes no int32
  return {
    run: () => model.trainOnBatch(x, y),
    dispose() {
      for (const owner of [x, y, model]) owner.dispose();
    },
  };
}

/** The level below: an optimizer that minimizes a function of variables, one-hot labels ready. */
function minimize(tf: Core, spec: TrainSpec): Session {
  const { units, batchSize } = spec;
  const weights = weightTensors(tf, spec).map((tensor) => tf.variable(tensor));
  const x = tf.tensor(spec.x, [batchSize, units[0]]);
  const classes = units[units.length - 1];
  const y = tf.tidy(() => {
    return tf.cast(tf.oneHot(tf.tensor1d(spec.labels, "int32"), classes), "float32");
  });
  const optimizer = tf.train.sgd(spec.learningRate);
  const loss = () => {
    let h = x;
    for (let i = 0; i < weights.length; i += 2) {
      h = tf.add(tf.matMul(h, weights[i]), weights[i + 1]);
      if (i + 2 < weights.length) h = tf.relu(h);
    }
    return tf.losses.softmaxCrossEntropy(y, h);
  };
  return {
    run: () => tf.tidy(() => optimizer.minimize(loss, true, weights).dataSync()[0]),
    dispose() {
      for (const tensor of [x, y, ...weights]) tensor.dispose();
    },
  };
}
