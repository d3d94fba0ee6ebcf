// Writes the models of this folder with the package as it is built, and cases.json with what they give.
//
//   npm run build && node test/golden/format-2/generate.mjs
//
// Files of a format load for ever, so what is there is not written anew.
import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { add, dense, dropout, gather, input, layer, mean, model, mul, sequential, sub } from "ferrograd";

const here = (name) => new URL(name, import.meta.url);

const embedding = ({ count, width, name }) => {
  let table;
  return layer({
    type: "embedding",
    name,
    config: { count, width },
    build(_shape, add) {
      table = add("table", [count, width], "uniform");
    },
    call: (indices) => gather(table, indices),
  });
};

const centered = ({ name }) => {
  let running;
  return layer({
    type: "centered",
    name,
    config: {},
    build(shape, add) {
      running = add("mean", [shape.at(-1)], "zeros", { trainable: false });
    },
    call(x, { training, update }) {
      if (!training) return sub(x, running);
      const now = mean(x, { axis: 0 });
      update(running, (before) => add(mul(before, 0.9), mul(now, 0.1)));
      return sub(x, now);
    },
  });
};

const sum = ({ name }) =>
  layer({ type: "sum", name, config: {}, inputs: "list", call: ([a, b]) => add(a, b) });

const compiling = { optimizer: "adam", warn: () => {} };

const nets = {
  shared() {
    const x = input([3], { name: "x" });
    const twice = dense(3, { activation: "tanh" });
    return model({ inputs: x, outputs: dense(2)(twice(twice(x))), seed: 1, name: "shared" }).compile({
      ...compiling,
      loss: "meanSquaredError",
    });
  },
  everything() {
    const word = input([], { dtype: "int32", name: "word" });
    const features = input([3], { name: "features" });
    const encoder = sequential([dense(4, { activation: "relu" }), dropout(0.25)], {
      inputShape: [3],
      name: "encoder",
      seed: 5,
    });
    const frozen = dense(4, { name: "frozen", activation: "tanh" });
    frozen.trainable = false;
    const way = dense(4, { name: "way" });
    const code = centered({})(encoder.call(features));
    const joined = sum({})([way(embedding({ count: 5, width: 4 })(word)), way(frozen(code))]);
    return model({
      inputs: { word, features },
      outputs: { kind: dense(3)(joined), size: dense(1)(joined) },
      seed: 3,
      name: "everything",
    }).compile({
      ...compiling,
      loss: { kind: "sparseCategoricalCrossentropy", size: "meanSquaredError" },
      lossWeights: { size: 0.5 },
      metrics: { kind: ["accuracy"] },
    });
  },
};

const rows = 6;
const numbers = (width, by) =>
  Array.from({ length: rows }, (_, i) =>
    Array.from({ length: width }, (_, j) => ((i * width + j) * by) % 1),
  );
const data = {
  shared: { x: numbers(3, 0.37), y: numbers(2, 0.23) },
  everything: {
    x: { word: [0, 3, 1, 4, 2, 3], features: numbers(3, 0.37) },
    y: { kind: [0, 2, 1, 1, 0, 2], size: numbers(1, 0.31) },
  },
};
const flat = (tensor) => [...tensor.data()];

const kept = existsSync(here("cases.json"))
  ? JSON.parse(readFileSync(here("cases.json"), "utf8"))
  : [];
for (const [name, make] of Object.entries(nets)) {
  if (existsSync(here(`${name}.safetensors`))) continue;
  const net = make();
  const { x, y } = data[name];
  for (let i = 0; i < 3; i++) net.trainOnBatch(x, y);
  writeFileSync(here(`${name}.safetensors`), net.save({ includeOptimizer: true }));
  const given = net.predict(x);
  const outputs = "data" in given ? { y: flat(given) } : mapped(given);
  const losses = [0, 1].map(() => net.trainOnBatch(x, y).loss);
  kept.push({ name, layers: net.layers, x, y, outputs, losses, weights: net.getWeights().map((w) => [...w]) });
}
writeFileSync(here("cases.json"), `${JSON.stringify(kept)}\n`);

function mapped(tensors) {
  return Object.fromEntries(Object.entries(tensors).map(([key, tensor]) => [key, flat(tensor)]));
}
