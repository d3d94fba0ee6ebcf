// Writes the models of this folder with the package as it is built, and cases.json with what they give.
//
//   npm run build && node test/golden/format-1/generate.mjs [name ...]
//
// The files stay as the version that had this format wrote them, so what is there is not written anew.
import { existsSync, readFileSync, writeFileSync } from "node:fs";
import {
  activation,
  adadelta,
  adagrad,
  adam,
  adamax,
  adamW,
  dense,
  dropout,
  flatten,
  input,
  lion,
  mean,
  momentum,
  mul,
  nadam,
  normalization,
  preluLayer,
  radam,
  rescaling,
  rmsprop,
  sequential,
  sgd,
  softmaxLayer,
  square,
  sub,
  tensor,
} from "ferrograd";

/** A repeatable sequence in [0, 1) (mulberry32). */
function sequence(seed) {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let t = Math.imul(state ^ (state >>> 15), state | 1);
    t ^= t + Math.imul(t ^ (t >>> 7), t | 61);
    return ((t ^ (t >>> 14)) >>> 0) / 2 ** 32;
  };
}

const sizeOf = (shape) => shape.reduce((product, size) => product * size, 1);

/** Numbers of a few binary digits, so that JSON holds them as they are. */
function numbers(shape, seed, low, high) {
  const next = sequence(seed);
  const data = Array.from(
    { length: sizeOf(shape) },
    () => low + (Math.floor(next() * 64) / 64) * (high - low),
  );
  return { shape, data };
}

const ROWS = 6;
const net = (...options) => [dense(4, { activation: "tanh" }), dense(...options)];

/** Losses by the targets that they take. */
const classes = (count) => ({
  data: Array.from({ length: ROWS }, (_, i) => (i * 2 + 1) % count),
  shape: [ROWS],
});
const hot = (count) => {
  const { data } = classes(count);
  return {
    shape: [ROWS, count],
    data: data.flatMap((label) => Array.from({ length: count }, (_, j) => (j === label ? 1 : 0))),
  };
};
const floats = (width, low = -1, high = 1) => numbers([ROWS, width], 7, low, high);
const signs = (width) => {
  const { shape, data } = floats(width);
  return { shape, data: data.map((v) => (v < 0 ? -1 : 1)) };
};

/** A case with an optimizer: two steps, then the file, then three more. */
const trained = (optimizer, loss, y, last, { metrics = [], ...more } = {}) => ({
  layers: () => net(...last),
  inputShape: [3],
  compile: () => ({ optimizer: optimizer(), loss, metrics }),
  y,
  ...more,
});

/** A loss of one's own, which no file can hold. */
const ownLoss = (yTrue, yPred) => mean(mul(square(sub(yTrue, yPred)), 3), { axis: -1 });

/** Groups of activations, each behind a dense layer so that none dies out. */
const activations = (list, inputShape = [4]) => ({
  layers: () =>
    list.flatMap(([name, options = {}], i) =>
      i % 2 === 0
        ? [dense(4, { activation: name, ...options, biasInitializer: "lecunNormal" })]
        : [dense(4), activation(name, options)],
    ),
  inputShape,
});

