import { boolean, nonNegativeNumber, positiveInteger } from "../options/index.ts";
import { scheduleFrom } from "./define.ts";
import { pow } from "./math.ts";
import type { Schedule } from "./schedule.ts";

/** Options of `exponentialDecay` and `inverseTimeDecay`. */
export interface DecayOptions {
  /** The rate of the first step. */
  readonly initialLearningRate: number;
  /** In how many steps the rate falls by the decay rate once. */
  readonly decaySteps: number;
  readonly decayRate: number;
  /** Let it fall at the end of those steps, not in each (default false). */
  readonly staircase?: boolean;
}

/** How these options are checked. */
export const decayParts = {
  checks: {
    initialLearningRate: nonNegativeNumber,
    decaySteps: positiveInteger,
    decayRate: nonNegativeNumber,
    staircase: boolean,
  },
  defaults: { staircase: false },
};

/** How often the rate has fallen. */
export const falls = ({ decaySteps, staircase }: Required<DecayOptions>, step: number): number =>
  staircase ? Math.floor(step / decaySteps) : step / decaySteps;

/**
 * rate = initialLearningRate · decayRate^(step / decaySteps) (keras.optimizers.schedules.ExponentialDecay;
 * torch.optim.lr_scheduler.ExponentialLR with `decaySteps` the steps of an epoch).
 *
 * @example exponentialDecay({ initialLearningRate: 0.1, decaySteps: 1000, decayRate: 0.5 }).rate(2000) // 0.025
 * @throws ArgumentError when an option is unknown, missing or out of range
 */
export const exponentialDecay = (options: DecayOptions): Schedule =>
  scheduleFrom("exponentialDecay", options, {
    ...decayParts,
    rate: (all, step) => all.initialLearningRate * pow(all.decayRate, falls(all, step)),
  });
