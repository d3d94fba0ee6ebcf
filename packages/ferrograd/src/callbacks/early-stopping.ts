import { ArgumentError } from "../errors.ts";
import {
  boolean,
  checkOptions,
  hint,
  nonNegativeInteger,
  nonNegativeNumber,
  oneOf,
  show,
} from "../options/index.ts";
import type { Callbacks, FitRun, Logs } from "./callback.ts";

/** Options of `earlyStopping`. */
export interface EarlyStoppingOptions {
  /** What `fit` logs and this watches (default "val_loss"). */
  readonly monitor?: string;
  /** Epochs without improvement before training ends (default 10); 0 and 1 end at the first. */
  readonly patience?: number;
  /** An improvement is larger than this (default 0). */
  readonly minDelta?: number;
  /** Is less better, or more? Default "auto": less of a loss, more of a metric. */
  readonly mode?: "auto" | "min" | "max";
  /** End with the weights of the best epoch, bit for bit, however training ends (default true). */
  readonly restoreBestWeights?: boolean;
}

/** A callback that watches one number; what it found can be read after `fit`. */
export interface EarlyStopping extends Callbacks {
  /** The epoch with the best value, as the model counts them from 1; 0 before the first. */
  readonly bestEpoch: number;
  /** That value. */
  readonly best: number | undefined;
}

const OPTIONS = ["monitor", "patience", "minDelta", "mode", "restoreBestWeights"];
const MODES = ["auto", "min", "max"] as const;

/**
 * Ends training once what it watches has not improved for `patience` epochs; `fit` then resolves
 * with `stopReason: "stopped"`. Keras's EarlyStopping, with the best weights restored by default; the
 * optimizer's state and the count of epochs stay those of the last epoch.
 *
 * @example
 * const stopping = earlyStopping({ patience: 5 });
 * await model.fit(x, y, { epochs: 200, validationSplit: 0.1, callbacks: stopping });
 * stopping.bestEpoch; // 37
 *
 * @throws ArgumentError for unknown options, and from `fit`, before anything runs, when `fit` does
 * not log what it should watch
 */
export function earlyStopping(options: EarlyStoppingOptions = {}): EarlyStopping {
  const where = "earlyStopping()";
  checkOptions(where, options, OPTIONS);
  const { monitor = "val_loss", mode = "auto" } = options;
  if (typeof monitor !== "string") {
    throw new ArgumentError(`${where}: monitor: expected a name, got ${show(monitor)}`);
  }
  const patience = nonNegativeInteger(where, "patience", options.patience ?? 10);
  const minDelta = nonNegativeNumber(where, "minDelta", options.minDelta ?? 0);
  const restores = boolean(where, "restoreBestWeights", options.restoreBestWeights ?? true);
  oneOf(where, "mode", mode, MODES);
  const lessIsBetter = mode === "min" || (mode === "auto" && /(^|_)loss$/.test(monitor));
  const sign = lessIsBetter ? 1 : -1;

  let run: FitRun | undefined;
  let best: number | undefined;
  let bestEpoch = 0;
  let bestWeights: Float32Array[] | undefined;

  return {
    get best() {
      return best;
    },
    get bestEpoch() {
      return bestEpoch;
    },
    onFitBegin(started: FitRun) {
      if (!started.logged.includes(monitor)) throw notLogged(monitor, started.logged);
      run = started;
      best = bestWeights = undefined;
      bestEpoch = 0;
    },
    onEpochEnd(epoch: number, logs: Logs) {
      const value = logs[monitor]!;
      if (best === undefined || sign * value < sign * best - minDelta) {
        best = value;
        bestEpoch = epoch;
        if (restores) bestWeights = run?.model.getWeights();
      } else if (epoch - bestEpoch >= patience) run?.model.stop();
    },
    onFitEnd() {
      if (bestWeights !== undefined) run?.model.setWeights(bestWeights);
      run = bestWeights = undefined;
    },
  };
}

function notLogged(monitor: string, logged: readonly string[]): ArgumentError {
  const remedy =
    monitor.startsWith("val_") && logged.includes(monitor.slice("val_".length))
      ? "give fit validationSplit or validationData"
      : hint(monitor, logged);
  return new ArgumentError(
    `earlyStopping(): monitor: expected what fit logs, got ${show(monitor)}; ${remedy}`,
  );
}