const CASES = {
  "every-layer": {
    layers: () => [
      input([2, 2]),
      flatten(),
      normalization({ mean: [0.5, -0.25, 0, 1], deviation: [1, 2, 0.5, 0] }),
      rescaling({ scale: 0.5, offset: -0.125 }),
      dense(6, { activation: "leakyRelu", negativeSlope: 0.2, name: "first" }),
      dropout(0.25, { name: "drop" }),
      dense(5, { useBias: false, kernelInitializer: "lecunNormal" }),
      preluLayer({ alphaInitializer: "lecunNormal" }),
      dense(4, {
        kernelInitializer: () => tensor(numbers([5, 4], 3, -1, 1).data, [5, 4]),
        biasInitializer: "zeros",
      }),
      activation("tanh"),
      preluLayer({ name: "slopes" }),
      dense(3),
      softmaxLayer({ name: "probabilities" }),
    ],
    inputShape: [2, 2],
    seed: 2 ** 40 + 7,
    name: "every layer",
    classNames: ["setosa", "versicolor", "virginica"],
    metadata: {
      source: "a file of format 1",
      "": "an empty key",
      0: "zero",
      10: "ten",
      ü: "é ☃ 𝄞",
    },
    compile: () => ({
      optimizer: adamW({ learningRate: 0.02, beta1: 0.8, amsgrad: true, globalClipNorm: 1 }),
      loss: "sparseCategoricalCrossentropy",
      metrics: ["accuracy", "topKCategoricalAccuracy"],
    }),
    y: classes(3),
  },
  "activations-1": activations([
    ["relu"],
    ["relu6"],
    ["leakyRelu", { negativeSlope: 0.3 }],
    ["elu", { alpha: 0.7 }],
    ["selu"],
    ["celu", { alpha: 1.5 }],
    ["softplus"],
  ]),
  "activations-2": activations([
    ["gelu"],
    ["geluTanh"],
    ["sigmoid"],
    ["hardSigmoid"],
    ["tanh"],
    ["hardTanh"],
    ["logSigmoid"],
  ]),
  "activations-3": activations([
    ["silu"],
    ["swish"],
    ["hardSilu"],
    ["mish"],
    ["softsign"],
    ["softShrink", { lambda: 0.1 }],
    ["hardShrink", { lambda: 0.1 }],
    ["tanhShrink"],
  ]),
  "activations-4": activations([
    ["threshold", { threshold: -0.5, value: 0.1 }],
    ["exponential"],
    ["squareplus", { b: 2 }],
    ["sparsePlus"],
    ["sparseSigmoid"],
    ["linear"],
  ]),
  uncompiled: {
    layers: () => net(2),
    inputShape: [3],
    name: "never compiled",
    metadata: { note: "no training" },
  },
  "compiled-without-state": trained(
    () => adam({ learningRate: 0.01 }),
    "categoricalCrossentropy",
    hot(3),
    [3],
    {
      state: false,
      metadata: { epoch: "12" },
    },
  ),
  "edge-names": {
    layers: () => [
      dense(3, { name: "0", activation: "tanh" }),
      dense(3, { name: "__proto__", activation: "tanh" }),
      preluLayer({ name: "constructor" }),
      dense(3, { name: "optimizer", activation: "tanh" }),
      dense(3, { name: "dense_1", activation: "tanh" }),
      dense(3, { activation: "tanh" }),
      dense(3, { activation: "tanh" }),
      dense(2, { name: "step" }),
    ],
    inputShape: [1],
    name: "",
    classNames: ["1", "0"],
    metadata: JSON.parse(
      '{ "__proto__": "own", "2": "two", "1": "one", "model": "mine", "user.": "yours" }',
    ),
    compile: () => ({ optimizer: sgd({ momentum: 0.5 }), loss: "categoricalHinge" }),
    y: hot(2),
  },
  "no-weights": {
    layers: () => [rescaling({ scale: 2 }), activation("tanh")],
    inputShape: [2, 1, 3],
  },
  sgd: trained(
    () => sgd({ learningRate: 0.1, clipValue: 0.5 }),
    "meanSquaredError",
    floats(2),
    [2],
  ),
  momentum: trained(
    () => momentum({ learningRate: 0.05 }),
    "binaryCrossentropy",
    { ...classes(2), shape: [ROWS, 1] },
    [1, { activation: "sigmoid" }],
    {
      classNames: ["no", "yes"],
      metrics: ["accuracy"],
    },
  ),
  nesterov: trained(
    () => sgd({ learningRate: 0.05, momentum: 0.9, nesterov: true, weightDecay: 0.01 }),
    "meanAbsoluteError",
    floats(2),
    [2],
  ),
  adam: trained(() => adam({ learningRate: 0.01, clipNorm: 0.5 }), "huber", floats(2), [2]),
  adamax: trained(() => adamax(), "logCosh", floats(2), [2]),
  nadam: trained(() => nadam(), "poisson", floats(2, 0, 3), [2, { activation: "softplus" }]),
  radam: trained(() => radam(), "cosineSimilarity", floats(2), [2]),
  rmsprop: trained(() => rmsprop({ centered: true, momentum: 0.5 }), "hinge", signs(2), [2]),
  adagrad: trained(() => adagrad(), "squaredHinge", signs(2), [2]),
  adadelta: trained(() => adadelta(), "categoricalHinge", hot(3), [3]),
  lion: trained(() => lion(), "klDivergence", hot(3), [3, { activation: "sigmoid" }]),
  "rate-set-later": trained(() => adam(), "sparseCategoricalCrossentropy", classes(3), [3], {
    rate: 0.0625,
  }),
  "own-loss": trained(() => adam({ learningRate: 0.01 }), ownLoss, floats(2), [2], {
    state: false,
    compiled: "own",
  }),
  "own-loss-with-state": trained(() => adam({ learningRate: 0.01 }), ownLoss, floats(2), [2], {
    compiled: "own",
  }),
};

const here = (name) => new URL(name, import.meta.url);
const plain = (values) => Array.from(values, (v) => Number(Math.fround(v).toPrecision(9)));

function make(
  name,
  {
    layers,
    inputShape,
    seed = 3,
    name: title = name,
    classNames,
    metadata,
    compile,
    y,
    state = true,
    rate,
    compiled,
  },
) {
  const model = sequential(layers(), {
    inputShape,
    seed,
    name: title,
    ...(classNames && { classNames }),
  });
  const x = numbers([ROWS, ...inputShape], 5, -2, 2);
  if (compile !== undefined) {
    model.compile({ ...compile(), warn: () => {} });
    for (let i = 0; i < 2; i++) model.trainOnBatch(x, y);
    if (rate !== undefined) model.optimizer.learningRate = rate;
  }
  const options = {
    ...(metadata && { metadata }),
    ...(compile && state && { includeOptimizer: true }),
  };
  writeFileSync(here(`${name}.safetensors`), model.save(options));
  const outputs = model.predict(x);
  const found = {
    name,
    title,
    seed,
    ...(classNames && { classNames }),
    ...(metadata && { metadata: Object.entries(metadata) }),
    ...(compiled && { compiled }),
    layers: model.layers,
    x,
    outputs: { shape: outputs.shape, data: plain(outputs.data()) },
  };
  if (compile === undefined || !state) return found;
  const losses = [0, 1, 2].map(() => model.trainOnBatch(x, y).loss);
  return {
    ...found,
    goOn: {
      y,
      losses: plain(losses),
      weights: model.getWeights().map(plain),
      steps: model.optimizer.steps,
      learningRate: model.optimizer.learningRate,
    },
  };
}

const file = here("cases.json");
const cases = existsSync(file) ? JSON.parse(readFileSync(file, "utf8")).cases : [];
const wanted = process.argv.length > 2 ? process.argv.slice(2) : Object.keys(CASES);
for (const name of wanted) {
  if (existsSync(here(`${name}.safetensors`))) continue;
  cases.push(make(name, CASES[name]));
  const lines = cases.map((c) => `    ${JSON.stringify(c)}`).join(",\n");
  writeFileSync(file, `{\n  "format": 1,\n  "cases": [\n${lines}\n  ]\n}\n`);
  console.log(name);
}
