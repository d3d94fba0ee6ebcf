import { dense, sequential, sgd } from "ferrograd";
import { uniform } from "../random.ts";
import type { FitSpec, KernelSession, OnlineSpec, Session } from "../types.ts";

function network({ units, weights, activation }: OnlineSpec) {
  const layers = units.slice(1).map((out) => dense(out, { activation }));
  const model = sequential(layers, { inputShape: [units[0]] });
  model.setWeights(weights);
  return model;
}

const rowsOf = (values: Float32Array, count: number): Float32Array[] => {
  const size = values.length / count;
  return Array.from({ length: count }, (_, row) => values.slice(row * size, (row + 1) * size));
};

/** compileTrainOnBatch: one row after the other. */
export function trainRows(spec: OnlineSpec): Session {
  const { batchSize, learningRate } = spec;
  const optimizer = sgd({ learningRate });
  const model = network(spec).compile({ optimizer, loss: "meanSquaredError" });
  const step = model.compileTrainOnBatch({ batch: 1 });
  const [x, y] = [rowsOf(spec.x, batchSize), rowsOf(spec.y, batchSize)];
  return {
    run() {
      let loss = 0;
      for (let row = 0; row < batchSize; row++) loss += step(x[row], y[row]);
      return loss / batchSize;
    },
    dispose: () => model.dispose(),
  };
}

/** compilePredict: one row after the other. */
export function predictRows(spec: OnlineSpec): KernelSession {
  const { batchSize, units } = spec;
  const model = network(spec);
  const predict = model.compilePredict({ batch: 1 });
  const x = rowsOf(spec.x, batchSize);
  const output = new Float32Array(units[units.length - 1]);
  return {
    run() {
      let sum = 0;
      for (let row = 0; row < batchSize; row++) sum += predict(x[row], output)[0];
      return sum;
    },
    values: () => x.flatMap((row) => [...predict(row, output)]),
    dispose: () => model.dispose(),
  };
}

/** An epoch on random rows: of `fitSync`, or of `trainOnBatch` on the batches, cut beforehand. */
export function trainEpoch({ units, rows, batchSize, by }: FitSpec): Session {
  const layers = units.slice(1).map((out, index) => {
    return dense(out, { activation: index === units.length - 2 ? "linear" : "relu" });
  });
  const model = sequential(layers, { inputShape: [units[0]], seed: 1 }).compile({
    optimizer: sgd({ learningRate: 0.01 }),
    loss: "sparseCategoricalCrossentropy",
  });
  const [inputs, classes] = [units[0], units[units.length - 1]];
  const data = uniform(1, rows * inputs);
  const labels = Int32Array.from({ length: rows }, (_, row) => row % classes);
  const batches = Array.from({ length: rows / batchSize }, (_, batch) => {
    const [begin, end] = [batch * batchSize, (batch + 1) * batchSize];
    const x = { data: data.slice(begin * inputs, end * inputs), shape: [batchSize, inputs] };
    return [x, labels.slice(begin, end)] as const;
  });
  const steps = () => {
    let loss = 0;
    for (const [x, y] of batches) loss += model.trainOnBatch(x, y).loss;
    return loss / batches.length;
  };
  const x = { data, shape: [rows, inputs] };
  const fit = () => model.fitSync(x, labels, { batchSize }).history.loss[0];
  return { run: by === "fit" ? fit : steps, dispose: () => model.dispose() };
}
