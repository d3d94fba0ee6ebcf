import { boolean, checkOptions, finiteNumber, nonNegativeInteger } from "../options/index.ts";
import { type Callbacks, type FitRun, type Logs, STOP } from "./callback.ts";
import { MONITOR, Monitor, type MonitorOptions } from "./monitor.ts";

/** Options of `earlyStopping`. */
export interface EarlyStoppingOptions extends MonitorOptions {
  /** Epochs without improvement before training ends (default 10); 0 and 1 end at the first. */
  readonly patience?: number;
  /** Epochs count as without improvement until it is better than this (default: no such number). */
  readonly baseline?: number;
  /** Epochs of a `fit` at its beginning that don't count (default 0). */
  readonly startFromEpoch?: number;
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

interface Restored {
  readonly best: number | undefined;
  readonly bestEpoch: number;
  readonly bestWeights: Float32Array[] | undefined;
  readonly waited: number;
}

const OPTIONS = ["patience", "baseline", "startFromEpoch", "restoreBestWeights", ...MONITOR];

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
  const monitor = new Monitor(where, options);
  const patience = nonNegativeInteger(where, "patience", options.patience ?? 10);
  const startFromEpoch = nonNegativeInteger(where, "startFromEpoch", options.startFromEpoch ?? 0);
  const restores = boolean(where, "restoreBestWeights", options.restoreBestWeights ?? true);
  const { baseline } = options;
  if (baseline !== undefined) finiteNumber(where, "baseline", baseline);

  let run: FitRun | undefined;
  let best: number | undefined;
  let bestEpoch = 0;
  let bestWeights: Float32Array[] | undefined;
  /** Epochs without improvement. */
  let waited = 0;

  return {
    get best() {
      return best;
    },
    get bestEpoch() {
      return bestEpoch;
    },
    onTrainBegin(started: FitRun) {
      monitor.check(started);
      run = started;
      best = bestWeights = undefined;
      bestEpoch = waited = 0;
    },
    onEpochEnd(epoch: number, logs: Logs) {
      const value = monitor.of(logs);
      if (value === undefined || epoch - run!.initialEpoch <= startFromEpoch) return undefined;
      waited++;
      if (monitor.isBetter(value, best)) {
        best = value;
        bestEpoch = epoch;
        if (restores) bestWeights = run!.model.getWeights();
        if (baseline === undefined || monitor.isBetter(value, baseline)) waited = 0;
      }
      return waited > 0 && waited >= patience ? STOP : undefined;
    },
    onTrainEnd() {
      if (bestWeights !== undefined) run?.model.setWeights(bestWeights);
      run = bestWeights = undefined;
    },
    state: () => ({ best, bestEpoch, bestWeights, waited }),
    restore(state: unknown) {
      ({ best, bestEpoch, bestWeights, waited } = state as Restored);
    },
  };
}
