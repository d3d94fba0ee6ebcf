import * as library from "ferrograd";
import {
  type ActivationName,
  activation,
  binaryCrossentropy,
  categoricalCrossentropy,
  glu,
  logSoftmax,
  meanSquaredError,
  softmax,
  sparseCategoricalCrossentropy,
  type Tensor,
  tensor,
} from "ferrograd";
import activationsFile from "../golden/activations.json" with { type: "json" };
import layersFile from "../golden/layers.json" with { type: "json" };
import lossesFile from "../golden/losses.json" with { type: "json" };
import optimizersFile from "../golden/optimizers.json" with { type: "json" };
import trainingFile from "../golden/training.json" with { type: "json" };

/** A tensor of a golden file; NaN and the infinities are strings. */
export interface GoldenTensor {
  readonly shape: readonly number[];
  readonly data: readonly (number | string)[];
}

type Numbers = Readonly<Record<string, number>>;

export interface ActivationCase {
  readonly name: string;
  readonly params: Numbers;
  readonly x: GoldenTensor;
  readonly y: GoldenTensor;
  readonly dy: GoldenTensor;
  readonly dx: GoldenTensor;
  readonly at_infinity?: Readonly<
    Record<
      string,
      { readonly index: number; readonly y: number | string; readonly dx: number | string }
    >
  >;
}

export interface LossCase {
  readonly name: string;
  readonly label: string;
  readonly params: Numbers;
  readonly prediction: GoldenTensor;
  readonly target: GoldenTensor;
  readonly loss: number;
  readonly grad: GoldenTensor;
  readonly convention_dependent?: string;
}

export interface OptimizerHyper {
  readonly lr: number;
  readonly momentum?: number;
  readonly nesterov?: boolean;
  readonly betas?: readonly [number, number];
  readonly eps?: number;
}

export interface OptimizerCase {
  readonly name: string;
  readonly hyper: OptimizerHyper;
  readonly checkpoints: readonly number[];
  readonly params: GoldenTensor;
}

type Tensors = Readonly<Record<string, GoldenTensor>>;

export interface LayerCase {
  readonly name: string;
  readonly op: string;
  readonly config: Readonly<Record<string, unknown>>;
  readonly inputs: Tensors;
  readonly params: Tensors;
  readonly outputs: Tensors;
  readonly upstream: Tensors;
  readonly grads: Tensors;
  readonly state_before?: Tensors;
  readonly state_after?: Tensors;
}

export interface TrainingCase {
  readonly name: string;
  readonly model:
    | { readonly layers: readonly number[]; readonly activation: string }
    | {
        readonly conv: readonly number[];
        readonly dense: readonly number[];
        readonly activation: "relu";
      };
  readonly dataset: string;
  readonly optimizer: OptimizerHyper & { readonly name: string };
  readonly batch: number;
  readonly steps: number;
  readonly initial: Tensors;
  readonly losses: GoldenTensor;
  readonly final: Tensors;
}

interface GoldenFile<C> {
  readonly cases: readonly C[];
}

/** The golden files, typed. */
export const golden = {
  activations: activationsFile as unknown as GoldenFile<ActivationCase>,
  losses: lossesFile as unknown as GoldenFile<LossCase>,
  optimizers: optimizersFile as unknown as GoldenFile<OptimizerCase> & {
    readonly initial: GoldenTensor;
    readonly gradients: GoldenTensor;
  },
  layers: {
    cases: (layersFile as unknown as GoldenFile<LayerCase>).cases.map((c) => inOurOrder(c)),
  } as GoldenFile<LayerCase>,
  training: trainingFile as unknown as GoldenFile<TrainingCase> & {
    readonly datasets: Readonly<
      Record<string, { readonly x: GoldenTensor; readonly target: GoldenTensor }>
    >;
  },
};

/** Values as float32: inputs exactly, results as a float32 library can give them. */
export const values = ({ data }: GoldenTensor): Float32Array => Float32Array.from(data, Number);

export const asTensor = (x: GoldenTensor): Tensor => tensor(values(x), x.shape);

/** A name of the golden files in the library's spelling. */
export const camel = (name: string): string =>
  name.replace(/_([a-z])/g, (_, letter: string) => letter.toUpperCase());

/** An initializer that gives what a golden file has. */
const from = (x: GoldenTensor | undefined) => () => asTensor(x!);

const camelKeys = (params: Numbers): Record<string, number> =>
  Object.fromEntries(Object.entries(params).map(([name, value]) => [camel(name), value]));

/** Where the library spells a name with a capital that the golden files do not part. */
const spelling = (name: string): ActivationName =>
  camel(name).replace(/^(\w+)shrink$/, "$1Shrink") as ActivationName;

const row = (name: ActivationName) => (x: Tensor, params: Numbers) =>
  activation(name, camelKeys(params))(x);

/** Options of pooling, as the library has them. */
const pooling = ({ stride, padding }: LayerCase["config"]) => ({
  strides: stride as number[],
  padding: padding as "valid" | "same",
});

type Pairs = readonly (readonly [number, number])[];

