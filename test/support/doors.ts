import * as ferrograd from "ferrograd";
import * as check from "ferrograd/check";
import * as cifar from "ferrograd/cifar";
import * as csv from "ferrograd/csv";
import * as data from "ferrograd/data";
import * as datasets from "ferrograd/datasets";
import * as diagnostics from "ferrograd/diagnostics";
import * as idx from "ferrograd/idx";
import * as metrics from "ferrograd/metrics";
import * as slim from "ferrograd/slim";
import * as tables from "ferrograd/tables";
import * as unroll from "ferrograd/unroll";
import * as worker from "ferrograd/worker";
import { CALLBACK_DOORS } from "./doors-callbacks.ts";
import { DATA_DOORS, DATA_METHODS } from "./doors-data.ts";
import { IMAGE_DOORS } from "./doors-images.ts";
import { LAYER_DOORS } from "./doors-layers.ts";
import { RULE_DOORS } from "./doors-rules.ts";
import { SCHEDULE_DOORS } from "./doors-schedules.ts";
import { TRANSFORM_DOORS } from "./doors-transforms.ts";
import { WORKER_DOORS } from "./doors-worker.ts";
import { ELEMENTWISE, type Elementwise, FUNCTIONS, type Row } from "./functions.ts";

const { adam, Dataset, dense, jit, mean, mul, sequential, sub, sum, tensor, variable, zeros } =
  ferrograd;
type Model = ferrograd.Model;

/** Everything that the package exports, by entry. */
export const ENTRIES: Readonly<Record<string, object>> = {
  ".": ferrograd,
  "./slim": slim,
  "./datasets": datasets,
  "./check": check,
  "./diagnostics": diagnostics,
  "./unroll": unroll,
  "./metrics": metrics,
  "./tables": tables,
  "./csv": csv,
  "./data": data,
  "./worker": worker,
  "./idx": idx,
  "./cifar": cifar,
};

/** A way in: a call that is right, of which one part at a time is replaced. */
export interface Door {
  readonly args: () => unknown[];
  /** What is called, where it is not the export itself. */
  readonly call?: (...args: never[]) => unknown;
  /** What comes next with the result: layers are built, tensors read. */
  readonly use?: (result: never) => unknown;
  /** What else messages may begin with, beside `name()`. */
  readonly says?: readonly string[];
  /** Positions of arguments that are objects, but not of options with names of their own. */
  readonly open?: readonly number[];
  /** The right call is refused too: what it needs is not at hand. */
  readonly refused?: boolean;
  /** Takes long: but in the long run, each place meets a quarter of the values. */
  readonly slow?: true;
  /** Options that say how often something is done: no large numbers for them. */
  readonly endless?: readonly string[];
  /** The first argument is whose method is called. */
  readonly self?: true;
}

// ---- what comes next

const release = (layer: ferrograd.Layer) => {
  for (const { dispose } of [...layer.variables].map((v) => ({ dispose: () => v.dispose() }))) {
    dispose();
  }
};

/** Of a layer: it is put into a model, saved, and called by itself. */
const inModel = (layer: ferrograd.Layer): void => {
  using model = sequential([layer], { inputShape: [4], seed: 1 });
  model.predict([[1, 2, 3, 4]]);
  if (layer.type !== "") model.save();
};

const trained = (optimizer: ferrograd.Optimizer): void => {
  using w = variable([1, 2]);
  optimizer.minimize(sum(mul(w, w)), [w]);
  w.data();
};

/** Of a loss with options: a model trains with it. */
const asLoss = (loss: ferrograd.Loss): void => {
  if (ferrograd.isTensor(loss)) return;
  mean(loss(tensor([[0.5, 0.25]]), tensor([[0.25, 0.5]]))).data();
};

// ---- models at hand

const X = [
  [0, 0],
  [0, 1],
  [1, 0],
  [1, 1],
];
const Y = [0, 1, 1, 0];

const silent = () => {};

/** A small model that is compiled, as it is at its start. */
export const model = (): Model =>
  sequential([dense(3, { activation: "tanh" }), dense(2)], { inputShape: [2], seed: 1 }).compile({
    optimizer: "adam",
    loss: "sparseCategoricalCrossentropy",
    warn: silent,
  }) as Model;

const saved = (): Uint8Array => {
  using made = model();
  return made.save();
};

/** Ends `fit` after its second step, however many epochs are asked for. */
const ends = (model: Model): ferrograd.Callbacks => ({
  onBatchEnd: (step) => {
    if (step === 2) model.stop();
  },
});

/** A method of a model, called on one that is made for the call. */
const onModel =
  (method: string) =>
  (target: Model, ...args: unknown[]): unknown =>
    (target as unknown as Record<string, (...args: unknown[]) => unknown>)[method]!(...args);

// ---- the doors

const row = (options?: object): Door => ({ args: () => [[-1, 2], options ?? {}] });
/** With the arguments of its row, or numbers. */
/** Without tensors that others use too: those of a call are disposed. */
const copied = (value: unknown): unknown => {
  if (Array.isArray(value)) return value.map(copied);
  return ferrograd.isTensor(value)
    ? ferrograd.tensor(value.data(), value.shape, value.dtype)
    : value;
};

