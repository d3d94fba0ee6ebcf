import type { Callbacks, FitRun, Logs } from "../callbacks/callback.ts";
import { MONITOR, Monitor, type MonitorOptions } from "../callbacks/monitor.ts";
import { ArgumentError } from "../errors.ts";
import type { Model } from "../model/model.ts";
import {
  boolean,
  callable,
  checkOptions,
  isCallable,
  positiveInteger,
  text,
} from "../options/index.ts";
import { modelOfRun } from "./run.ts";
import { type Store, storeOf } from "./store.ts";

/** Options of `modelCheckpoint`. */
export interface ModelCheckpointOptions extends MonitorOptions {
  /** The name of the file, or a function that gives one (default "model.safetensors"). */
  readonly name?: string | ((at: number, logs: Logs) => string);
  /** After each epoch, or each so many steps (default "epoch"); it is what `name` is called with. */
  readonly every?: "epoch" | number;
  /** Only epochs that are better than all before by what `monitor` says (default false). */
  readonly saveBestOnly?: boolean;
  /** What is written (default `(model) => model.save()`); `checkpoint` and `(model) => model.save({ includeOptimizer: true })` do too. */
  readonly save?: (model: Model<never>) => Uint8Array;
}

const OPTIONS = ["name", "every", "saveBestOnly", "save", ...MONITOR];

/**
 * Saves the model as it trains: after each epoch, only the best ones, or each so many steps. Keras's ModelCheckpoint, to a
 * store.
 *
 * @example
 * const kept = new Map<string, Uint8Array>();
 * const store = {
 *   read: (name: string) => kept.get(name),
 *   write: (name: string, bytes: Uint8Array) => void kept.set(name, bytes),
 *   delete: (name: string) => void kept.delete(name),
 * };
 * const callbacks = modelCheckpoint(store, { monitor: "loss", saveBestOnly: true });
 * await model.fit(x, y, { epochs: 3, callbacks });
 * loadModel(kept.get("model.safetensors")!);
 *
 * @throws ArgumentError for what is no store, for unknown options, and from `fit` where it does not log what is watched
 */
export function modelCheckpoint(store: Store, options: ModelCheckpointOptions = {}): Callbacks {
  const where = "modelCheckpoint()";
  const files = storeOf(where, store);
  checkOptions(where, options, OPTIONS);
  const { name = "model.safetensors", every = "epoch" } = options;
  if (!isCallable(name)) text(where, "name", name);
  if (every !== "epoch") positiveInteger(where, "every", every);
  const onlyBest = boolean(where, "saveBestOnly", options.saveBestOnly ?? false);
  if (onlyBest && every !== "epoch") {
    throw new ArgumentError(
      `${where}: every: expected "epoch" with saveBestOnly, got ${every}; a batch says too little of a model`,
    );
  }
  const save = options.save ?? ((model: Model<never>) => model.save());
  callable(where, "save", save);
  const monitor = new Monitor(where, options);
  let run: FitRun;
  let best: number | undefined;

  const write = (at: number, logs: Logs) => {
    const called = isCallable(name) ? (name as (at: number, logs: Logs) => string)(at, logs) : name;
    return files.write(text(where, "name", called), save(modelOfRun(where, run)));
  };

  return {
    onTrainBegin(started: FitRun) {
      if (onlyBest) monitor.check(started);
      run = started;
      best = undefined;
    },
    ...(every === "epoch"
      ? {
          onEpochEnd(epoch: number, logs: Logs) {
            if (!onlyBest) return write(epoch, logs);
            const value = monitor.of(logs);
            if (value === undefined || !monitor.isBetter(value, best)) return undefined;
            best = value;
            return write(epoch, logs);
          },
        }
      : {
          onBatchEnd: (step: number, logs: Logs) =>
            step % every === 0 ? write(step, logs) : undefined,
        }),
    state: () => ({ best }),
    restore(state: unknown) {
      ({ best } = state as { best: number | undefined });
    },
  };
}