/** Options of layers of windows. */
const windows = ({ config, params }: LayerCase) => ({
  strides: config.stride as number[],
  padding: config.padding as library.Padding,
  dilationRate: (config.dilation ?? 1) as number[],
  useBias: params.b !== undefined,
  ...(Number(config.groups) > 1 && params.w!.shape[2] !== 1 && { groups: Number(config.groups) }),
  kernelInitializer: from(params.w),
  biasInitializer: from(params.b),
});

/** Kernels of (height, width, 1, channels · multiplier) are (height, width, channels, multiplier) here. */
const depthwise = (c: LayerCase) => {
  const { kernelInitializer: _, ...options } = windows(c);
  const depthMultiplier = c.params.w!.shape[3]! / Number(c.config.groups);
  const depthwiseInitializer = (shape: library.Shape) => tensor(values(c.params.w!), shape);
  return { ...options, depthMultiplier, depthwiseInitializer };
};

/** PyTorch's padding, then what is cut off. */
const transposed = (c: LayerCase) => {
  const padding = Number(c.config.padding);
  const outputPadding = Number(c.config.output_padding);
  const sides = (c.config.crop as Pairs).map(
    ([before, after]) => [before + padding, after + padding] as const,
  );
  return { ...windows(c), padding: sides, outputPadding };
};

/** Kernels of transposed convolutions are (height, width, in, out) in the files, and (…, out, in) here, as in Keras. */
function inOurOrder(c: LayerCase): LayerCase {
  if (c.op !== "conv2d_transpose") return c;
  const swapped = ({ shape, data }: GoldenTensor): GoldenTensor => {
    const [ky, kx, inputs, outputs] = shape as [number, number, number, number];
    const at = (i: number) => {
      const [tap, o, c] = [
        Math.floor(i / inputs / outputs),
        Math.floor(i / inputs) % outputs,
        i % inputs,
      ];
      return data[(tap * inputs + c) * outputs + o]!;
    };
    return { shape: [ky, kx, outputs, inputs], data: data.map((_, i) => at(i)) };
  };
  const own = <T extends Tensors>(tensors: T) => ({ ...tensors, w: swapped(tensors.w!) });
  return { ...c, params: own(c.params), grads: own(c.grads) };
}

/** The one table from the names of the golden files to what the library calls them. */
export const names = {
  activations: {
    ...Object.fromEntries(
      activationsFile.cases
        .filter(({ kind }) => kind === "pointwise")
        .map(({ name }) => [name, row(spelling(name))]),
    ),
    softmax: (x: Tensor) => softmax(x),
    log_softmax: (x: Tensor) => logSoftmax(x),
    glu: (x: Tensor) => glu(x),
  } as Readonly<Record<string, (x: Tensor, params: Numbers) => Tensor>>,
  losses: {
    mse: meanSquaredError,
    mae: library.meanAbsoluteError,
    huber: (t, p, { delta }) => library.huber(t, p, { delta }),
    log_cosh: library.logCosh,
    hinge: library.hinge,
    squared_hinge: library.squaredHinge,
    binary_cross_entropy: (t, p) => binaryCrossentropy(t, p, { fromLogits: false }),
    binary_cross_entropy_with_logits: (t, p) => binaryCrossentropy(t, p, { fromLogits: true }),
    categorical_cross_entropy: (t, p, { label_smoothing: labelSmoothing }) =>
      categoricalCrossentropy(t, p, { fromLogits: true, labelSmoothing }),
    sparse_categorical_cross_entropy: (t, p, { label_smoothing: labelSmoothing }) =>
      sparseCategoricalCrossentropy(library.cast(t, "int32"), p, {
        fromLogits: true,
        labelSmoothing,
      }),
    kl_divergence: (t, p) => library.klDivergence(t, p),
    kl_divergence_log: (t, p) => library.klDivergence(t, p, { fromLog: true }),
    cosine_similarity: library.cosineSimilarity,
    poisson: (t, p) => library.poisson(t, p),
    poisson_log: (t, p) => library.poisson(t, p, { fromLog: true }),
  } as Readonly<Record<string, (yTrue: Tensor, yPred: Tensor, params: Numbers) => Tensor>>,
  layers: {
    batch_norm: ({ config, params, state_before }) =>
      library.batchNormalization({
        momentum: 1 - (config.momentum as number),
        epsilon: config.eps as number,
        unbiased: true,
        gammaInitializer: from(params.gamma),
        betaInitializer: from(params.beta),
        movingMeanInitializer: from(state_before?.running_mean),
        movingVarianceInitializer: from(state_before?.running_var),
      }),
    layer_norm: ({ config, params }) =>
      library.layerNormalization({
        axis: config.axes as number[],
        epsilon: config.eps as number,
        gammaInitializer: from(params.gamma),
        betaInitializer: from(params.beta),
      }),
    group_norm: ({ config, params }) =>
      library.groupNormalization({
        groups: config.groups as number,
        epsilon: config.eps as number,
        gammaInitializer: from(params.gamma),
        betaInitializer: from(params.beta),
      }),
    rms_norm: ({ config, params }) =>
      library.rmsNormalization({
        axis: config.axes as number[],
        epsilon: config.eps as number,
        gammaInitializer: from(params.gamma),
      }),
    max_pool2d: ({ config }) => library.maxPooling2d(config.kernel as number[], pooling(config)),
    avg_pool2d: ({ config }) =>
      library.averagePooling2d(config.kernel as number[], {
        ...pooling(config),
        countIncludePad: config.count_include_pad as boolean,
      }),
    global_avg_pool2d: () => library.globalAveragePooling2d(),
    global_max_pool2d: () => library.globalMaxPooling2d(),
    conv1d: (c) => library.conv1d(c.params.w!.shape[2]!, c.params.w!.shape[0]!, windows(c)),
    conv2d: (c) => library.conv2d(c.params.w!.shape[3]!, c.params.w!.shape.slice(0, 2), windows(c)),
    depthwise_conv2d: (c) => library.depthwiseConv2d(c.params.w!.shape.slice(0, 2), depthwise(c)),
    conv2d_transpose: (c) =>
      library.conv2dTranspose(c.params.w!.shape[2]!, c.params.w!.shape.slice(0, 2), transposed(c)),
    embedding: ({ config, params }) =>
      library.embedding(config.rows as number, config.dim as number, {
        embeddingsInitializer: from(params.w),
      }),
  } as Readonly<Record<string, (c: LayerCase) => library.Layer>>,
  optimizers: {
    sgd: (hyper) => library.sgd(hyper),
    sgd_momentum: (hyper) => library.sgd(hyper),
    sgd_nesterov: (hyper) => library.sgd(hyper),
    sgd_momentum_weight_decay: (hyper) => library.sgd(hyper),
    sgd_clip_global_norm: (hyper) => library.sgd(hyper),
    sgd_clip_value: (hyper) => library.sgd(hyper),
    adam: (hyper) => library.adam(hyper),
    adam_other: (hyper) => library.adam(hyper),
    adam_amsgrad: (hyper) => library.adam(hyper),
    adamw: (hyper) => library.adamW(hyper),
    adamax: (hyper) => library.adamax(hyper),
    nadam: (hyper) => library.nadam(hyper),
    radam: (hyper) => library.radam(hyper),
    rmsprop: ({ alpha: rho, ...hyper }: Hyper) => library.rmsprop({ ...hyper, rho }),
    rmsprop_centered_momentum: ({ alpha: rho, ...hyper }: Hyper) =>
      library.rmsprop({ ...hyper, rho }),
    adagrad: ({ lrDecay: _, initialAccumulatorValue: __, ...hyper }: Hyper) =>
      library.adagrad(hyper),
    adadelta: (hyper) => library.adadelta(hyper),
  } as Readonly<Record<string, (hyper: Hyper) => library.Optimizer>>,
};

