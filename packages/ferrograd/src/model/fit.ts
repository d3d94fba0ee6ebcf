import type { Executable } from "../compile/executable.ts";
import { permutation } from "../data/philox.ts";
import type { Features, Labels, RowsLike } from "../data/rows.ts";
import { ArgumentError } from "../errors.ts";
import {
  boolean,
  callable,
  checkOptions,
  fraction,
  nonNegativeInteger,
  positiveInteger,
  show,
} from "../suggest.ts";
import type { Samples } from "./data.ts";
import { fillRows, type Measures } from "./measure.ts";
import type { Progress } from "./progress.ts";

/** What a callback sees: the loss and the metrics by name, for validation with `val_` before it. */
export type Logs = Readonly<Record<string, number>>;

/** What a callback can do with the model that trains. */
export interface FitModel {
  /** Ends the training after the step under way. */
  stop(): void;
  getWeights(): Float32Array[];
  setWeights(weights: readonly Float32Array[]): void;
}

/** A run of `fit` as callbacks see it. */
export interface FitRun {
  readonly model: FitModel;
  /** Names of what the epochs will log: `loss`, `accuracy`, `val_loss`, ... */
  readonly logged: readonly string[];
  /** The rows that train. */
  readonly samples: { readonly x: Features; readonly y: Labels };
  /** Epochs that the model had done before: the first of this run is the next one. */
  readonly initialEpoch: number;
  /** Epochs asked for. */
  readonly epochs: number;
}

/** Functions that `fit` calls as it goes; `fit` waits for what they return. */
export interface Callbacks {
  /** Before the first step; what it throws, `fit` throws. */
  onFitBegin?(run: FitRun): unknown;
  /** After the last step, completed or stopped; not after an error. */
  onFitEnd?(): unknown;
  /**
   * Epochs count from 1, as people count them (Keras and TensorFlow.js count from 0), and go on from one
   * `fit` to the next.
   */
  onEpochBegin?(epoch: number): unknown;
  /** Means over the epoch, and over the validation data. */
  onEpochEnd?(epoch: number, logs: Logs): unknown;
  /** `step` counts from 1 over this call of `fit`. */
  onBatchEnd?(step: number, logs: Logs): unknown;
}

/** Options of `fit`. */
export interface FitOptions {
  /** Passes over the data (default 1), beside those of earlier calls. */
  readonly epochs?: number;
  /** Rows per step (default 32); the last step of an epoch takes what is left. */
  readonly batchSize?: number;
  /** Share of the rows, taken from the end before shuffling, that only validates. */
  readonly validationSplit?: number;
  /** Rows that only validate: [x, y] or a data set. */
  readonly validationData?:
    | readonly [RowsLike, RowsLike]
    | { readonly x: RowsLike; readonly y: RowsLike };
  /** Draw the rows in a new order each epoch (default true). */
  readonly shuffle?: boolean;
  /** Decides the orders, one for each epoch as the model counts them (default: the model's seed). */
  readonly seed?: number;
  /** Aborting rejects with the signal's reason, which then carries `history`; the next `fit` begins that epoch again. */
  readonly signal?: AbortSignal;
  readonly callbacks?: Callbacks | readonly Callbacks[];
}

/** What `fit` returns. */
export interface FitResult<M extends string = string> {
  /** One number per epoch of this call. */
  readonly history: { readonly [name in M | "loss"]: number[] } & {
    readonly [name in `val_${M | "loss"}`]?: number[];
  };
  /** Epochs that the model had done before this call. */
  readonly initialEpoch: number;
  /** Epochs finished in this call. */
  readonly epochs: number;
  /** Steps done in this call. */
  readonly steps: number;
  /** From the first step to the last. */
  readonly ms: number;
  /** "stopped" after `model.stop()`, which `earlyStopping` calls too. */
  readonly stopReason: "completed" | "stopped";
}

const OPTIONS = [
  "epochs",
  "batchSize",
  "validationSplit",
  "validationData",
  "shuffle",
  "seed",
  "signal",
  "callbacks",
];

/** Options with their defaults, checked. */
export function fitOptions(options: FitOptions, seed: number) {
  const where = "fit()";
  checkOptions(where, options, OPTIONS);
  const callbacks = [options.callbacks ?? []].flat() as Callbacks[];
  for (const callback of callbacks) {
    checkCallback(where, callback);
  }
  const { validationSplit } = options;
  return {
    epochs: positiveInteger(where, "epochs", options.epochs ?? 1),
    batchSize: positiveInteger(where, "batchSize", options.batchSize ?? 32),
    validationSplit:
      validationSplit === undefined ? 0 : fraction(where, "validationSplit", validationSplit),
    shuffle: boolean(where, "shuffle", options.shuffle ?? true),
    seed: nonNegativeInteger(where, "seed", options.seed ?? seed),
    signal: signalOf(where, options.signal),
    callbacks,
  };
}

function signalOf(where: string, signal: unknown): AbortSignal | undefined {
  if (signal === undefined || signal instanceof AbortSignal) return signal;
  throw new ArgumentError(`${where}: signal: expected an AbortSignal, got ${show(signal)}`);
}

const HOOKS = ["onFitBegin", "onFitEnd", "onEpochBegin", "onEpochEnd", "onBatchEnd"] as const;

/** A callback may hold values of its own beside the functions, but no functions of other names. */
function checkCallback(where: string, callback: Callbacks): void {
  checkOptions(where, callback, Object.keys(callback).filter(isNotHook(callback)).concat(HOOKS));
  for (const name of HOOKS) {
    if (callback[name] !== undefined) callable(where, name, callback[name]);
  }
}

