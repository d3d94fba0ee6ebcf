import { earlyStopping, standardizer } from "ferrograd";
import type { Dataset, Split } from "./datasets.ts";
import { buildNetwork, type Member, type Network, RATE_AFTER, trainedSettings } from "./network.ts";
import { heldCount, heldOut } from "./table/held-out.ts";
import type { Logs, Progress } from "./terminal/progress.ts";
import type { Control, TrainSettings } from "./training.ts";

/** Steps of an epoch of what is learnt from: rows, without those held out. */
export const stepsOf = (
  { length }: Dataset,
  { validationSplit, batchSize }: Pick<TrainSettings, "validationSplit" | "batchSize">,
): number => Math.ceil((length - heldCount(length, validationSplit)) / batchSize);

export type Prepared = ReturnType<typeof prepare>;

/** The training rows, some of them held out, each network others; numbers to learn as deviations around their mean. */
export function prepare({ train, holding }: Split, validationSplit: number, member: number) {
  const { begin, end } = heldOut(train.length, validationSplit, member, holding);
  const rows =
    end === train.length ? train.slice(0, begin) : train.rows(without(train, begin, end));
  const units = train.y.data instanceof Int32Array ? undefined : standardizer(rows.y);
  const scaled = (y: Dataset["y"]) => units?.transform(y) ?? y;
  const validation = begin < end ? train.slice(begin, end) : undefined;
  return {
    rows: { x: rows.x, y: scaled(rows.y), length: rows.length },
    validation: validation && { x: validation.x, y: scaled(validation.y) },
    units,
  };
}

const without = ({ length }: Dataset, begin: number, end: number): number[] =>
  Array.from({ length: length - (end - begin) }, (_, i) => (i < begin ? i : i + end - begin));

/** A trained network, and how its training went. */
export interface Fitted extends Member {
  readonly settings: TrainSettings;
  readonly rows: Prepared["rows"];
  readonly logs: readonly Logs[];
  readonly steps: number;
  readonly ms: number;
  readonly bestEpoch?: number;
}

/** Trains one network on rows that were prepared. */
export async function fit(
  split: Split,
  settings: TrainSettings,
  { rows, validation, units }: Prepared,
  progress: Progress,
  control: Control,
): Promise<Fitted> {
  const { epochs, batchSize, seed, earlyStopping: patience, classWeights } = settings;
  const steps = epochs * Math.ceil(rows.length / batchSize);
  const network = buildNetwork(split, { ...settings, steps });
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
  const { steps: done, ms } = await network.fit(rows.x, rows.y, {
    epochs,
    batchSize,
    seed,
    ...(classWeights && { classWeight: classWeights }),
    ...(validation && settings.validationSplit > 0 && { validationData: validation }),
    callbacks: stopping ? [watching, stopping] : watching,
  });
  if (settings.schedule) network.optimizer.learningRate = RATE_AFTER;
  const bestEpoch = stopping && { bestEpoch: stopping.bestEpoch };
  return { settings, network, units, rows, logs, steps: done, ms, ...bestEpoch };
}

/** The trained network; of numbers with a last layer that gives its answers in the target's units. */
export function alone(split: Split, { network, units, settings }: Fitted): Network {
  if (units === undefined) return network;
  const model = buildNetwork(split, trainedSettings(settings), units);
  model.setWeights(network.getWeights());
  network.dispose();
  return model;
}