type Hyper = Readonly<Record<string, number>>;

/** An optimizer of the golden files; options in the library's spelling. */
export function optimizerOf(name: string, { lr, betas, eps, ...hyper }: OptimizerHyper) {
  const { clip_global_norm, ...others } = hyper as Readonly<Record<string, number>>;
  return names.optimizers[name]!({
    learningRate: lr,
    ...(betas && { beta1: betas[0], beta2: betas[1] }),
    ...(eps !== undefined && { epsilon: eps }),
    ...(clip_global_norm !== undefined && { globalClipNorm: clip_global_norm }),
    ...camelKeys(others),
  });
}

/** Does the library export it? */
const has = (name: string): boolean => name in library;

const all = <V>(keys: readonly string[], value: (key: string) => V): Record<string, V> =>
  Object.fromEntries(keys.map((key) => [key, value(key)]));

/**
 * The one list of cases that are not supported yet, by name, each with a probe that tells when the
 * library has learned it; then it must be taken off here and put into the table above.
 */
export const unsupported: {
  readonly [file in keyof typeof golden]: Readonly<Record<string, () => boolean>>;
} = {
  activations: {
    sparsemax: () => has("sparsemax"),
  },
  losses: {},
  optimizers: {},
  layers: all("rnn lstm gru multi_head_attention".split(" "), (name) => () => has(camel(name))),
  training: {},
};

/** The name under which a case stands in the list above. */
const listed = {
  activations: ({ name }: ActivationCase) => name,
  losses: ({ name, params }: LossCase) =>
    "label_smoothing" in params ? `${name} label_smoothing` : name,
  optimizers: ({ name }: OptimizerCase) => name,
  layers: ({ op }: LayerCase) => op,
  training: ({ name }: TrainingCase) => name,
};

/** The names of a file's cases, each once, as the list has them. */
export function caseNames(file: keyof typeof golden): string[] {
  const name = listed[file] as (c: unknown) => string;
  return [...new Set(golden[file].cases.map(name))];
}

/** The cases of a file that the library supports. */
export function supported<F extends keyof typeof golden>(file: F): (typeof golden)[F]["cases"] {
  const name = listed[file] as (c: unknown) => string;
  return (golden[file].cases as readonly unknown[]).filter(
    (c) => !(name(c) in unsupported[file]),
  ) as unknown as (typeof golden)[F]["cases"];
}
