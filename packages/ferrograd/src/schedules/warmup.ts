import { nonNegativeNumber, positiveInteger } from "../options/index.ts";
import { scheduleFrom } from "./define.ts";
import { isSchedule, type Rate, rateAt, rateOf, type Schedule } from "./schedule.ts";

/** Options of `warmup`. */
export interface WarmupOptions {
  /** Steps until the first rate of what follows. */
  readonly warmupSteps: number;
  /** What follows: a schedule, whose first step comes after these, or a rate. */
  readonly learningRate: Rate;
  /** The rate of the first step (default 0: it changes nothing). */
  readonly initialLearningRate?: number;
}

/**
 * Up along a line to the first rate of a schedule, then that schedule: rate = initialLearningRate + (target −
 * initialLearningRate) · step / warmupSteps, as the warm-up of keras.optimizers.schedules.CosineDecay before any other
 * (torch.optim.lr_scheduler.SequentialLR of LinearLR and another).
 *
 * @example warmup({ warmupSteps: 100, learningRate: 0.1 }).rate(50) // 0.05
 * @example warmup({ warmupSteps: 100, learningRate: cosineDecay({ initialLearningRate: 0.1, decaySteps: 900 }) })
 * @throws ArgumentError when an option is unknown, missing or out of range
 */
export const warmup = (options: WarmupOptions): Schedule =>
  scheduleFrom("warmup", options, {
    checks: {
      warmupSteps: positiveInteger,
      learningRate: rateOf,
      initialLearningRate: nonNegativeNumber,
    },
    defaults: { initialLearningRate: 0 },
    rate({ warmupSteps, learningRate: then, initialLearningRate: first }, step) {
      const target = isSchedule(then) ? rateAt(then, Math.max(0, step - warmupSteps)) : then;
      return step < warmupSteps ? first + ((target - first) * step) / warmupSteps : target;
    },
  });