const isNotHook = (callback: object) => (name: string) =>
  !name.startsWith("on") && typeof Reflect.get(callback, name) !== "function";

/** What the loop needs of a model. */
export interface Trainer {
  readonly model: FitModel;
  /** How far the model has come in all its runs. */
  readonly progress: Progress;
  readonly names: readonly string[];
  program(rows: number, y: Labels): Executable;
  /** Runs one step; throws a worded error that names step and epoch. */
  step(program: Executable, at: { step: number; epoch: number; batch: number }): void;
  evaluate(samples: Samples): Measures;
  /** Has `stop()` been called? */
  stopped(): boolean;
}

/** One run of `fit`: a loop that hands back control after each step, for whoever drives it. */
export class FitLoop {
  readonly history: Record<string, number[]> = {};
  private epochs = 0;
  private steps = 0;
  private readonly initialEpoch: number;
  /** When the first step began. */
  private started: number | undefined;
  private ended = 0;
  private readonly trainer: Trainer;
  private readonly samples: Samples;
  private readonly validation: Samples | undefined;
  private readonly options: ReturnType<typeof fitOptions>;

  constructor(
    trainer: Trainer,
    samples: Samples,
    validation: Samples | undefined,
    options: ReturnType<typeof fitOptions>,
  ) {
    this.trainer = trainer;
    this.initialEpoch = trainer.progress.epochs;
    this.samples = samples;
    this.validation = validation;
    this.options = options;
  }

  result(stopReason: "completed" | "stopped"): FitResult {
    const { history, initialEpoch, epochs, steps } = this;
    const ms = this.started === undefined ? 0 : this.ended - this.started;
    return {
      history: history as FitResult["history"],
      initialEpoch,
      epochs,
      steps,
      ms,
      stopReason,
    };
  }

  /** Yields what callbacks return, and after each step undefined. */
  *run(): Generator<unknown, FitResult> {
    const { callbacks, epochs, signal } = this.options;
    signal?.throwIfAborted();
    const { samples, initialEpoch } = this;
    const { model } = this.trainer;
    const run = { model, logged: this.logged(), samples, initialEpoch, epochs };
    for (const callback of callbacks) yield callback.onFitBegin?.(run);
    const stopReason = yield* this.train();
    for (const callback of callbacks) yield callback.onFitEnd?.();
    return this.result(stopReason);
  }

  private *train(): Generator<unknown, FitResult["stopReason"]> {
    const { callbacks, epochs } = this.options;
    for (let done = 0; done < epochs; done++) {
      const epoch = this.initialEpoch + done + 1;
      for (const callback of callbacks) yield callback.onEpochBegin?.(epoch);
      const logs = yield* this.epoch(epoch);
      if (logs === undefined) return "stopped";
      this.record(logs);
      for (const callback of callbacks) yield callback.onEpochEnd?.(epoch, logs);
      if (this.trainer.stopped()) return "stopped";
    }
    return "completed";
  }

  private logged(): string[] {
    const { names } = this.trainer;
    return this.validation === undefined
      ? [...names]
      : [...names, ...names.map((name) => `val_${name}`)];
  }

  private *epoch(epoch: number): Generator<unknown, Logs | undefined> {
    const { batchSize, shuffle, seed, callbacks, signal } = this.options;
    const { x, y } = this.samples;
    const rows = x.shape[0]!;
    const order = shuffle ? permutation(rows, seed, SHUFFLE_STREAM, epoch) : undefined;
    const totals = this.trainer.names.map(() => 0);
    for (let begin = 0, batch = 1; begin < rows; begin += batchSize, batch++) {
      signal?.throwIfAborted();
      if (this.trainer.stopped()) {
        this.ended = performance.now();
        return undefined;
      }
      const end = Math.min(begin + batchSize, rows);
      const program = this.trainer.program(end - begin, y);
      this.started ??= performance.now();
      fillRows(program.inputView(0), x, begin, end, order);
      fillRows(program.inputView(1), y, begin, end, order);
      this.trainer.step(program, { step: ++this.steps, epoch, batch });
      for (let i = 0; i < totals.length; i++) {
        totals[i]! += program.outputView(i)[0]! * (end - begin);
      }
      if (callbacks.length > 0) {
        const means = this.trainer.names.map((_, i) => program.outputView(i)[0]!);
        const logs = named(this.trainer.names, means);
        for (const callback of callbacks) yield callback.onBatchEnd?.(this.steps, logs);
      }
      yield undefined;
    }
    this.ended = performance.now();
    this.trainer.progress.epochs++;
    const logs = named(
      this.trainer.names,
      totals.map((total) => total / rows),
    );
    return { ...logs, ...this.validate() };
  }

  private validate(): Logs {
    if (this.validation === undefined) return {};
    const measures = this.trainer.evaluate(this.validation);
    return Object.fromEntries(
      Object.entries(measures).map(([name, value]) => [`val_${name}`, value]),
    );
  }

  private record(logs: Logs): void {
    this.epochs++;
    for (const [name, value] of Object.entries(logs)) {
      this.history[name] ??= [];
      this.history[name].push(value);
    }
  }
}

/** The stream of the shuffle, apart from those of layers, which are hashes of their paths. */
export const SHUFFLE_STREAM = 1;

const named = (names: readonly string[], values: readonly number[]): Record<string, number> =>
  Object.fromEntries(names.map((name, i) => [name, values[i]!]));
