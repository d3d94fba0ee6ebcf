// Makes tfjs.json: nets of the real TensorFlow.js with weights, outputs and the effect of three steps of plain SGD at 0.05
// on the mean squared error over the whole batch. In an empty folder; a second run gives the same bytes:
//   npm i --ignore-scripts @tensorflow/tfjs@4.22.0;  cp .../generate-tfjs.mjs .;  node generate-tfjs.mjs > tfjs.json
import * as tf from "@tensorflow/tfjs";

await tf.setBackend("cpu");
const L = tf.layers;

// A small generator of our own: the data do not depend on Math.random.
let state = 1;
const uniform = () => {
  state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
  return state / 2 ** 32;
};
const sizeOf = (shape) => shape.reduce((a, b) => a * b, 1);
const numbers = (shape, low = -1, high = 1) => {
  const draw = () => low + (high - low) * uniform();
  return tf.tensor(Float32Array.from({ length: sizeOf(shape) }, draw), shape);
};
const round = (values) => Array.from(values, (x) => Number(Math.fround(x).toPrecision(9)));
const dump = (t) => ({ shape: t.shape, data: round(t.dataSync()) });

const NAMES = "elu selu relu relu6 linear sigmoid hardSigmoid softplus softsign tanh softmax logSoftmax swish mish gelu";
const stack = (...layers) => tf.sequential({ layers });

/** By name: where the numbers begin, and what makes the model, its inputs and, where it is trained, its targets. */
const cases = {
  activations: [7, () => {
    const x = tf.input({ shape: [4], name: "x" });
    const branches = NAMES.split(" ").map((activation) => L.dense({ units: 3, activation }).apply(x));
    const y = L.dense({ units: 2, name: "out" }).apply(L.concatenate().apply(branches));
    return [tf.model({ inputs: x, outputs: y }), [numbers([5, 4], -3, 3)], () => [numbers([5, 2])]];
  }],
  "relu-layers": [22, () => [stack(
    L.dense({ units: 6, inputShape: [4, 4] }), L.leakyReLU({ alpha: 0.2 }), L.dense({ units: 6 }),
    L.prelu({ sharedAxes: [1] }), L.dense({ units: 5 }), L.elu({}), L.dense({ units: 5 }),
    L.thresholdedReLU({ theta: 0.1 }), L.gaussianNoise({ stddev: 0.1 }), L.flatten(), L.dense({ units: 3 }), L.softmax({}),
  ), [numbers([4, 4, 4])]]],
  "batchnorm-dropout": [8, () => [stack(
    L.dense({ units: 8, inputShape: [6], activation: "relu", useBias: false }),
    L.batchNormalization({ momentum: 0.9, epsilon: 1e-3 }), L.dropout({ rate: 0.25 }), L.dense({ units: 6 }),
    L.batchNormalization({ scale: false }), L.activation({ activation: "tanh" }), L.dense({ units: 3, activation: "softmax" }),
  ), [numbers([7, 6])]]],
  "batchnorm-training": [9, () => [stack(
    L.dense({ units: 8, inputShape: [6], activation: "relu" }),
    L.batchNormalization({ momentum: 0.9, epsilon: 1e-3 }), L.dense({ units: 3 }),
  ), [numbers([7, 6])], () => [numbers([7, 3])]]],
  layernorm: [20, () => [stack(
    L.dense({ units: 6, inputShape: [5], activation: "gelu" }), L.layerNormalization({ epsilon: 1e-5 }),
    L.dense({ units: 3, activation: "swish" }), L.layerNormalization({ epsilon: 1e-3 }), L.dense({ units: 2 }),
  ), [numbers([4, 5])], () => [numbers([4, 2])]]],
  "functional-two-inputs": [21, () => {
    const [a, b] = [tf.input({ shape: [4], name: "a" }), tf.input({ shape: [3], name: "b" })];
    const both = [
      L.dense({ units: 5, activation: "tanh", name: "p" }).apply(a),
      L.dense({ units: 5, activation: "relu", name: "q" }).apply(b),
    ];
    const joins = [L.add(), L.multiply(), L.average(), L.maximum(), L.minimum(), L.dot({ axes: -1 })];
    const c = L.concatenate({ axis: -1 }).apply(joins.map((join) => join.apply(both)));
    const first = L.dense({ units: 2, name: "first" }).apply(c);
    const second = L.dense({ units: 1, activation: "sigmoid", name: "second" }).apply(c);
    const model = tf.model({ inputs: [a, b], outputs: [first, second] });
    return [model, [numbers([4, 4]), numbers([4, 3])], () => [numbers([4, 2]), numbers([4, 1], 0, 1)]];
  }],
  "nested-model": [24, () => {
    const inner = tf.sequential({ name: "encoder" });
    inner.add(L.dense({ units: 5, inputShape: [4], activation: "relu" }));
    inner.add(L.dense({ units: 3 }));
    return [stack(inner, L.dense({ units: 2 })), [numbers([4, 4])], () => [numbers([4, 2])]];
  }],
  "shared-layer": [23, () => {
    const [a, b] = [tf.input({ shape: [4], name: "left" }), tf.input({ shape: [4], name: "right" })];
    const kernelRegularizer = tf.regularizers.l2({ l2: 0.01 });
    const twin = L.dense({ units: 3, activation: "tanh", name: "twin", kernelRegularizer });
    const c = L.concatenate().apply([twin.apply(a), twin.apply(b)]);
    const model = tf.model({ inputs: [a, b], outputs: L.dense({ units: 1 }).apply(c) });
    return [model, [numbers([4, 4]), numbers([4, 4])], () => [numbers([4, 1])]];
  }],
  "three-shards": [25, () => [stack(
    L.dense({ units: 8, inputShape: [6], activation: "relu" }), L.dense({ units: 3 }),
  ), [numbers([3, 6])], () => [numbers([3, 3])]]],
};

