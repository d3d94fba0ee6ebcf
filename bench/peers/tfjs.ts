import { BenchError } from "../error.ts";
import type {
  Engine,
  Host,
  KernelSession,
  NetSpec,
  OnlineSpec,
  Peer,
  PredictSpec,
  Session,
  TrainSpec,
} from "../types.ts";
import { firstPrediction } from "./first-prediction.ts";
import { kernels } from "./tfjs-kernels.ts";
import { predictNet, trainNet } from "./tfjs-nets.ts";
import type { Core, Layers, Model, Optimizer, Tensor, WasmBackend } from "./tfjs-types.ts";

/** TensorFlow.js on its WebAssembly backend: SIMD, one thread. */
export const tfjsWasm: Peer = {
  name: "tfjs-wasm",
  installed: true,
  async load(host: Host): Promise<Engine> {
    const name = "@tensorflow/tfjs-backend-wasm";
    const { setThreadsCount } = (await host.importPackage(name)) as WasmBackend;
    setThreadsCount(1);
    const tf = await start(host, "wasm");
    if (!(await tf.env().getAsync("WASM_HAS_SIMD_SUPPORT"))) {
      throw new BenchError("tfjs-wasm: expected its SIMD build, got the scalar one");
    }
    return engine(host, tf, "wasm");
  },
};

/** TensorFlow.js on plain JavaScript. */
export const tfjsCpu: Peer = {
  name: "tfjs-cpu",
  installed: true,
  async load(host: Host): Promise<Engine> {
    await host.importPackage("@tensorflow/tfjs-backend-cpu");
    return engine(host, await start(host, "cpu"), "cpu");
  },
};

async function start(host: Host, backend: string): Promise<Core> {
  const tf = (await host.importPackage("@tensorflow/tfjs-core")) as Core;
  if (!(await tf.setBackend(backend))) throw new BenchError(`tfjs-${backend}: did not start`);
  return tf;
}

/** FLOP of a forward pass from which plain JavaScript takes many seconds. */
const SECONDS = 3e7;

async function engine(host: Host, tf: Core, backend: string): Promise<Engine> {
  const layers = (await host.importPackage("@tensorflow/tfjs-layers")) as Layers;
  const select = async () => void (await tf.setBackend(backend));
  /** One backend is current for the whole process; tensors are born in it. */
  const on =
    <T, S extends Session>(open: (spec: T) => S | undefined) =>
    async (spec: T): Promise<S | undefined> => {
      await select();
      const session = open(spec);
      return session && { ...session, prepare: select };
    };
  const slow = backend === "cpu";
  const inTime = ({ flops, batchSize }: NetSpec) => !slow || flops * batchSize < SECONDS;
  return {
    version: tf.version_core,
    predictNet: on((spec) => (inTime(spec) ? predictNet(tf, layers, spec) : undefined)),
    trainNet: on((spec) => (inTime(spec) ? trainNet(tf, layers, spec) : undefined)),
    train: on((spec) => (spec.api === "model" ? trainModel(tf, layers, spec) : minimize(tf, spec))),
    trainOnline: on((spec) => trainOnline(tf, layers, spec)),
    predictRows: on((spec) => predictRows(tf, layers, spec)),
    predict: on((spec) => predict(tf, layers, spec)),
    firstPrediction: firstPrediction(host, `tfjs-${backend}`),
    ...kernels(tf, on, slow),
  };
}

/** The shape of weight `index` in the order kernel, bias, kernel, bias ... */
function weightShape(units: readonly number[], index: number): number[] {
  const out = units[(index >> 1) + 1];
  return index % 2 === 0 ? [units[index >> 1], out] : [out];
}

function weightTensors(tf: Core, { units, weights }: PredictSpec): Tensor[] {
  return weights.map((values, index) => tf.tensor(values, weightShape(units, index)));
}

function network(
  tf: Core,
  { sequential, layers }: Layers,
  spec: PredictSpec,
  last: string,
  hidden = "relu",
): Model {
  const { units } = spec;
  const model = sequential();
  units.slice(1).forEach((out, index) => {
    const activation = index === units.length - 2 ? last : hidden;
    const inputShape = index === 0 ? { inputShape: [units[0]] } : {};
    model.add(layers.dense({ units: out, activation, ...inputShape }));
  });
  const initial = weightTensors(tf, spec);
  model.setWeights(initial);
  for (const tensor of initial) tensor.dispose();
  return model;
}

function predict(tf: Core, layers: Layers, spec: PredictSpec): KernelSession {
  const model = network(tf, layers, spec, "linear");
  const shape = [spec.batchSize, spec.units[0]];
  const values = () => tf.tidy(() => model.predict(tf.tensor(spec.x, shape)).dataSync());
  return { run: () => values()[0], values, dispose: () => model.dispose() };
}

/** trainOnBatch of a layers model, with tensors made beforehand. */
function trainModel(tf: Core, layers: Layers, spec: TrainSpec): Session {
  const { units, batchSize } = spec;
  const model = network(tf, layers, spec, "softmax");
  const optimizer = createOptimizer(tf, spec);
  model.compile({ optimizer, loss: "sparseCategoricalCrossentropy" });
  const x = tf.tensor(spec.x, [batchSize, units[0]]);
  const y = tf.tensor(Float32Array.from(spec.labels), [batchSize, 1]); // it takes no int32
  return {
    run: () => model.trainOnBatch(x, y),
    dispose() {
      for (const owner of [x, y, model]) owner.dispose();
    },
  };
}

/** The same of one row after the other. */
function trainOnline(tf: Core, layers: Layers, spec: OnlineSpec): Session {
  const model = network(tf, layers, spec, spec.activation, spec.activation);
  model.compile({ optimizer: tf.train.sgd(spec.learningRate), loss: "meanSquaredError" });
  const tensors = (values: Float32Array) => {
    const size = values.length / spec.batchSize;
    return Array.from({ length: spec.batchSize }, (_, row) =>
      tf.tensor(values.slice(row * size, (row + 1) * size), [1, size]),
    );
  };
  const [x, y] = [tensors(spec.x), tensors(spec.y)];
  return {
    async run() {
      let loss = 0;
      for (let row = 0; row < x.length; row++) loss += await model.trainOnBatch(x[row], y[row]);
      return loss / x.length;
    },
    dispose() {
      for (const owner of [...x, ...y, model]) owner.dispose();
    },
  };
}

/** A prediction of each row after the other. */
function predictRows(tf: Core, layers: Layers, spec: OnlineSpec): KernelSession {
  const model = network(tf, layers, spec, spec.activation, spec.activation);
  const x = Array.from({ length: spec.batchSize }, (_, row) =>
    tf.tensor(spec.x.slice(row * spec.units[0], (row + 1) * spec.units[0]), [1, spec.units[0]]),
  );
  const outputs = (row: Tensor) => {
    const said = model.predict(row);
    const values = said.dataSync();
    said.dispose();
    return values;
  };
  return {
    run: () => x.reduce((sum, row) => sum + outputs(row)[0], 0),
    values: () => x.flatMap((row) => [...outputs(row)]),
    dispose() {
      for (const owner of [...x, model]) owner.dispose();
    },
  };
}

/** Adam's defaults are ours, but for epsilon. */
function createOptimizer({ train }: Core, { optimizer, learningRate }: TrainSpec): Optimizer {
  return optimizer === "sgd" ? train.sgd(learningRate) : train.adam(learningRate, 0.9, 0.999, 1e-8);
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
  const optimizer = createOptimizer(tf, spec);
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
