import { ArgumentError } from "../errors.ts";
import { callable, hint, show } from "../options/index.ts";
import type { Samples } from "../values/rows.ts";

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
  readonly samples: Samples;
  /** Epochs that the model had done before: the first of this run is the next one. */
  readonly initialEpoch: number;
  /** Epochs asked for. */
  readonly epochs: number;
}

/**
 * Functions that `fit` calls as it goes; it waits for promises that they return, and what they throw or reject
 * with ends it. The model may predict, evaluate, be saved and given other weights in them, not be trained.
 */
export interface Callbacks {
  /** Before the first step. */
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

const HOOKS = ["onFitBegin", "onFitEnd", "onEpochBegin", "onEpochEnd", "onBatchEnd"] as const;

/** The functions of a callback. */
export type Hook = (typeof HOOKS)[number];

/** A callback may hold values of its own beside the functions, but no functions of other names. */
export function checkCallback(where: string, callback: Callbacks): void {
  if (typeof callback !== "object" || callback === null || Array.isArray(callback)) {
    throw new ArgumentError(
      `${where}: callbacks: expected objects of functions, got ${show(callback)}`,
    );
  }
  for (const name of Object.keys(callback)) {
    if (isNotHook(callback)(name) || HOOKS.includes(name as Hook)) continue;
    throw new ArgumentError(`${where}: unknown callback ${show(name)}; ${hint(name, HOOKS)}`);
  }
  for (const name of HOOKS) {
    if (callback[name] !== undefined) callable(where, name, callback[name]);
  }
}

const isNotHook = (callback: object) => (name: string) =>
  !name.startsWith("on") &&
  typeof Object.getOwnPropertyDescriptor(callback, name)?.value !== "function";
