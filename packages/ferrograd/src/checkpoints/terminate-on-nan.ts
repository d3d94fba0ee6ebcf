import { type Callbacks, type FitRun, STOP } from "../callbacks/callback.ts";
import type { NumericError } from "../errors.ts";
import { checkOptions, oneOf } from "../options/index.ts";
import { modelOfRun } from "./run.ts";
import { putBack, readSnapshot, type Snapshot, snapshot } from "./snapshot.ts";

/** Options of `terminateOnNaN`. */
export interface TerminateOnNaNOptions {
  /**
   * "stop" leaves the model as it was before the step that would have made NaN (default); "restoreLastEpoch" makes it what
   * it was at the end of the epoch before, with the optimizer's state.
   */
  readonly onNaN?: "stop" | "restoreLastEpoch";
}

/** A callback that ends a training at a NaN. */
export interface TerminateOnNaN extends Callbacks {
  /** Why the last training ended, with the layer that the NaN came from; undefined where it went well. */
  readonly error: NumericError | undefined;
}

/**
 * Ends the training with the first step that would make NaN or infinity, without an error: `fit` resolves with what it has done
 * and `stopReason: "stopped"`. Without it `fit` rejects there. Keras's TerminateOnNaN, which stops with the NaN in the weights.
 *
 * @example
 * const nan = terminateOnNaN({ onNaN: "restoreLastEpoch" });
 * await model.fit(x, y, { epochs: 3, callbacks: nan });
 * nan.error; // undefined
 *
 * @throws ArgumentError for unknown options
 */
export function terminateOnNaN(options: TerminateOnNaNOptions = {}): TerminateOnNaN {
  const where = "terminateOnNaN()";
  checkOptions(where, options, ["onNaN"]);
  const onNaN = oneOf(where, "onNaN", options.onNaN ?? "stop", ["stop", "restoreLastEpoch"]);
  let run: FitRun;
  let last: Snapshot | undefined;
  let error: NumericError | undefined;
  const keep = () => {
    if (onNaN === "restoreLastEpoch") last = snapshot(where, modelOfRun(where, run) as never);
  };
  return {
    get error() {
      return error;
    },
    onTrainBegin(started: FitRun) {
      run = started;
      error = undefined;
      keep();
    },
    onEpochEnd: keep,
    onNumericError(found: NumericError) {
      error = found;
      if (last !== undefined) putBack(where, modelOfRun(where, run) as never, last);
      return STOP;
    },
    onTrainEnd() {
      last = undefined;
    },
    state: () => ({ last }),
    restore(state: unknown) {
      const { last: kept } = Object(state) as { last?: unknown };
      last = kept === undefined ? undefined : readSnapshot(where, kept);
    },
  };
}
