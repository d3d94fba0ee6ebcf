import { StateError } from "../errors.ts";
import {
  checkOptions,
  fraction,
  nonNegativeFloat32,
  nonNegativeInteger,
  show,
} from "../options/index.ts";
import type { Callbacks, FitRun, Logs } from "./callback.ts";
import { MONITOR, Monitor, type MonitorOptions } from "./monitor.ts";

/** Options of `reduceLROnPlateau`. */
export interface ReduceLROnPlateauOptions extends MonitorOptions {
  /** What the rate is multiplied by (default 0.1). */
  readonly factor?: number;
  /** Epochs without improvement before it is (default 10). */
  readonly patience?: number;
  /** Epochs after it that don't count (default 0). */
  readonly cooldown?: number;
  /** The rate gets no smaller than this (default 0). */
  readonly minLearningRate?: number;
  /** An improvement is larger than this (default 1e-4, as in Keras). */
  readonly minDelta?: number;
}

interface Restored {
  readonly best: number | undefined;
  readonly waited: number;
  readonly cooling: number;
}

const OPTIONS = ["factor", "patience", "cooldown", "minLearningRate", ...MONITOR];

/**
 * Makes the learning rate smaller where what it watches has not improved for `patience` epochs: Keras's ReduceLROnPlateau.
 *
 * @example
 * const callbacks = reduceLROnPlateau({ monitor: "loss", factor: 0.5, patience: 3 });
 * await model.fit(x, y, { epochs: 50, callbacks });
 * model.optimizer.learningRate; // smaller by then
 *
 * @throws ArgumentError for unknown options, and from `fit` when it does not log what is watched; StateError from `fit` where
 * the rate is a schedule
 */
export function reduceLROnPlateau(options: ReduceLROnPlateauOptions = {}): Callbacks {
  const where = "reduceLROnPlateau()";
  checkOptions(where, options, OPTIONS);
  const monitor = new Monitor(where, options, 1e-4);
  const factor = fraction(where, "factor", options.factor ?? 0.1);
  const patience = nonNegativeInteger(where, "patience", options.patience ?? 10);
  const cooldown = nonNegativeInteger(where, "cooldown", options.cooldown ?? 0);
  const least = nonNegativeFloat32(where, "minLearningRate", options.minLearningRate ?? 0);

  let run: FitRun | undefined;
  let best: number | undefined;
  let waited = 0;
  let cooling = 0;

  return {
    onTrainBegin(started: FitRun) {
      monitor.check(started);
      checkRate(where, started);
      run = started;
      best = undefined;
      waited = cooling = 0;
    },
    onEpochEnd(_epoch: number, logs: Logs) {
      const value = monitor.of(logs);
      if (value === undefined) return;
      if (cooling > 0) cooling--;
      if (cooling > 0) waited = 0;
      else waited++;
      if (monitor.isBetter(value, best)) {
        best = value;
        waited = 0;
      }
      if (waited === 0 || waited < patience) return;
      waited = 0;
      cooling = cooldown;
      const { optimizer } = run!.model;
      optimizer.learningRate = Math.max(
        least,
        Math.min(optimizer.learningRate, optimizer.learningRate * factor),
      );
    },
    state: () => ({ best, waited, cooling }),
    restore(state: unknown) {
      ({ best, waited, cooling } = state as Restored);
    },
  };
}

/** Refuses a schedule, which would end with the first rate that is set. */
export function checkRate(where: string, { model }: FitRun): void {
  const { schedule } = model.optimizer as { schedule?: { name: string } };
  if (schedule === undefined) return;
  throw new StateError(
    `${where}: expected an optimizer with a number for its learning rate, got the schedule ${show(schedule.name)}`,
  );
}
