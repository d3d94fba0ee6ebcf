import { earlyStopping, standardizer } from "ferrograd";
import { type Diagnosis, diagnose } from "ferrograd/diagnostics";
import type { Dataset, Split } from "./datasets.ts";
import { type ColumnEffect, explain } from "./explain.ts";
import {
  averageOf,
  buildNetwork,
  layerWidths,
  type Member,
  type Network,
  type NetworkSettings,
} from "./network.ts";
import { joined, measure, type Reading, type Results } from "./results.ts";
import { hasClasses, type Source } from "./source.ts";
import type { Length, Logs, Progress } from "./terminal/progress.ts";

export interface TrainSettings extends NetworkSettings {
  readonly epochs: number;
  readonly batchSize: number;
  /** Share of the training rows that is held out to watch the training. */
  readonly validationSplit: number;
  /** Epochs without a better val_loss before training ends. */
  readonly earlyStopping?: number;
  /** Networks that are trained, each from a seed of its own, and answer with their mean. */
  readonly members: number;
  readonly classWeights?: "balanced";
}

/** A network, trained as settings say. */
export interface Trained {
  readonly model: Network;
  /** How its answers are read. */
  readonly reading: Reading;
  /** Of the first network. */
  readonly epochs: readonly Logs[];
  readonly steps: number;
  /** Of all steps, milliseconds. */
  readonly ms: number;
  /** Ended by Ctrl-C? */
  readonly interrupted: boolean;
  /** The epoch whose weights are kept, of the first network, where early stopping chose one. */
  readonly bestEpoch?: number;
  /** Of the first network, on rows that it learned from. */
  readonly diagnosis: Diagnosis | undefined;
}

/** What a training gave; the model is the caller's to dispose. */
export interface Training extends Omit<Trained, "diagnosis"> {
  readonly diagnosis: Diagnosis;
  readonly widths: readonly number[];
  readonly results: Results;
  /** What the answers have to do with each column, for tables. */
  readonly effects?: readonly ColumnEffect[];
  /** What a linear model makes of the same rows, for tables. */
  readonly linear?: Results;
}

/** How many of the training rows are held out: as many as `fit` cuts off, but at least one. */
function heldOut({ length }: Dataset, validationSplit: number): number {
  const count = Math.floor(length * validationSplit);
  return Math.min(length - 1, validationSplit > 0 ? Math.max(1, count) : 0);
}

const EPOCHS = 30;
/** In each step Adam moves a weight by about its learning rate, 0.001: fewer steps end too early. */
const LEAST_STEPS = 1000;

/** 30 epochs, or as many as 1,000 steps take where the rows are few. */
export function defaultEpochs(
  { train }: Split,
  batchSize: number,
  validationSplit: number,
  steps = LEAST_STEPS,
): number {
  const rows = train.length - heldOut(train, validationSplit);
  return Math.max(EPOCHS, Math.ceil(steps / Math.ceil(rows / batchSize)));
}

/** The training rows, some of them held out, each network others; numbers to learn as deviations around their mean. */
function prepare(train: Dataset, validationSplit: number, member: number) {
  const held = heldOut(train, validationSplit);
  const parts = held > 0 ? Math.floor(train.length / held) : 1;
  const end = train.length - (member % parts) * held;
  const begin = end - held;
  const rows =
    end === train.length ? train.slice(0, begin) : train.rows(without(train, begin, end));
  const units = train.y.data instanceof Int32Array ? undefined : standardizer(rows.y);
  const scaled = (y: Dataset["y"]) => units?.transform(y) ?? y;
  const validation = held > 0 ? train.slice(begin, end) : undefined;
  return {
    rows: { x: rows.x, y: scaled(rows.y), length: rows.length },
    validation: validation && { x: validation.x, y: scaled(validation.y) },
    units,
  };
}

const without = ({ length }: Dataset, begin: number, end: number): number[] =>
  Array.from({ length: length - (end - begin) }, (_, i) => (i < begin ? i : i + end - begin));

/** Shows a training of some length. */
export type Watching = (length: Length) => Progress;

/** What a training can be told while it lasts. */
export interface Control {
  /** Was Ctrl-C pressed? */
  isStopped: boolean;
  /** Ends what is being trained. */
  stop?: () => void;
}

/** Trains, and tests on the rows that training never saw. */
export async function train(
  source: Source,
  settings: TrainSettings,
  watch: Watching,
): Promise<Training> {
  const { split, table } = source;
  const control: Control = { isStopped: false };
  const interrupt = () => {
    control.isStopped = true;
    control.stop?.();
  };
  process.once("SIGINT", interrupt); // a second Ctrl-C ends the process
  try {
    const trained = await trainOn(split, settings, watch, control, table?.schema.target);
    const tested = await testOn(source, settings, trained, control);
    return {
      ...trained,
      diagnosis: trained.diagnosis!,
      widths: layerWidths(split, settings.hidden),
      ...tested,
      ...(table && { effects: explain(trained.model, trained.reading, split.test, table.schema) }),
    };
  } finally {
    process.removeListener("SIGINT", interrupt);
  }
}

const SILENT = (): Progress => ({ epochEnd() {}, stop() {} });

type Tested = Pick<Training, "results" | "linear">;