const ofTable = ({ door, results, of }: Partial<Row & Elementwise>): Door => ({
  args: () => door?.() ?? (results?.[0]?.[0] ?? [1, -2, [3]].slice(0, of?.length)).map(copied),
  use: (made: ferrograd.Tensor | ferrograd.Tensor[]) =>
    [made].flat().map((one) => ferrograd.isTensor(one) && one.data()),
  slow: true,
});
const one: Door = { args: () => [[-1, 2]] };
const two: Door = {
  args: () => [
    [-1, 2],
    [[3], [4]],
  ],
};
const shape: Door = { args: () => [[2, 3]] };
const reduction: Door = {
  args: () => [
    [
      [1, 2],
      [3, 4],
    ],
    { axis: [0], keepDims: true },
  ],
};
const random = (options: object): Door => ({
  args: () => [[2, 3], { seed: 1, stream: 2, ...options }],
});
const initializer: Door = { args: () => [[2, 3], { seed: 1, stream: 2 }] };
const maker = (options: object): Door => ({
  args: () => [options],
  use: (made: ferrograd.Initializer) => made([2, 3], { seed: 1 }),
});
const common = { learningRate: 0.1, weightDecay: 0, clipValue: 0, clipNorm: 0, globalClipNorm: 1 };
const optimizer = (options: object): Door => ({
  args: () => [{ ...common, ...options }],
  use: trained,
});
const adams = { beta1: 0.9, beta2: 0.99, epsilon: 1e-8 };
const loss = (options: object): Door => ({
  args: () => [[[0.5, 0.25]], [[0.25, 0.5]], { ...options }],
});
const lossAlone = (options: object): Door => ({ args: () => [{ ...options }], use: asLoss });
const none: Door = { args: () => [] };
const split: Door = { args: () => [{}] };
const table = () => csv.readCsv("a,b,k\n1,x,0\n2,y,1\n3,x,0\n4,y,1\n");
const dated = () =>
  csv.readCsv(
    "a,b,c,d,k\n1,x,2,2026-01-02,0\n2,y,3,2026-01-03,1\n3,x,5,2026-01-05,0\n4,y,1,2026-02-01,1\n",
  );
const COLUMN_OPTIONS = () => ({
  ...{ task: "classification", missing: "fill", ignore: ["b"], decimal: "." },
  ...{ numeric: ["a"], text: { c: 10 }, date: { d: "ymd" } },
});
const schema = () => csv.encodeTable(table(), { target: "k" }).schema;
const dataset = () => new Dataset({ x: X, y: Y });
const idxBytes = (...bytes: number[]) => Uint8Array.from(bytes);
const images = () => idxBytes(0, 0, 8, 3, 0, 0, 0, 2, 0, 0, 0, 1, 0, 0, 0, 2, 1, 2, 3, 4);
const labels = () => idxBytes(0, 0, 8, 1, 0, 0, 0, 2, 0, 1);
const cifarBatch = () => ({ name: "a.bin", bytes: new Uint8Array(3073) });
const madeOnly = (name: string, ...args: unknown[]): Door => ({
  args: () => args,
  call: (...args: unknown[]) => Reflect.construct(Reflect.get(ferrograd, name), args),
  says: [`${name}:`],
  open: [0, 1, 2],
  refused: true,
});

const activations = {
  relu: {},
  sigmoid: {},
  tanh: {},
  leakyRelu: { negativeSlope: 0.2 },
  relu6: {},
  elu: { alpha: 0.5 },
  selu: {},
  celu: { alpha: 0.5 },
  gelu: {},
  geluTanh: {},
  hardSigmoid: {},
  hardTanh: {},
  silu: {},
  hardSilu: {},
  mish: {},
  softplus: {},
  softsign: {},
  softShrink: { lambda: 0.5 },
  hardShrink: { lambda: 0.5 },
  tanhShrink: {},
  threshold: { threshold: 1, value: 0 },
  logSigmoid: {},
  exponential: {},
  squareplus: { b: 4 },
  sparsePlus: {},
  sparseSigmoid: {},
};

const errors = Object.keys(ferrograd).filter((name) => /^[A-Z]\w*Error$/.test(name));

const crossentropy = { fromLogits: true, labelSmoothing: 0.1 };
const losses = {
  categoricalCrossentropy: { ...crossentropy, classWeights: [1, 2] },
  binaryCrossentropy: { ...crossentropy, posWeight: 2 },
  binaryFocalCrossentropy: { ...crossentropy, gamma: 1, alpha: 0.5 },
  categoricalFocalCrossentropy: { ...crossentropy, gamma: 1, alpha: 0.5 },
  meanAbsolutePercentageError: {},
  meanSquaredLogarithmicError: {},
  pinball: { quantile: 0.5 },
  contrastive: { margin: 1 },
  tversky: { alpha: 0.5, beta: 0.5, fromLogits: true },
  dice: { fromLogits: true },
  meanSquaredError: { reduction: "sum" },
  meanAbsoluteError: {},
  huber: { delta: 1 },
  logCosh: {},
  poisson: { fromLog: true },
  cosineSimilarity: {},
  hinge: {},
  squaredHinge: {},
  categoricalHinge: {},
  klDivergence: { fromLog: true, fromLogits: false },
};