const KINDS = { Dense: "dense", BatchNormalization: "batchNormalization", LayerNormalization: "layerNormalization", PReLU: "prelu" };

/** Names such as `dense_1/kernel`, by the order in which layers of a kind were made; those in `encoder` begin with it. */
function named(weights, inEncoder) {
  const counts = new Map();
  const layers = new Map();
  const number = (name) => Number(/\d+$/.exec(name.split("/")[0])?.[0] ?? 0);
  for (const name of weights.map(({ originalName }) => originalName).sort((a, b) => number(a) - number(b))) {
    const [layer] = name.split("/");
    const kind = KINDS[/_([A-Za-z]+)\d+$/.exec(layer)?.[1]];
    if (layers.has(layer)) continue;
    const at = kind === undefined ? 0 : (counts.get(kind) ?? 0);
    counts.set(kind, at + 1);
    const own = at >= inEncoder ? at - inEncoder : at;
    const short = own === 0 ? kind : `${kind}_${own}`;
    layers.set(layer, kind === undefined ? layer : at < inEncoder ? `encoder/${short}` : short);
  }
  return Object.fromEntries(
    weights.map((weight) => {
      const [layer, name] = weight.originalName.split("/");
      return [`${layers.get(layer)}/${name}`, dump(weight.read())];
    }),
  );
}

const lines = [];
for (const [name, [seed, make]] of Object.entries(cases)) {
  state = seed;
  const [model, x, targets] = make();
  const y = targets?.();
  model.setWeights(
    model.getWeights().map((w, i) =>
      model.weights[i].name.endsWith("moving_variance") ? numbers(w.shape, 0.5, 1.5) : numbers(w.shape, -0.6, 0.6),
    ),
  );
  const one = (list) => (list.length === 1 ? list[0] : list);
  const predict = () => [model.predict(one(x))].flat().map(dump);
  const weights = () => named(model.weights, name === "nested-model" ? 2 : 0);
  const made = { weights: weights(), inputs: x.map(dump), predictions: predict() };
  if (y !== undefined) {
    model.compile({ optimizer: tf.train.sgd(0.05), loss: "meanSquaredError" });
    const losses = [];
    for (let i = 0; i < 3; i++) losses.push(...round([await model.trainOnBatch(one(x), one(y))].flat().slice(0, 1)));
    made.training = { targets: y.map(dump), losses, weights: weights(), predictions: predict() };
  }
  lines.push(`    ${JSON.stringify(name)}: ${JSON.stringify(made)}`);
}
const head = '{\n  "source": "TensorFlow.js 4.22.0 (layers, cpu backend)",\n  "made by": "generate-tfjs.mjs",\n  "cases": {\n';
process.stdout.write(`${head}${lines.join(",\n")}\n  }\n}\n`);
