import { createHash } from "node:crypto";
import {
  type ActivationName,
  averageLayer,
  conv2d,
  dense,
  flatten,
  input,
  type Layer,
  maxPooling2d,
  model,
  normalization,
  normalizationOf,
  type OptimizerName,
  regularizers,
  reshapeLayer,
  type Standardizer,
  sequential,
  softmaxLayer,
  sparseCategoricalCrossentropy,
} from "ferrograd";
import { optimizers } from "ferrograd/tables";
import type { Dataset, ImageSize, Split } from "./datasets.ts";
import { type ScheduleName, scheduleOf } from "./schedule.ts";
import { hasClasses } from "./source.ts";

export interface NetworkSettings {
  /** Which kind of network (default "dense"). */
  readonly model?: ModelName;
  /** Of rows that are images. */
  readonly image?: ImageSize;
  readonly hidden: readonly number[];
  readonly activation: ActivationName;
  readonly optimizer: OptimizerName;
  readonly learningRate?: number;
  /** How the learning rate changes, where it does. */
  readonly schedule?: ScheduleName;
  /** Of the training, over which it does. */
  readonly steps?: number;
  readonly weightDecay?: number;
  /** What is added to the loss for the weights: this much of their sum of squares, over the training rows. */
  readonly ridge?: number;
  readonly seed: number;
  /** Give each feature mean 0 and deviation 1, in a first layer that is saved with the model. */
  readonly standardize: boolean;
}

/** What a kind of network has before its hidden layers, of rows of features. */
interface ModelRow {
  layers(settings: NetworkSettings): Layer[];
  /** The same in a few letters each. */
  parts(settings: NetworkSettings): string[];
  /** What the units of the first layer look at, where it is no whole image. */
  readonly filter?: Pick<ImageSize, "width" | "height">;
}

const FILTERS = [16, 32];
const sizeOf = ({ image }: NetworkSettings) =>
  [image!.height, image!.width, image!.channels ?? 1] as const;

/** What `--model` takes, one row each. */
const MODELS = {
  dense: { layers: () => [], parts: () => [] },
  conv: {
    layers: (settings) => [
      reshapeLayer(sizeOf(settings)),
      ...FILTERS.flatMap((filters) => [
        conv2d(filters, 3, { padding: "same", activation: settings.activation }),
        maxPooling2d(2),
      ]),
      flatten(),
    ],
    parts: () => FILTERS.map((filters) => `${filters}@3x3`),
    filter: { width: 3, height: 3 },
  },
} satisfies Record<string, ModelRow>;

export type ModelName = keyof typeof MODELS;
export const modelNames = Object.keys(MODELS) as ModelName[];
const rowOf = ({ model = "dense" }: NetworkSettings): ModelRow => MODELS[model];

/** Units of each level, from the features on; of filters with their size: 784, "16@3x3", "32@3x3", 128, 10. */
export type Levels = readonly [features: number, ...(number | string)[]];

export function levelsOf(split: Split, settings: NetworkSettings): Levels {
  const [features, ...rest] = layerWidths(split, settings.hidden);
  return [features!, ...rowOf(settings).parts(settings), ...rest];
}

/** The network in one word: 784-16@3x3-32@3x3-128-10. */
export const networkName = (split: Split, settings: NetworkSettings): string =>
  levelsOf(split, settings).join("-");

/** What a unit of the first layer looks at, as a picture. */
export const firstPicture = (settings: NetworkSettings): ImageSize | undefined =>
  settings.image && { ...settings.image, ...rowOf(settings).filter };

const featuresOf = ({ x, length }: Dataset): number => x.data.length / length;

/** Units of each level, from the features to the classes, or to one number. */
export function layerWidths(split: Split, hidden: readonly number[]): number[] {
  const { train } = split;
  const classes = () => train.classNames?.length ?? Math.max(...train.y.data) + 1;
  return [featuresOf(train), ...hidden, hasClasses(split) ? classes() : 1];
}

/** What was said of the optimizer; the rest is its own default. */
const optimizerOptions = (settings: NetworkSettings) => ({
  ...(settings.learningRate !== undefined && {
    learningRate: rateOf(settings.learningRate, settings),
  }),
  ...(settings.weightDecay !== undefined && { weightDecay: settings.weightDecay }),
});

