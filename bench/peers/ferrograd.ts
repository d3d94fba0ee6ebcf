import {
  adam,
  add,
  dense,
  jit,
  matmul,
  mean,
  memory,
  relu,
  sequential,
  sgd,
  sparseCategoricalCrossentropy,
  type Tensor,
  tensor,
  variable,
} from "ferrograd";
import manifest from "ferrograd/package.json" with { type: "json" };
import { unrollPrograms } from "ferrograd/unroll";
import type {
  Engine,
  KernelSession,
  OnlineSpec,
  Peer,
  PredictSpec,
  Session,
  TrainSpec,
} from "../types.ts";
import { fitWatched } from "./ferrograd-health.ts";
import {
  residentActivation,
  residentChain,
  residentDense,
  residentLayer,
  residentMatmul,
  residentReduce,
  residentTinyOps,
} from "./ferrograd-kernels.ts";
import { predictRows, trainEpoch, trainRows } from "./ferrograd-rows.ts";
import { windows } from "./ferrograd-windows.ts";
import { firstPrediction } from "./first-prediction.ts";

// Where nets are small; larger programs stay as they are.
unrollPrograms();

/** Ours: the contender that all ratios refer to. */
export const ferrograd: Peer = {
  name: "ferrograd",
  installed: false,
  load: async (host): Promise<Engine> => ({
    version: manifest.version,
    coreCalls: () => memory().calls,
    firstPrediction: firstPrediction(host, "ferrograd"),
    trainOnline,
    trainRows,
    predictRows,
    trainEpoch,
    fitWatched,
    train: (spec) => (spec.api === "model" ? trainModel(spec) : trainJit(spec)),
    matmul: residentMatmul,
    activation: residentActivation,
    chain: residentChain,
    reduce: residentReduce,
    dense: residentDense,
    layer: residentLayer,
    tinyOps: residentTinyOps,
    ...windows,
    predict,
  }),
};

const OPTIMIZERS = { sgd, adam };

function network(units: readonly number[]) {
  const layers = units.slice(1).map((out, index) => {
    return dense(out, { activation: index === units.length - 2 ? "linear" : "relu" });
  });
  return sequential(layers, { inputShape: [units[0]], seed: 1 });
}

function predict({ units, batchSize, weights, x }: PredictSpec): KernelSession {
  const model = network(units);
  model.setWeights(weights);
  const batch = { data: x, shape: [batchSize, units[0]] };
  return {
    run: () => model.predict(batch).data()[0],
    values: () => model.predict(batch).data(),
    dispose: () => model.dispose(),
  };
}

/** trainOnBatch of a sequential model; the batch is copied in every time. */
function trainModel(spec: TrainSpec): Session {
  const { units, batchSize, weights, x, labels } = spec;
  const model = network(units).compile({
    optimizer: OPTIMIZERS[spec.optimizer]({ learningRate: spec.learningRate }),
    loss: "sparseCategoricalCrossentropy",
  });
  model.setWeights(weights);
  const batch = { data: x, shape: [batchSize, units[0]] };
  return {
    run: () => model.trainOnBatch(batch, labels).loss,
    dispose: () => model.dispose(),
  };
}

/** trainOnBatch of one row after the other. */
function trainOnline({ units, weights, x, y, batchSize, learningRate }: OnlineSpec): Session {
  const layers = units.slice(1).map((out) => dense(out, { activation: "sigmoid" }));
  const model = sequential(layers, { inputShape: [units[0]] }).compile({
    optimizer: sgd({ learningRate }),
    loss: "meanSquaredError",
  });
  model.setWeights(weights);
  const row = (values: Float32Array, index: number) => {
    const size = values.length / batchSize;
    return { data: values.slice(index * size, (index + 1) * size), shape: [1, size] };
  };
  const rows = Array.from({ length: batchSize }, (_, i) => [row(x, i), row(y, i)]);
  return {
    run() {
      let loss = 0;
      for (const [input, target] of rows) loss += model.trainOnBatch(input, target).loss;
      return loss / batchSize;
    },
    dispose: () => model.dispose(),
  };
}

/** The level below: a jitted step over variables; its arguments are copied in every time. */
function trainJit(spec: TrainSpec): Session {
  const { units, batchSize, weights, x, labels } = spec;
  const variables = weights.map((values, index) => {
    const out = units[(index >> 1) + 1];
    return variable(tensor(values, index % 2 === 0 ? [units[index >> 1], out] : [out]));
  });
  const optimizer = OPTIMIZERS[spec.optimizer]({ learningRate: spec.learningRate });
  const step = jit((input: Tensor<[number, number]>, target: Tensor<[number], "int32">) => {
    let h: Tensor = input;
    for (let i = 0; i < variables.length; i += 2) {
      h = add(matmul(h, variables[i]), variables[i + 1]);
      if (i + 2 < variables.length) h = relu(h);
    }
    const loss = mean(sparseCategoricalCrossentropy(target, h));
    optimizer.minimize(loss, variables);
    return loss;
  });
  const input = tensor(x, [batchSize, units[0]]);
  const target = tensor(labels, [batchSize], "int32");
  return {
    run: () => step(input, target).item(),
    dispose() {
      for (const owner of [step, input, target, ...variables]) owner.dispose();
    },
  };
}
