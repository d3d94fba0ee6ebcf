import { ArgumentError, type NumericError } from "../errors.ts";
import type { Optimizer } from "../optimizers/optimizer.ts";
import { callable, hint, show } from "../options/index.ts";
import type { Samples } from "../values/rows.ts";

/** What a callback sees: the loss and the metrics by name, for validation with `val_` before it. */
export type Logs = Readonly<Record<string, number>>;

/** What a callback can do with the model that trains. */
export interface FitModel {
  /** How it trains: `model.optimizer.learningRate = 1e-4` holds from the next step on. */
  readonly optimizer: Pick<Optimizer, "learningRate">;
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
  /** The rows that train, where they are there from the beginning. */
  readonly samples: Samples | undefined;
  /** Epochs that the model had done before: the first of this run is the next one. */
  readonly initialEpoch: number;
  /** Epochs asked for. */
  readonly epochs: number;
  /** Steps of an epoch, where that is known before its end. */
  readonly stepsPerEpoch: number | undefined;
}

/**
 * Functions that `fit` calls as it goes, with Keras's names; it waits for promises that they return, and what they throw or
 * reject with ends it. One that gives "stop", or a promise of it, ends the training as `model.stop()` does; whatever
 * else they give counts for nothing. The model may predict, evaluate, be saved and given other weights in them, not be trained.
 */
export interface Callbacks {
  /** Before the first step. */
  onTrainBegin?(run: FitRun): unknown;
  /** After the last step, completed or stopped; not after an error. */
  onTrainEnd?(): unknown;
  /**
   * Epochs count from 1, as people count them (Keras and TensorFlow.js count from 0), and go on from one
   * `fit` to the next.
   */
  onEpochBegin?(epoch: number): unknown;
  /** Means over the epoch, and over the validation data. */
  onEpochEnd?(epoch: number, logs: Logs): unknown;
  /** `step` counts from 1 over this call of `fit`. */
  onBatchBegin?(step: number): unknown;
  /** The loss and the metrics of the batch, before its update. Without it steps of small nets are quicker. */
  onBatchEnd?(step: number, logs: Logs): unknown;
  /** Before the validation data are measured. */
  onTestBegin?(epoch: number): unknown;
  /** What was measured, without `val_`. */
  onTestEnd?(epoch: number, logs: Logs): unknown;
  /**
   * A step was not taken, since it would have made NaN or infinity; the model is as it was before it. "stop" ends the
   * training there, without an error; otherwise `fit` rejects with this one.
   */
  onNumericError?(error: NumericError): unknown;
  /** What a checkpoint holds of it: data, of which `restore` makes the same again; not waited for. */
  state?(): unknown;
  /** Goes on with what `state` gave; after `onTrainBegin`. */
  restore?(state: unknown): void;
}

/** Every function of a callback that `fit` calls: what it gives is waited for, and "stop" ends the training. */
export const HOOKS = [
  "onTrainBegin",
  "onTrainEnd",
  "onEpochBegin",
  "onEpochEnd",
  "onBatchBegin",
  "onBatchEnd",
  "onTestBegin",
  "onTestEnd",
  "onNumericError",
] as const;

/** The functions of a callback. */
export type Hook = (typeof HOOKS)[number];

/** Those by which a checkpoint knows how far a callback has come. */
const STATES = ["state", "restore"] as const;
const KNOWN: readonly string[] = [...HOOKS, ...STATES];

/** What a function of a callback gives, or a promise of it, to end the training. */
export const STOP = "stop";

/** A callback may hold values of its own beside the functions, but no functions of other names. */
export function checkCallback(where: string, callback: Callbacks): void {
  if (typeof callback !== "object" || callback === null || Symbol.iterator in callback) {
    throw new ArgumentError(
      `${where}: callbacks: expected objects of functions, got ${show(callback)}`,
    );
  }
  for (const name of Object.keys(callback)) {
    if (isNotHook(callback)(name) || KNOWN.includes(name)) continue;
    throw new ArgumentError(`${where}: unknown callback ${show(name)}; ${hint(name, HOOKS)}`);
  }
  for (const name of [...HOOKS, ...STATES]) {
    if (callback[name] !== undefined) callable(where, name, callback[name]);
  }
}

const isNotHook = (callback: object) => (name: string) =>
  !name.startsWith("on") &&
  typeof Object.getOwnPropertyDescriptor(callback, name)?.value !== "function";