const diagnosing = () => [
  { x: X, y: Y },
  {
    probeRows: 4,
    seed: 1,
    flatness: 0.1,
    step: 3,
    thresholds: { saturated: 0.5 },
  },
];

/** One for each function that is exported, by its name, or by entry and name. */
/** A metric of two columns that are taken each by itself, as probabilities. */
const counting = (options: object = {}): Door => ({
  args: () => [{ fromLogits: false, threshold: 0.5, name: "a", weighted: true, ...options }],
  use: (made: ferrograd.Metric) => made.of(BITS, SHARES),
});
const BITS = [
  [1, 0],
  [0, 1],
  [1, 1],
];
const SHARES = [
  [0.9, 0.2],
  [0.6, 0.7],
  [0.4, 0.8],
];
const amounts = (options: object = {}): Door => ({
  args: () => [{ name: "a", weighted: false, ...options }],
  use: (made: ferrograd.Metric) =>
    made.of(
      [
        [1, 2],
        [3, 4],
      ],
      [
        [1, 3],
        [2, 4],
      ],
    ),
});
const counted = counting({ average: "macro", classId: 1 });
const ofClasses = (options: object = {}): Door => ({
  args: () => [{ name: "a", weighted: false, ...options }],
  use: (made: ferrograd.Metric) => made.of(Int32Array.of(0, 1, 1), SHARES),
});

