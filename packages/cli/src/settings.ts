import { optimizers } from "ferrograd/tables";
import type { TrainOptions } from "./commands/train-options.ts";
import { FEW_ROWS, linearOf } from "./linear.ts";
import { layerWidths } from "./network.ts";
import { changesRate, type ScheduleName } from "./schedule.ts";
import { hasClasses, type Source } from "./source.ts";
import { defaultEpochs, type TrainSettings, type Way } from "./training.ts";

const HIDDEN = [128];
const VALIDATION_SPLIT = 0.1;
/** The same of each of several networks. */
const HELD_OUT = 0.2;
/** Steps that a few rows may take: early stopping ends most trainings before. */
const MOST_STEPS = 1500;
/** Steps without a better loss on the rows held out. */
const PATIENCE_STEPS = 400;
/** How much networks are kept from learning by heart, the simplest, which is kept most, last. */
const WEIGHT_DECAYS = [0.1, 1];
/** The same of linear models; without a penalty the weights of classes that a plane tells apart grow without end. */
const PENALTIES = { classes: [1], numbers: [0.01, 1] };
const LEARNING_RATE = 0.01;
/** Networks whose answers are averaged, where all of them are cheap: each row is held out from one. */
const NETWORKS = 5;
/** Multiplications that take a second or two. */
const CHEAP = 1.2e10;

/** What few rows of a table are trained with, where nothing else was said. */
function forFewRows(options: TrainOptions, source: Source): Partial<TrainSettings> {
  const { batchSize, networks, validationSplit } = options;
  const isWatched = validationSplit !== 0;
  const members = networks ?? (isWatched && areCheap(options, source) ? NETWORKS : 1);
  const share =
    validationSplit ?? (members > 1 ? Math.min(HELD_OUT, 1 / members) : VALIDATION_SPLIT);
  const epochs = defaultEpochs(source.split, batchSize, share, MOST_STEPS);
  const steps = Math.ceil(source.split.train.length / batchSize);
  const isDefault = options.optimizer === undefined;
  return {
    ...{ epochs, members, validationSplit: share },
    ...(isWatched && { earlyStopping: Math.max(3, Math.ceil(PATIENCE_STEPS / steps)) }),
    ...(isDefault && {
      optimizer: "adamW",
      weightDecay: WEIGHT_DECAYS[0],
      learningRate: LEARNING_RATE,
    }),
  };
}

/** Is training so many networks cheap? What decides is their size, so that it is the same everywhere. */
function areCheap(options: TrainOptions, { split }: Source): boolean {
  const { hidden = HIDDEN, batchSize } = options;
  const widths = layerWidths(split, hidden);
  const weights = widths.slice(1).reduce((sum, width, i) => sum + width * widths[i]!, 0);
  const epochs = options.epochs ?? defaultEpochs(split, batchSize, 1 / NETWORKS, MOST_STEPS);
  const each = 6 * weights * split.train.length * epochs; // forward and twice that backward
  return each * NETWORKS * Math.max(1, decaysOf(options).length) <= CHEAP;
}

const decaysOf = ({ optimizer, weightDecay }: TrainOptions): readonly number[] =>
  optimizer === undefined && weightDecay === undefined ? WEIGHT_DECAYS : [];

/**
 * What rows held out choose from, where nothing was said of the network: networks that are kept from learning by heart more
 * or less, and linear models, alike.
 */
function waysOf(options: TrainOptions, source: Source, settings: TrainSettings): Way[] {
  if (options.hidden !== undefined || settings.validationSplit === 0) return [];
  const several = settings.members > 1 ? decaysOf(options) : [];
  const networks =
    several.length > 0
      ? several.map((weightDecay) => ({
          name: `networks with weight decay ${weightDecay}`,
          settings: { ...settings, weightDecay },
        }))
      : [{ name: settings.members > 1 ? "networks" : "network", settings }];
  const penalties = hasClasses(source.split) ? PENALTIES.classes : PENALTIES.numbers;
  const linear = penalties.map((penalty) => ({
    name: `linear model with penalty ${penalty}`,
    settings: linearOf(source.split, settings, penalty),
    again: true,
  }));
  return [...networks, ...linear];
}

/** How a training goes: as was said, else as suits the rows. */
export function settingsOf(options: TrainOptions, source: Source): TrainSettings {
  const { networks, schedule, ...said } = options;
  const isTable = source.table !== undefined;
  const isFew = isTable && source.split.train.length < FEW_ROWS;
  const { batchSize, validationSplit = VALIDATION_SPLIT } = options;
  const given = Object.entries(said).filter(([, value]) => value !== undefined);
  const settings: TrainSettings = {
    ...{ optimizer: "adam", standardize: isTable, members: networks ?? 1, hidden: HIDDEN },
    ...{ validationSplit, epochs: defaultEpochs(source.split, batchSize, validationSplit) },
    ...(isFew && forFewRows(options, source)),
    ...(Object.fromEntries(given) as unknown as Omit<TrainSettings, "members">),
    ...(source.image && { image: source.image }),
  };
  const falls = isFew && options.optimizer === undefined;
  const planned = withSchedule(settings, schedule ?? (falls ? "cosineDecay" : "constantRate"));
  const ways = isFew ? waysOf(options, source, planned) : [];
  return { ...planned, ...(ways.length > 1 && { ways }) };
}

/** Few rows fall to 0 where nothing was said of the optimizer, which leaves less to the order of the last batches. */
function withSchedule(settings: TrainSettings, schedule: ScheduleName): TrainSettings {
  if (!changesRate(schedule)) return settings;
  const { optimizer, learningRate = optimizers[optimizer]().learningRate } = settings;
  return { ...settings, learningRate, schedule };
}