const rateOf = (rate: number, { schedule = "constantRate", steps }: NetworkSettings) =>
  steps === undefined ? rate : scheduleOf(schedule, rate, steps);

/** Where a rate has changed, most of all to 0, whoever trains on does so at this one. */
export const RATE_AFTER = 0.001;

/** The same network as one that has been trained. */
export const trainedSettings = <T extends NetworkSettings>({ schedule, ...settings }: T) =>
  schedule === undefined ? settings : { ...settings, learningRate: RATE_AFTER };

/** Layers over the data's features, ending in one logit per class or in one number. */
export function buildNetwork(split: Split, settings: NetworkSettings, units?: Standardizer) {
  const { train } = split;
  const { hidden, activation, optimizer, standardize, ridge, seed } = settings;
  const penalty = ridge && { kernelRegularizer: regularizers.l2(ridge / train.length) };
  const widths = layerWidths(split, hidden);
  const inputShape = train.x.shape.slice(1);
  const rows = { data: train.x.data, shape: [train.length, widths[0]!] };
  const layers: Layer[] = [
    ...(inputShape.length > 1 ? [flatten()] : []),
    ...(standardize ? [normalizationOf(rows)] : []),
    ...rowOf(settings).layers(settings),
    ...hidden.map((width) => dense(width, { activation })),
    dense(widths.at(-1)!, { ...penalty }),
    ...(units ? [inUnits(units)] : []),
  ];
  const classNames = train.classNames && { classNames: train.classNames };
  return sequential(layers, { inputShape, seed, ...classNames }).compile({
    optimizer: optimizers[optimizer](optimizerOptions(settings)),
    loss: hasClasses(split) ? "sparseCategoricalCrossentropy" : "meanSquaredError",
    metrics: hasClasses(split) ? ["accuracy"] : [],
  });
}

/** A trained network, as settings say, and what its answers are scaled by. */
export interface Member {
  readonly settings: NetworkSettings;
  readonly network: Network;
  readonly units?: Standardizer | undefined;
}

/**
 * One model that answers with the mean of several networks: of their probabilities, or of their numbers. Its outputs are
 * probabilities rather than logits.
 */
export function averageOf(split: Split, members: readonly Member[]) {
  const { train } = split;
  const { settings } = members[0]!;
  const { hidden, activation, optimizer, standardize, seed } = settings;
  const widths = layerWidths(split, hidden);
  const rows = { data: train.x.data, shape: [train.length, widths[0]!] };
  const x = input([widths[0]!]);
  const scaled = standardize ? normalizationOf(rows)(x) : x;
  const answers = members.map(({ units }, i) => {
    const own = rowOf(settings).layers(settings);
    const images = own.reduce((way, layer) => layer(way), scaled);
    const body = hidden.reduce((way, width) => dense(width, { activation })(way), images);
    const logits = dense(widths.at(-1)!)(body);
    if (units) return inUnits(units, i === 0 ? "units" : `units_${i}`)(logits);
    return hasClasses(split) ? softmaxLayer()(logits) : logits;
  });
  const averaged = model({
    ...{ inputs: x, outputs: averageLayer()(answers), seed },
    ...(train.classNames && { classNames: train.classNames }),
  }).compile({
    optimizer: optimizers[optimizer](optimizerOptions(trainedSettings(settings))),
    loss: hasClasses(split)
      ? sparseCategoricalCrossentropy({ fromLogits: false })
      : "meanSquaredError",
    metrics: hasClasses(split) ? ["accuracy"] : [],
  });
  averaged.setWeights(members.flatMap(({ network }) => network.getWeights()));
  return averaged;
}

export type Network = ReturnType<typeof buildNetwork>;

/** From deviations around the mean back to the target's units: y·deviation + mean. */
function inUnits({ mean, deviation }: Standardizer, name = "units"): Layer {
  return normalization({
    mean: Array.from(mean, (m, i) => -m / deviation[i]!),
    deviation: Array.from(deviation, (d) => 1 / d),
    name,
  });
}

/** SHA-256 of all parameters in getWeights order, as little-endian float32. */
export function weightsSha256(weights: readonly Float32Array[]): string {
  const hash = createHash("sha256");
  for (const values of weights) {
    const bytes = Buffer.alloc(values.length * 4);
    for (const [i, value] of values.entries()) bytes.writeFloatLE(value, i * 4);
    hash.update(bytes);
  }
  return hash.digest("hex");
}
