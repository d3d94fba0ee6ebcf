import { ArgumentError } from "../errors.ts";
import { finiteNumber, nonNegativeNumber, positiveInteger } from "../options/index.ts";
import { scheduleFrom } from "./define.ts";
import { cosPi, pow } from "./math.ts";
import type { Schedule } from "./schedule.ts";

/** Options of `cosineDecay`. */
export interface CosineDecayOptions {
  readonly initialLearningRate: number;
  /** Steps from the first rate to the last. */
  readonly decaySteps: number;
  /** The last rate as a share of the first (default 0). */
  readonly alpha?: number;
}

/** Options of `cosineDecayRestarts`. */
export interface CosineDecayRestartsOptions {
  readonly initialLearningRate: number;
  /** Steps from the first rate to the first restart. */
  readonly firstDecaySteps: number;
  /** How many times as long the next period is, 1 or more (default 2). */
  readonly tMul?: number;
  /** What the first rate of the next period is multiplied by (default 1). */
  readonly mMul?: number;
  /** The last rate of each period as a share of the first of all (default 0). */
  readonly alpha?: number;
}

/** From 1 to alpha along half a cosine. */
const fallen = (done: number, alpha: number, first = 1): number =>
  (1 - alpha) * 0.5 * first * (1 + cosPi(done)) + alpha;

/**
 * rate = initialLearningRate · ((1 − alpha) · ½(1 + cos(π · step / decaySteps)) + alpha), after `decaySteps` the last one
 * (Loshchilov & Hutter 2017; keras.optimizers.schedules.CosineDecay, torch.optim.lr_scheduler.CosineAnnealingLR, which
 * rises again).
 *
 * @example cosineDecay({ initialLearningRate: 0.1, decaySteps: 100 }).rate(50) // 0.05
 * @throws ArgumentError when an option is unknown, missing or out of range
 */
export const cosineDecay = (options: CosineDecayOptions): Schedule =>
  scheduleFrom("cosineDecay", options, {
    checks: {
      initialLearningRate: nonNegativeNumber,
      decaySteps: positiveInteger,
      alpha: nonNegativeNumber,
    },
    defaults: { alpha: 0 },
    rate: ({ initialLearningRate, decaySteps, alpha }, step) =>
      initialLearningRate * fallen(Math.min(step, decaySteps) / decaySteps, alpha),
  });

/**
 * `cosineDecay` again and again, each period `tMul` times as long as the one before it and from `mMul` times its rate
 * (Loshchilov & Hutter 2017; keras.optimizers.schedules.CosineDecayRestarts,
 * torch.optim.lr_scheduler.CosineAnnealingWarmRestarts).
 *
 * @example cosineDecayRestarts({ initialLearningRate: 0.1, firstDecaySteps: 100 }).rate(100) // 0.1
 * @throws ArgumentError when an option is unknown, missing or out of range
 */
export const cosineDecayRestarts = (options: CosineDecayRestartsOptions): Schedule =>
  scheduleFrom("cosineDecayRestarts", options, {
    checks: {
      initialLearningRate: nonNegativeNumber,
      firstDecaySteps: positiveInteger,
      tMul: oneOrMore,
      mMul: nonNegativeNumber,
      alpha: nonNegativeNumber,
    },
    defaults: { tMul: 2, mMul: 1, alpha: 0 },
    rate({ initialLearningRate, firstDecaySteps, tMul, mMul, alpha }, step) {
      let [done, restarts, period] = [step / firstDecaySteps, 0, 1];
      if (tMul === 1) restarts = Math.floor(done);
      else for (; done >= period; period *= tMul, restarts++) done -= period;
      const share = tMul === 1 ? done - restarts : done / period;
      return initialLearningRate * fallen(share, alpha, pow(mMul, restarts));
    },
  });

function oneOrMore(where: string, name: string, value: unknown): number {
  const number = finiteNumber(where, name, value);
  if (number >= 1) return number;
  throw new ArgumentError(`${where}: ${name}: expected a number of 1 or more, got ${number}`);
}