export const DOORS: Readonly<Record<string, Door>> = {
  ...Object.fromEntries(Object.entries(activations).map(([name, options]) => [name, row(options)])),
  ...Object.fromEntries(Object.entries(losses).map(([name, options]) => [name, loss(options)])),
  ...Object.fromEntries(
    errors.map((name): [string, Door] => [
      name,
      {
        args: () => (name === "FerrogradError" ? ["data", "x"] : ["x"]),
        call: (...args: unknown[]) => Reflect.construct(Reflect.get(ferrograd, name), args),
      },
    ]),
  ),
  sparseCategoricalCrossentropy: {
    args: () => [
      tensor(Int32Array.of(1)),
      [[0.25, 0.5]],
      { ...crossentropy, ignoreIndex: -1, classWeights: [1, 2], reduction: "mean" },
    ],
  },
  sparseCategoricalFocalCrossentropy: {
    args: () => [
      tensor(Int32Array.of(1)),
      [[0.25, 0.5]],
      { ...crossentropy, ignoreIndex: -1, gamma: 1, alpha: 0.5, reduction: "none" },
    ],
  },
  gaussianNegativeLogLikelihood: {
    args: () => [[[1]], [[0, 1]], { fromLog: true, full: true, epsilon: 0.1, reduction: "sum" }],
  },
  triplet: {
    args: () => [
      tensor(Int32Array.of(1, 1, 0)),
      [[0], [1], [2]],
      { margin: 1, mining: "hard", reduction: "mean" },
    ],
  },

  abs: one,
  add: two,
  cos: one,
  div: two,
  exp: one,
  log: one,
  log1p: one,
  maximum: two,
  minimum: two,
  mul: two,
  neg: one,
  reciprocal: one,
  sign: one,
  sin: one,
  sqrt: one,
  square: one,
  squaredDifference: two,
  sub: two,
  glu: { args: () => [[[1, 2, 3, 4]], { axis: 1 }] },
  prelu: { args: () => [[-2, 3], 0.25] },
  ...Object.fromEntries([...ELEMENTWISE, ...FUNCTIONS].map((row) => [row.name, ofTable(row)])),
  argmax: { args: () => [[[1, 2, 0]], { axis: 0 }] },
  cast: { args: () => [[1.5, 2], "int32"] },
  oneHot: { args: () => [tensor(Int32Array.of(1, 0)), 3] },
  randomNormal: random({ mean: 0, stddev: 1 }),
  randomUniform: random({ min: 0, max: 1 }),
  truncatedNormal: random({ mean: 0, stddev: 1 }),
  max: reduction,
  mean: reduction,
  sum: reduction,
  broadcastTo: {
    args: () => [
      [1, 2],
      [3, 2],
    ],
  },
  reshape: {
    args: () => [
      [1, 2, 3, 4],
      [2, -1],
    ],
  },
  transpose: { args: () => [[[1, 2, 3]], [1, 0]] },
  softmax: { args: () => [[[1, 2]], { axis: 0 }] },
  logSoftmax: { args: () => [[[1, 2]], { axis: 0 }] },
  tensor: { args: () => [[1, 2, 3, 4], [2, 2], "float32"] },
  variable: { args: () => [[1, 2], { name: "w", trainable: true }] },
  zeros: shape,
  ones: shape,
  fill: { args: () => [[2, 3], 0.5] },
  isTensor: { args: () => [1] },
  valueAndGrad: {
    args: () => [(x: ferrograd.Tensor) => sum(mul(x, x))],
    use: (fn: (x: unknown) => { grads: ferrograd.Tensor[] }) => fn([1, 2]).grads[0]!.data(),
  },
  perRowGradients: {
    args: () => {
      const w = tensor([3]);
      return [(x: ferrograd.Tensor) => sum(mul(x, w)), [w], [1, 2]];
    },
    use: (gradients: ferrograd.Tensor[]) => gradients.map((gradient) => gradient.data()),
    says: ["grad()", "mul()", "dense()"],
  },
  grad: {
    call: (loss: never, targets: never) => ferrograd.grad(loss, targets),
    args: () => {
      const x = tensor([1, 2]);
      return [sum(mul(x, x)), [x]];
    },
    use: (gradients: ferrograd.Tensor[]) => gradients.map((gradient) => gradient.data()),
  },
  jit: {
    args: () => [(x: ferrograd.Tensor) => mul(x, 2)],
    use: (fn: (x: unknown) => unknown) => fn([1, 2]),
  },
  memory: none,
  ready: none,
  collapse: {
    args: () => [model()],
    says: ["getWeights()"],
    use: (small: ferrograd.UncompiledModel) => small.predict(X),
  },

  "metrics.binaryAccuracy": counting(),
  "metrics.categoricalAccuracy": ofClasses(),
  "metrics.sparseCategoricalAccuracy": ofClasses(),
  "metrics.topKCategoricalAccuracy": ofClasses({ k: 1 }),
  "metrics.precision": counted,
  "metrics.recall": counted,
  "metrics.f1Score": counted,
  "metrics.fBetaScore": counting({ average: "weighted", beta: 2 }),
  "metrics.truePositives": counted,
  "metrics.falsePositives": counted,
  "metrics.trueNegatives": counted,
  "metrics.falseNegatives": counted,
  "metrics.auc": ofClasses({ fromLogits: false, curve: "PR", numThresholds: 5, average: "macro" }),
  "metrics.confusionMatrix": {
    args: () => [{ fromLogits: false, threshold: 0.5, name: "a", weighted: false }],
    use: (made: ferrograd.Metric) => made.of(BITS, SHARES),
  },
  "metrics.matthewsCorrelation": ofClasses({ fromLogits: false }),
  "metrics.cohenKappa": ofClasses({ fromLogits: false }),
  "metrics.meanIoU": ofClasses({ fromLogits: false, targetClassIds: [0, 1] }),
  "metrics.binaryCrossentropy": {
    args: () => [{ fromLogits: false, labelSmoothing: 0.1, name: "a", weighted: false }],
    use: (made: ferrograd.Metric) => made.of(BITS, SHARES),
  },
  "metrics.categoricalCrossentropy": {
    args: () => [{ fromLogits: false, labelSmoothing: 0.1, name: "a", weighted: false }],
    use: (made: ferrograd.Metric) => made.of(BITS, SHARES),
  },
  "metrics.sparseCategoricalCrossentropy": ofClasses({ fromLogits: false, ignoreIndex: 0 }),
  "metrics.brierScore": ofClasses({ fromLogits: false }),
  "metrics.expectedCalibrationError": ofClasses({ fromLogits: false, numBins: 5 }),
  "metrics.meanSquaredError": amounts(),
  "metrics.rootMeanSquaredError": amounts(),
  "metrics.meanAbsoluteError": amounts(),
  "metrics.meanAbsolutePercentageError": amounts(),
  "metrics.cosineSimilarity": amounts(),
  "metrics.r2Score": amounts({ classAggregation: "uniform_average" }),
  "metrics.pearsonCorrelation": amounts({ average: "none" }),
  "metrics.concordanceCorrelation": amounts({ average: "macro" }),
  "metrics.precisionAtRecall": ofClasses({ fromLogits: false, numThresholds: 5, recall: 0.5 }),
  "metrics.recallAtPrecision": ofClasses({ fromLogits: false, numThresholds: 5, precision: 0.5 }),
  "metrics.sensitivityAtSpecificity": ofClasses({
    ...{ fromLogits: false, numThresholds: 5, specificity: 0.5 },
  }),
  "metrics.specificityAtSensitivity": ofClasses({
    ...{ fromLogits: false, numThresholds: 5, sensitivity: 0.5 },
  }),
  "metrics.meanSquaredLogarithmicError": amounts(),
  "metrics.logCosh": amounts(),
  "metrics.huber": amounts({ delta: 1 }),
  "metrics.poisson": amounts({ fromLog: true }),
  "metrics.klDivergence": amounts({ fromLog: true, fromLogits: false }),
  "metrics.hinge": amounts(),
  "metrics.squaredHinge": amounts(),
  "metrics.categoricalHinge": amounts(),

  "initializers.constant": { args: () => [0.5], use: maker({}).use! },
  "initializers.uniform": maker({ min: -1, max: 1 }),
  "initializers.normal": maker({ mean: 0, stddev: 1 }),
  "initializers.truncatedNormal": maker({ mean: 0, stddev: 1 }),
  "initializers.varianceScaling": maker({ scale: 2, mode: "fanIn", distribution: "normal" }),
  "initializers.orthogonal": maker({ gain: 2 }),
  "initializers.identity": maker({ gain: 2 }),
  "initializers.zeros": initializer,
  "initializers.ones": initializer,
  "initializers.heNormal": initializer,
  "initializers.heUniform": initializer,
  "initializers.glorotNormal": initializer,
  "initializers.glorotUniform": initializer,
  "initializers.lecunNormal": initializer,
  "initializers.lecunUniform": initializer,

  activation: {
    args: () => ["leakyRelu", { negativeSlope: 0.2, name: "a" }],
    use: inModel,
  },
  softmaxLayer: { args: () => [{ name: "a" }], use: inModel },
  dense: {
    args: () => [
      3,
      {
        activation: "leakyRelu",
        negativeSlope: 0.2,
        useBias: true,
        kernelInitializer: "heNormal",
        biasInitializer: "zeros",
        kernelRegularizer: ferrograd.regularizers.l2(),
        biasRegularizer: ferrograd.regularizers.l1(),
        activityRegularizer: ferrograd.regularizers.l1(),
        kernelConstraint: ferrograd.constraints.maxNorm(),
        biasConstraint: ferrograd.constraints.nonNeg(),
        name: "a",
      },
    ],
    use: inModel,
  },
  dropout: { args: () => [0.5, { name: "a" }], use: inModel },
  flatten: { args: () => [{ name: "a" }], use: inModel },
  input: {
    args: () => [[4], { name: "a", dtype: "float32" }],
    use: (x: ferrograd.SymbolicTensor<readonly (number | null)[], "float32">) => {
      using made = sequential([x, dense(1)], { seed: 1 });
      made.predict([[1, 2, 3, 4]]);
    },
    says: ["dense()"], // of int32
  },
  normalization: {
    args: () => [{ mean: [1, 2, 3, 4], deviation: [1, 2, 3, 4], name: "a" }],
    use: inModel,
  },
  normalizationOf: {
    args: () => [
      [
        [1, 2, 3, 4],
        [2, 3, 4, 5],
      ],
      { name: "a" },
    ],
    use: inModel,
  },
  preluLayer: {
    args: () => [
      {
        alphaInitializer: "zeros",
        alphaRegularizer: ferrograd.regularizers.l2(),
        alphaConstraint: ferrograd.constraints.nonNeg(),
        name: "a",
      },
    ],
    use: inModel,
  },
  conv: {
    args: () => [
      zeros([1, 5, 5, 2]),
      zeros([3, 3, 1, 4]),
      { strides: 2, padding: "same", dilation: 1, groups: 2 },
    ],
    use: (y: ferrograd.Tensor) => y.data(),
  },
  convTranspose: {
    args: () => [
      zeros([1, 3, 3, 4]),
      zeros([3, 3, 1, 4]),
      { strides: 2, padding: "same", dilation: 1, groups: 2, outputPadding: 1 },
    ],
    use: (y: ferrograd.Tensor) => y.data(),
  },
  rescaling: { args: () => [{ scale: 2, offset: 1, name: "a" }], use: inModel },
  sequential: {
    says: ["dense"], // the layer that cannot be built, or that of a model that is gone
    args: () => [[dense(2)], { inputShape: [4], seed: 1, name: "m", classNames: ["no", "yes"] }],
    use: (made: ferrograd.UncompiledModel) => made.predict([[1, 2, 3, 4]]),
  },
  loadModel: { args: () => [saved(), { layers: { mine: () => dense(1) } }] },
  layer: {
    args: () => [
      {
        type: "mine",
        name: "a",
        config: { scale: 2 },
        layers: [dense(2)],
        inputs: "one",
        build() {},
        call: (x: ferrograd.Tensor) => mul(x, 2),
      },
    ],
    use: inModel,
    says: ["a:", "mine:", "sequential()", "mul()", "dense"],
  },
  model: {
    args: () => {
      const x = ferrograd.input([2]);
      return [
        {
          inputs: { x },
          outputs: dense(2)(x),
          seed: 1,
          name: "m",
          classNames: ["no", "yes"],
        },
      ];
    },
    use: (made: ferrograd.UncompiledModel) => made.predict([[1, 2]]),
  },

  adadelta: optimizer({ rho: 0.9, epsilon: 1e-7 }),
  adagrad: optimizer({ epsilon: 1e-7 }),
  adam: optimizer({ ...adams, amsgrad: true }),
  adamW: optimizer({ ...adams, amsgrad: true }),
  adamax: optimizer(adams),
  lion: optimizer({ beta1: 0.9, beta2: 0.99 }),
  lazyAdam: optimizer(adams),
  nadam: optimizer({ ...adams, momentumDecay: 0.004 }),
  radam: optimizer(adams),
  rmsprop: optimizer({ rho: 0.9, momentum: 0.5, epsilon: 1e-7, centered: true }),
  sgd: optimizer({ momentum: 0.9, nesterov: true }),
  momentum: optimizer({ momentum: 0.9, nesterov: true }),
  ...LAYER_DOORS,
  ...RULE_DOORS,
  ...IMAGE_DOORS,
  ...SCHEDULE_DOORS,
  ...TRANSFORM_DOORS,
  customLoss: {
    args: () => [(y: ferrograd.Tensor, p: ferrograd.Tensor) => sub(y, p), { labels: "float32" }],
    use: (loss: ferrograd.Loss) => loss([1, 2], [3, 4]).data(),
  },
  metric: {
    args: () => [
      {
        ...{ name: "m", type: "t", config: { a: 1 }, weighted: false },
        state: { rows: [], seen: { shape: [2], dtype: "float32", start: 1 } },
        update: (state: object) => state,
        result: ({ rows }: { rows: ferrograd.Tensor }) => rows,
      },
    ],
    use: (made: ferrograd.Metric) => made.of([1, 2], [3, 4]),
  },
  ...CALLBACK_DOORS,

  readSafetensors: { args: () => [saved(), "here()"], says: ["here()"] },
  writeSafetensors: {
    args: () => [
      new Map([["w", { dtype: "F32", shape: [2], data: Float32Array.of(1, 2) }]]),
      { made: "by hand" },
    ],
    open: [1],
  },
  permutation: { args: () => [4, 1, 2, 3] },
  philox4x32: {
    args: () => [
      [1, 2, 3, 4],
      [5, 6],
    ],
  },
  standardizer: {
    args: () => [X],
    use: (scaler: ferrograd.Standardizer) => scaler.transform(X),
  },
  trainTestSplit: { args: () => [dataset(), { testFraction: 0.5, stratify: true, seed: 1 }] },
  trainTestRows: { args: () => [dataset(), { testFraction: 0.5, stratify: true, seed: 1 }] },
  Dataset: {
    args: () => [{ x: X, y: Y, classNames: ["no", "yes"], featureNames: ["a", "b"], name: "xor" }],
    call: (...args: unknown[]) => Reflect.construct(Dataset, args),
    says: ["Dataset"],
  },
  Tensor: madeOnly("Tensor", [2], "float", {}),
  Variable: { ...madeOnly("Variable", 1, "w", true), says: ["Variable:", "variable()"] },
  SymbolicTensor: madeOnly("SymbolicTensor", [2], "float32"),
  Model: madeOnly("Model", [dense(2)], { inputShape: [2] }),
  Optimizer: madeOnly("Optimizer", {}),

  init: { args: () => [new Uint8Array(8)], refused: true },
  digits: split,
  breastCancer: split,
  iris: split,
  wine: split,
  evaluateF64: { args: () => [mul([1, 2], 3)] },
  missingReferences: none,
  checkGradients: {
    args: () => [(x: ferrograd.Tensor) => sum(mul(x, x)), [1, 2]],
    says: ["mul()", "dense()", "data()"], // which the function calls
  },
  diagnose: {
    slow: true,
    args: () => [model(), ...diagnosing()],
    open: [1],
  },
  health: {
    slow: true,
    args: () => [{ ...diagnosing()[1], every: 1, onDiagnosis: silent }],
    use: (callbacks: ferrograd.Callbacks) => {
      using target = model();
      try {
        target.fitSync(X, Y, { epochs: 2, batchSize: 2, callbacks: [callbacks, ends(target)] });
      } finally {
        callbacks.onTrainEnd?.(); // which a fit that failed does not call: its probe would be there until the next one
      }
    },
  },
  whyStuck: {
    slow: true,
    args: () => [
      model(),
      { x: X, y: Y },
      { layer: "dense", unit: 0, input: 0, probeRows: 4, seed: 1 },
    ],
    open: [1],
  },
  unrollPrograms: { args: () => [{ after: 100_000 }] },
  readCsv: {
    args: () => [
      "a,b\n1,2\n",
      {
        ...{ file: "a.csv", delimiter: ",", decimal: ".", missingValues: ["NA"] },
        ...{ quote: '"', header: true, encoding: "utf-8" },
      },
    ],
    says: ["a.csv"],
  },
  csvBatches: {
    args: () => [new Response("a,b\n1,2\n").body, { file: "a.csv", rows: 10 }],
    use: (batches: AsyncGenerator) => void batches.return(undefined),
    says: ["a.csv"],
    open: [0],
  },
  TableProfile: {
    args: () => [{ target: "k", ...COLUMN_OPTIONS() }],
    call: (...args: unknown[]) => Reflect.construct(csv.TableProfile, args),
    use: (profile: csv.TableProfile) => profile.add(dated()).columns,
    says: ["TableProfile", "a.csv", "readCsv()"],
  },
  problemsOf: { args: () => [new Error("of another")], open: [0] },
  encodeTable: {
    args: () => [dated(), { target: "k", ...COLUMN_OPTIONS() }],
    says: ["readCsv()"],
    open: [0],
  },
  TableSchema: {
    args: () => [[{ name: "a", type: "number", fill: 1 }], { name: "k", task: "regression" }],
    call: (...args: unknown[]) => Reflect.construct(csv.TableSchema, args),
    use: (made: csv.TableSchema) => made.apply(table()),
    says: ["TableSchema"],
    open: [1],
  },
  ...DATA_DOORS,
  ...WORKER_DOORS,
  named: { args: () => ["command", "kind", "sgd", ["sgd", "adam"]], says: ["command"] },
  readIdx: { args: () => [images(), "a.idx"], says: ["a.idx"] },
  idxDataset: {
    args: () => [images(), labels(), { classNames: ["no", "yes"], name: "n", files: ["i", "l"] }],
    says: ["i:", "l:", "images:", "labels:", "Dataset:"],
  },
  fashionMnist: {
    args: () => [
      { trainImages: images(), trainLabels: labels(), testImages: images(), testLabels: labels() },
    ],
    says: ["train-", "t10k-"],
    open: [0],
  },
  readCifar10: { args: () => [[cifarBatch()]], says: ["a.bin"] },
  cifar10: {
    args: () => [{ train: [cifarBatch()], test: cifarBatch() }],
    says: ["a.bin"],
    open: [0],
  },
};

