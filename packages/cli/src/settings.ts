import type { TrainOptions } from "./commands/train-options.ts";
import { layerWidths } from "./network.ts";
import type { Source } from "./source.ts";
import { defaultEpochs, type TrainSettings } from "./training.ts";

/** Tables with fewer rows to learn from are learnt by heart unless something keeps them from it. */
const FEW_ROWS = 5000;
/** Steps that a few rows may take: early stopping ends most trainings before. */
const MOST_STEPS = 1500;
/** Steps without a better loss on the rows held out. */
const PATIENCE_STEPS = 200;
const WEIGHT_DECAY = 0.1;
const LEARNING_RATE = 0.003;
/** Networks whose answers are averaged, where all of them are cheap. */
const NETWORKS = 5;
/** Multiplications that take about a second. */
const CHEAP = 2e9;

/** What few rows of a table are trained with, where nothing else was said. */
function forFewRows(options: TrainOptions, source: Source): Partial<TrainSettings> {
  const { batchSize, validationSplit } = options;
  const isWatched = validationSplit > 0;
  const epochs = defaultEpochs(source.split, batchSize, validationSplit, MOST_STEPS);
  const steps = Math.ceil(source.split.train.length / batchSize);
  const isDefault = options.optimizer === undefined;
  return {
    epochs,
    ...(isWatched && { earlyStopping: Math.max(3, Math.ceil(PATIENCE_STEPS / steps)) }),
    ...(isDefault && {
      optimizer: "adamW",
      weightDecay: WEIGHT_DECAY,
      learningRate: LEARNING_RATE,
    }),
    ...(isWatched && { members: networksOf(options, source, epochs) }),
  };
}

/** As many networks as are cheap together; what decides is their size, so that it is the same everywhere. */
function networksOf({ hidden }: TrainOptions, { split }: Source, epochs: number): number {
  const widths = layerWidths(split, hidden);
  const weights = widths.slice(1).reduce((sum, width, i) => sum + width * widths[i]!, 0);
  const cost = 6 * weights * split.train.length * epochs; // forward and twice that backward
  return cost * NETWORKS <= CHEAP ? NETWORKS : 1;
}

/** How a training goes: as was said, else as suits the rows. */
export function settingsOf(options: TrainOptions, source: Source): TrainSettings {
  const { batchSize, validationSplit, networks, ...said } = options;
  const isTable = source.table !== undefined;
  const isFew = isTable && source.split.train.length < FEW_ROWS;
  const given = Object.entries(said).filter(([, value]) => value !== undefined);
  const epochs = defaultEpochs(source.split, batchSize, validationSplit);
  return {
    ...{ optimizer: "adam", standardize: isTable, members: 1, epochs },
    ...(isFew && forFewRows(options, source)),
    ...(Object.fromEntries(given) as unknown as Omit<TrainSettings, "members">),
    ...{ batchSize, validationSplit },
    ...(source.image && { image: source.image }),
    ...(networks !== undefined && { members: networks }),
  };
}