/** How well a network does on rows for the test, or on each fold of a table a network that never saw it. */
async function testOn(
  { split, table }: Source,
  settings: TrainSettings,
  trained: Trained,
  control: Control,
): Promise<Tested> {
  const folds = table?.folds ?? [];
  if (table === undefined || folds.length === 0 || control.isStopped) {
    const results = measure(trained.model, split.test, trained.reading);
    const linear = table && (await trainLinear(split, settings, control, trained.reading));
    return { results, ...(linear && { linear }) };
  }
  const tests: Tested[] = [];
  for (const { train, test } of folds) {
    const part = { train: table.data.rows(train), test: table.data.rows(test) };
    const { model, reading } = await trainOn(part, settings, SILENT, control, table.schema.target);
    const results = measure(model, part.test, reading);
    model.dispose();
    const linear = await trainLinear(part, settings, control, reading);
    tests.push({ results, ...(linear && { linear }) });
  }
  const linears = tests.flatMap(({ linear }) => linear ?? []);
  return {
    results: joined(tests.map(({ results }) => results)),
    ...(linears.length > 0 && { linear: joined(linears) }),
  };
}

/** What a linear model makes of the test rows; undefined where the network is one, or training was stopped. */
async function trainLinear(
  split: Split,
  settings: TrainSettings,
  control: Control,
  { reference }: Reading,
): Promise<Results | undefined> {
  if (settings.hidden.length === 0 || control.isStopped) return undefined;
  const asLinear = { ...settings, hidden: [], members: 1 };
  const { model } = await trainOn(split, asLinear, SILENT, control);
  const results = measure(model, split.test, { ...(reference !== undefined && { reference }) });
  model.dispose();
  return results;
}

/** Trains the networks of the settings on the training rows of a split. */
export async function trainOn(
  split: Split,
  settings: TrainSettings,
  watch: Watching,
  control: Control,
  target: { readonly reference?: number } | object = {},
): Promise<Trained> {
  const { epochs, batchSize, members: count, validationSplit } = settings;
  const rows = split.train.length - heldOut(split.train, validationSplit);
  const progress = watch({ epochs, batches: Math.ceil(rows / batchSize) });
  const members: (Member & Fitted)[] = [];
  let diagnosis: Diagnosis | undefined;
  try {
    for (let member = 0; member < count && (member === 0 || !control.isStopped); member++) {
      const prepared = prepare(split.train, validationSplit, member);
      const own = { ...settings, seed: settings.seed + member };
      const network = buildNetwork(split, own);
      const shown = member === 0 ? progress : SILENT();
      members.push({
        network,
        units: prepared.units,
        ...(await fit(network, own, prepared, shown, control)),
      });
      if (member === 0) {
        progress.stop();
        diagnosis = diagnose(network, prepared.rows.x, prepared.rows.y);
      }
    }
  } finally {
    progress.stop();
  }
  const [first] = members as [Member & Fitted];
  const isAverage = members.length > 1;
  const model = isAverage ? averageOf(split, settings, members) : alone(split, settings, first);
  if (isAverage) for (const { network } of members) network.dispose();
  const sum = (of: (fitted: Fitted) => number) =>
    members.reduce((total, one) => total + of(one), 0);
  return {
    model,
    reading: {
      ...(isAverage && hasClasses(split) && { probabilities: true }),
      ...("reference" in target && { reference: target.reference as number }),
    },
    epochs: first.logs,
    steps: sum(({ steps }) => steps),
    ms: sum(({ ms }) => ms),
    interrupted: control.isStopped,
    ...(first.bestEpoch !== undefined && { bestEpoch: first.bestEpoch }),
    diagnosis,
  };
}

/** How the training of one network went. */
interface Fitted {
  readonly logs: readonly Logs[];
  readonly steps: number;
  readonly ms: number;
  readonly bestEpoch?: number;
}

async function fit(
  network: Network,
  settings: TrainSettings,
  { rows, validation }: ReturnType<typeof prepare>,
  progress: Progress,
  control: Control,
): Promise<Fitted> {
  const { epochs, batchSize, seed, earlyStopping: patience, classWeights } = settings;
  const logs: Logs[] = [];
  const stopping = patience === undefined ? undefined : earlyStopping({ patience });
  const watching = {
    onBatchEnd: progress.batchEnd,
    onEpochEnd(epoch: number, values: Logs) {
      logs.push(values);
      progress.epochEnd(epoch, values);
    },
  };
  control.stop = () => network.stop();
  const { steps, ms } = await network.fit(rows.x, rows.y, {
    epochs,
    batchSize,
    seed,
    ...(classWeights && { classWeight: classWeights }),
    ...(validation && { validationData: validation }),
    callbacks: stopping ? [watching, stopping] : watching,
  });
  return { logs, steps, ms, ...(stopping && { bestEpoch: stopping.bestEpoch }) };
}

/** The trained network; of numbers with a last layer that gives its answers in the target's units. */
function alone(split: Split, settings: TrainSettings, { network, units }: Member): Network {
  if (units === undefined) return network;
  const model = buildNetwork(split, settings, units);
  model.setWeights(network.getWeights());
  network.dispose();
  return model;
}
