import { earlyStopping, type Standardizer, standardizer } from "ferrograd";
import { type Diagnosis, diagnose } from "ferrograd/diagnostics";
import type { Split } from "./datasets.ts";
import { buildNetwork, layerWidths, type Network, type NetworkSettings } from "./network.ts";
import { measure, type Results } from "./results.ts";
import { hasClasses, type Source } from "./source.ts";
import type { Length, Logs, Progress } from "./terminal/progress.ts";

export interface TrainSettings extends NetworkSettings {
  readonly epochs: number;
  readonly batchSize: number;
  /** Share of the training rows that is held out to watch the training. */
  readonly validationSplit: number;
  /** Epochs without a better val_loss before training ends. */
  readonly earlyStopping?: number;
}

/** What a training gave; the model is the caller's to dispose. */
export interface Training {
  readonly model: Network;
  readonly widths: readonly number[];
  readonly epochs: readonly Logs[];
  readonly steps: number;
  /** From the first step to the last, milliseconds. */
  readonly ms: number;
  /** Ended by Ctrl-C? */
  readonly interrupted: boolean;
  /** The epoch whose weights are kept, where early stopping chose one. */
  readonly bestEpoch?: number;
  readonly results: Results;
  /** Of the trained network, on rows that it learned from. */
  readonly diagnosis: Diagnosis;
}

/** How many of the training rows are held out: as many as `fit` cuts off, but at least one. */
function heldOut({ train }: Split, validationSplit: number): number {
  const count = Math.floor(train.length * validationSplit);
  return Math.min(train.length - 1, validationSplit > 0 ? Math.max(1, count) : 0);
}

const EPOCHS = 30;
/** In each step Adam moves a weight by about its learning rate, 0.001: fewer steps end too early. */
const LEAST_STEPS = 1000;

/** 30 epochs, or as many as 1,000 steps take where the rows are few. */
export function defaultEpochs(split: Split, batchSize: number, validationSplit: number): number {
  const rows = split.train.length - heldOut(split, validationSplit);
  return Math.max(EPOCHS, Math.ceil(LEAST_STEPS / Math.ceil(rows / batchSize)));
}

/** The training rows, the last of them held out; numbers to learn as deviations around their mean. */
function prepare({ split }: Source, validationSplit: number) {
  const { train } = split;
  const held = heldOut(split, validationSplit);
  const rows = train.slice(0, train.length - held);
  const units = hasClasses(split) ? undefined : standardizer(rows.y);
  const scaled = (y: typeof train.y) => units?.transform(y) ?? y;
  const validation = held > 0 ? train.slice(-held) : undefined;
  return {
    rows: { x: rows.x, y: scaled(rows.y), length: rows.length },
    validation: validation && { x: validation.x, y: scaled(validation.y) },
    units,
  };
}

/** Trains, and tests on the rows that training never saw. */
export async function train(
  source: Source,
  settings: TrainSettings,
  watch: (length: Length) => Progress,
): Promise<Training> {
  const { epochs, batchSize, seed, earlyStopping: patience } = settings;
  const { rows, validation, units } = prepare(source, settings.validationSplit);
  const network = buildNetwork(source.split, settings);
  const progress = watch({ epochs, batches: Math.ceil(rows.length / batchSize) });
  let interrupted = false;
  const interrupt = () => {
    interrupted = true;
    network.stop();
  };
  process.once("SIGINT", interrupt); // a second Ctrl-C ends the process
  const logs: Logs[] = [];
  const stopping = patience === undefined ? undefined : earlyStopping({ patience });
  const watching = {
    onBatchEnd: progress.batchEnd,
    onEpochEnd(epoch: number, values: Logs) {
      logs.push(values);
      progress.epochEnd(epoch, values);
    },
  };
  try {
    const { steps, ms } = await network.fit(rows.x, rows.y, {
      epochs,
      batchSize,
      seed,
      ...(validation && { validationData: validation }),
      callbacks: stopping ? [watching, stopping] : watching,
    });
    progress.stop();
    const diagnosis = diagnose(network, rows.x, rows.y);
    const model = units ? withUnits(source, settings, network, units) : network;
    return {
      model,
      widths: layerWidths(source.split, settings.hidden),
      epochs: logs,
      steps,
      ms,
      interrupted,
      ...(stopping && { bestEpoch: stopping.bestEpoch }),
      results: measure(model, source.split.test),
      diagnosis,
    };
  } finally {
    progress.stop();
    process.removeListener("SIGINT", interrupt);
  }
}

/** The trained network with a last layer that gives its answers in the target's units. */
function withUnits(
  { split }: Source,
  settings: TrainSettings,
  trained: Network,
  units: Standardizer,
): Network {
  const model = buildNetwork(split, settings, units);
  model.setWeights(trained.getWeights());
  trained.dispose();
  return model;
}