/** Ways in that are no exports: what exports return, and methods. */
export const MORE: Readonly<Record<string, Door>> = {
  ...Object.fromEntries(
    Object.entries(losses).map(([name, options]) => [
      `${name}, options alone`,
      { ...lossAlone(options), call: Reflect.get(ferrograd, name), says: [`${name}()`] },
    ]),
  ),
  "dropout of a tensor": {
    args: () => [[1, 2], 0.5, { seed: 1, stream: 2, step: tensor(Int32Array.of(1)) }],
    call: ferrograd.dropout,
    says: ["dropout()"],
  },
  "tensor, int32": {
    args: () => [[1, 2], [2], "int32"],
    call: ferrograd.tensor,
    says: ["tensor()"],
  },
  "a jitted function": {
    self: true,
    args: () => [jit((x: ferrograd.Tensor, y: ferrograd.Tensor) => mul(x, y)), [1, 2], [3, 4]],
    call: (fn: (...args: unknown[]) => unknown, ...args: unknown[]) => fn(...args),
    says: ["jit()", "mul()"], // which the function calls
  },
  "what a jitted function returns": {
    args: () => [[1, 2]],
    call: (value: unknown) => {
      using fn = jit(() => value as ferrograd.Tensor);
      return fn();
    },
    refused: true,
    says: ["jit()", "data()"],
  },
  "a layer": {
    self: true,
    args: () => [dense(2), [[1, 2]]],
    call: (layer: ferrograd.Layer, x: ferrograd.TensorLike) => {
      try {
        return layer(x).data();
      } finally {
        release(layer);
      }
    },
    says: ["dense"],
  },
  "what a function among layers returns": {
    args: () => [
      [
        [1, 2],
        [3, 4],
      ],
    ],
    call: (value: unknown) => {
      using made = sequential([() => value as ferrograd.Tensor], { inputShape: [2] });
      made.predict([[1, 2]]);
    },
    refused: true,
    says: ["sequential()"],
  },
  "what an initializer returns": {
    args: () => [zeros([2, 3])],
    call: (value: unknown) => {
      using made = sequential([dense(3, { kernelInitializer: () => value as ferrograd.Tensor })], {
        inputShape: [2],
      });
      made.predict([[1, 2]]);
    },
    says: ["dense"],
  },
  "Variable.assign": {
    self: true,
    args: () => [variable([1, 2]), [3, 4]],
    call: (w: ferrograd.Variable, value: never) => w.assign(value),
    says: ["assign()"],
  },
  "Optimizer.minimize": {
    self: true,
    args: () => {
      const w = variable([1, 2]);
      return [adam(), sum(mul(w, w)), [w]];
    },
    call: (optimizer: ferrograd.Optimizer, loss: never, list: never) =>
      optimizer.minimize(loss, list),
    says: ["minimize()"],
  },
  "Optimizer.learningRate": {
    self: true,
    args: () => [adam(), 0.1],
    call: (optimizer: ferrograd.Optimizer, rate: never) => {
      optimizer.learningRate = rate;
    },
    says: ["adam()"],
  },
  "Dataset.shuffle": {
    self: true,
    args: () => [dataset(), 1],
    call: (data: ferrograd.Dataset, ...args: [never]) => data.shuffle(...args),
    says: ["shuffle()"],
  },
  "Dataset.batch": {
    self: true,
    args: () => [dataset(), 2, { dropLast: true }],
    call: (data: ferrograd.Dataset, ...args: [never, never]) => [...data.batch(...args)],
    says: ["batch()"],
  },
  "Dataset.slice": {
    self: true,
    args: () => [dataset(), 1, 3],
    call: (data: ferrograd.Dataset, ...args: [never, never]) => data.slice(...args),
    says: ["slice()"],
  },
  "Dataset.take": {
    self: true,
    args: () => [dataset(), 2],
    call: (data: ferrograd.Dataset, ...args: [never]) => data.take(...args),
    says: ["take()"],
  },
  "Dataset.rows": {
    self: true,
    args: () => [dataset(), [1, 2]],
    call: (data: ferrograd.Dataset, ...args: [never]) => data.rows(...args),
    says: ["rows()"],
  },
  ...DATA_METHODS,
  "Standardizer.transform": {
    self: true,
    args: () => [ferrograd.standardizer(X), X],
    call: (scaler: ferrograd.Standardizer, ...args: [never]) => scaler.transform(...args),
    says: ["transform()"],
  },
  "TableSchema.parse": {
    args: () => [JSON.stringify(schema())],
    call: csv.TableSchema.parse,
    says: ["TableSchema.parse()"],
  },
  "TableSchema.apply": {
    self: true,
    args: () => [schema(), table()],
    call: (made: csv.TableSchema, ...args: [never]) => made.apply(...args),
    says: ["apply()", "readCsv()"],
    open: [1],
  },
  "TableSchema.encode": {
    self: true,
    args: () => [schema(), table(), { unseen: "remark" }],
    call: (made: csv.TableSchema, ...args: [never]) => made.encode(...args),
    says: ["encode()", "apply()", "readCsv()"],
    open: [1],
  },
  "TableSchema.withTarget": {
    self: true,
    args: () => [schema(), table()],
    call: (made: csv.TableSchema, ...args: [never]) => made.withTarget(...args),
    says: ["withTarget()", "readCsv()"],
    open: [1],
  },
  "TableProfile.add": {
    self: true,
    args: () => [new csv.TableProfile(), table()],
    call: (profile: csv.TableProfile, ...args: [never]) => profile.add(...args),
    says: ["add()", "readCsv()"],
    open: [1],
  },
  "TableSchema.targets": {
    self: true,
    args: () => [schema(), table()],
    call: (made: csv.TableSchema, ...args: [never]) => made.targets(...args),
    says: ["targets()", "readCsv()"],
    open: [1],
  },
  "Model.compile": {
    self: true,
    args: () => [
      model(),
      { optimizer: adam(), loss: "huber", metrics: ["meanSquaredError"], warn: silent },
    ],
    call: onModel("compile"),
    says: ["compile()"],
  },
  "Model.fit": {
    slow: true,
    self: true,
    args: () => {
      const target = model();
      return [
        target,
        X,
        Y,
        {
          epochs: 1,
          batchSize: 2,
          validationSplit: 0.5,
          validationData: [X, Y],
          shuffle: true,
          seed: 1,
          signal: new AbortController().signal,
          callbacks: [ends(target)],
        },
      ];
    },
    call: onModel("fit"),
    says: ["fit()", "dense()"], // a layer as a hook
  },
  "Model.fitSync": {
    slow: true,
    self: true,
    args: () => {
      const target = model();
      return [target, dataset(), { batchSize: 2, callbacks: { ...ends(target) } }];
    },
    call: onModel("fitSync"),
    says: ["fit()", "fitSync()", "dense()"],
    open: [2],
  },
  "Model.trainOnBatch": {
    self: true,
    args: () => [model(), X, Y],
    call: onModel("trainOnBatch"),
    says: ["trainOnBatch()"],
  },
  "Model.compileTrainOnBatch": {
    self: true,
    args: () => [model(), { batch: 1 }],
    call: onModel("compileTrainOnBatch"),
    says: ["compileTrainOnBatch()"],
  },
  "Model.compilePredict": {
    self: true,
    args: () => [model(), { batch: 1 }],
    call: onModel("compilePredict"),
    says: ["compilePredict()"],
  },
  "Model.evaluate": {
    self: true,
    args: () => [model(), X, Y],
    call: onModel("evaluate"),
    says: ["evaluate()"],
  },
  "Model.predict": {
    self: true,
    args: () => [model(), X],
    call: onModel("predict"),
    says: ["predict()"],
  },
  "Model.call": {
    self: true,
    args: () => [model(), X],
    call: onModel("call"),
    says: ["call()", "dense", "matmul()"],
  },
  "Model.setWeights": {
    self: true,
    args: () => {
      const target = model();
      return [target, target.getWeights()];
    },
    call: onModel("setWeights"),
    says: ["setWeights()"],
  },
  "Model.setWeights by name": {
    self: true,
    args: () => {
      const target = model();
      return [target, target.namedWeights()];
    },
    call: onModel("setWeights"),
    says: ["setWeights()"],
    open: [1],
  },
  "Model.getLayer": {
    self: true,
    args: () => [model(), "dense"],
    call: onModel("getLayer"),
    says: ["getLayer()"],
  },
  "layer.setWeights": {
    self: true,
    args: () => {
      const target = model();
      return [target, target.getLayer("dense").getWeights()];
    },
    call: (target: Model, weights: never) => target.getLayer("dense").setWeights(weights),
    says: ["dense: setWeights()"],
  },
  "Model.save": {
    self: true,
    args: () => [model(), { includeOptimizer: true, metadata: { a: "b" } }],
    call: onModel("save"),
    says: ["save()"],
  },
  "Finding.tryRemedy": {
    slow: true,
    self: true,
    args: () => {
      const target = model();
      const { findings } = diagnostics.diagnose(
        target,
        { x: X, y: Y },
        { thresholds: { notZeroCentered: 0 } as object },
      );
      return [target, findings[0], { kind: findings[0]!.remedy.kind, steps: 2, batchSize: 2 }];
    },
    call: (_model: unknown, finding: diagnostics.Finding | undefined, ...args: [never]) =>
      finding?.tryRemedy(...args),
    says: ["tryRemedy()"],
    endless: ["steps"],
  },
};
