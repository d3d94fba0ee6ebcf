import { ArgumentError } from "ferrograd";
import { type Diagnosis, diagnose } from "ferrograd/diagnostics";
import { balancedWeights, compareTried, lossesOf, type Tried } from "./choice.ts";
import type { Split } from "./datasets.ts";
import { alone, type Fitted, fit, type Prepared, prepare, stepsOf } from "./fitting.ts";
import { averageOf, layerWidths, type Network, type NetworkSettings } from "./network.ts";
import type { Reading } from "./results.ts";
import { hasClasses, type Source } from "./source.ts";
import type { Length, Logs, Progress } from "./terminal/progress.ts";

/** A way to learn, of which rows held out choose. */
export interface Way {
  readonly name: string;
  readonly settings: TrainSettings;
  /** Is it trained once more, on all rows, where it is chosen? Networks need the rows held out to end early. */
  readonly again?: boolean;
}

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
  /** What is trained, the simplest last, where rows held out choose. */
  readonly ways?: readonly Way[];
}

/** A network, trained as settings say; it is the caller's to dispose. */
export interface Trained {
  readonly model: Network;
  /** Of the first network. */
  readonly settings: TrainSettings;
  /** Networks whose mean answers. */
  readonly networks: number;
  /** What rows held out said of each way to learn, where there were several. */
  readonly tried?: readonly Tried[];
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
  readonly diagnosis: Diagnosis;
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
  return Math.max(EPOCHS, Math.ceil(steps / stepsOf(train, { validationSplit, batchSize })));
}

/** Shows a training of some length. */
export type Watching = (length: Length) => Progress;

/** What a training can be told while it lasts. */
export interface Control {
  /** Was Ctrl-C pressed? */
  isStopped: boolean;
  /** Ends what is being trained. */
  stop?: () => void;
}

/** Trains; Ctrl-C ends that early. */
export async function train(
  { split, table }: Source,
  settings: TrainSettings,
  watch: Watching,
): Promise<Trained> {
  const control: Control = { isStopped: false };
  const interrupt = () => {
    control.isStopped = true;
    control.stop?.();
  };
  process.once("SIGINT", interrupt); // a second Ctrl-C ends the process
  try {
    return await trainOn(split, settings, watch, control, table?.schema.target);
  } finally {
    process.removeListener("SIGINT", interrupt);
  }
}

/** Shows nothing. */
export const SILENT = (): Progress => ({ epochEnd() {}, stop() {} });

/** The networks that one way gave, and what each row that was held out from one cost it. */
interface Attempt {
  readonly way: Way;
  readonly members: Fitted[];
  /** Of the rows of each network. */
  readonly losses: number[][];
}

/** Trains the networks of the settings on the training rows of a split. */
export async function trainOn(
  split: Split,
  settings: TrainSettings,
  watch: Watching,
  control: Control,
  target: { readonly reference?: number } | object = {},
): Promise<Trained> {
  const progress = watch({ epochs: settings.epochs, batches: stepsOf(split.train, settings) });
  const attempts: Attempt[] = [];
  try {
    await attemptAll(split, settings, attempts, progress, control);
    const all = attempts.flatMap(({ members }) => members);
    const { members, tried } = await choose(split, settings, attempts, control);
    const [first] = members as [Fitted];
    const diagnosis = diagnose(first.network, first.rows.x, first.rows.y);
    const isAverage = members.length > 1;
    const model = isAverage ? averageOf(split, members) : alone(split, first);
    for (const { network } of new Set([...all, ...members])) {
      if (isAverage || network !== first.network) network.dispose();
    }
    const sum = (of: (fitted: Fitted) => number) => all.reduce((total, one) => total + of(one), 0);
    return {
      model,
      settings: first.settings,
      networks: members.length,
      ...(tried && { tried }),
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
  } finally {
    progress.stop();
  }
}

/** Trains networks in each way, each with other rows held out, until all are or the training is stopped. */
async function attemptAll(
  split: Split,
  settings: TrainSettings,
  attempts: Attempt[],
  progress: Progress,
  control: Control,
): Promise<void> {
  const { members: count, validationSplit, ways = [{ name: "network", settings }] } = settings;
  for (const way of ways) attempts.push({ way, members: [], losses: [] });
  const weigh = weightsOf(split, settings);
  let isFirst = true;
  for (let member = 0; member < count; member++) {
    const prepared = prepare(split, validationSplit, member);
    for (const { way, members, losses } of attempts) {
      if (control.isStopped && !isFirst) return;
      const own = { ...way.settings, seed: settings.seed + member };
      const fitted = await fit(split, own, prepared, isFirst ? progress : SILENT(), control);
      if (isFirst) progress.stop();
      isFirst = false;
      members.push(fitted);
      if (ways.length > 1) losses.push(lossesIn(fitted, prepared, weigh));
    }
  }
}

const lossesIn = ({ network }: Fitted, { validation }: Prepared, weights?: readonly number[]) =>
  validation ? lossesOf(network, validation, weights) : [];

/** What each class weighs, where that was asked for. */
function weightsOf(split: Split, { classWeights }: TrainSettings): number[] | undefined {
  if (classWeights === undefined) return undefined;
  if (!hasClasses(split)) {
    throw new ArgumentError(
      "ferrograd: --class-weights: expected a target of classes, got numbers",
    );
  }
  return balancedWeights(split.train.y.data, layerWidths(split, []).at(-1)!);
}

/** What each row costs on average, where all networks have the same ones held out. */
const meanOfEach = (losses: readonly (readonly number[])[]): number[] =>
  losses[0]!.map((_, row) => losses.reduce((sum, own) => sum + own[row]! / losses.length, 0));

/** The networks that answer, and why. */
async function choose(
  split: Split,
  settings: TrainSettings,
  attempts: readonly Attempt[],
  control: Control,
): Promise<{ members: readonly Fitted[]; tried?: readonly Tried[] }> {
  if (attempts.length === 1 || control.isStopped) return { members: attempts[0]!.members };
  const tried = compareTried(
    attempts.map(({ way, losses }) => ({
      name: way.name,
      losses: split.holding === "time" ? meanOfEach(losses) : losses.flat(),
    })),
  );
  const { way, members } = attempts[tried.findIndex(({ kept }) => kept)]!;
  if (!way.again) return { members, tried };
  const own = { ...way.settings, seed: settings.seed };
  const all = prepare(split, 0, 0);
  return { members: [await fit(split, own, all, SILENT(), control)], tried };
}
