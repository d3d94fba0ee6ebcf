import { boolean, nonNegativeNumber, positiveInteger } from "../options/index.ts";
import { scheduleFrom } from "./define.ts";
import { pow } from "./math.ts";
import type { Schedule } from "./schedule.ts";

/** Options of `polynomialDecay`. */
export interface PolynomialDecayOptions {
  readonly initialLearningRate: number;
  /** Steps from the first rate to the last. */
  readonly decaySteps: number;
  /** The last rate (default 0.0001; PyTorch has 0). */
  readonly endLearningRate?: number;
  /** 1 falls along a line (default), 2 along a parabola. */
  readonly power?: number;
  /** At the end begin anew, each time with as many steps more (default false: the last rate stays). */
  readonly cycle?: boolean;
}

/**
 * rate = (initialLearningRate − endLearningRate) · (1 − step / decaySteps)^power + endLearningRate
 * (keras.optimizers.schedules.PolynomialDecay, torch.optim.lr_scheduler.PolynomialLR).
 *
 * @example polynomialDecay({ initialLearningRate: 0.5, decaySteps: 100, endLearningRate: 0 }).rate(50) // 0.25
 * @throws ArgumentError when an option is unknown, missing or out of range
 */
export const polynomialDecay = (options: PolynomialDecayOptions): Schedule =>
  scheduleFrom("polynomialDecay", options, {
    checks: {
      initialLearningRate: nonNegativeNumber,
      decaySteps: positiveInteger,
      endLearningRate: nonNegativeNumber,
      power: nonNegativeNumber,
      cycle: boolean,
    },
    defaults: { endLearningRate: 1e-4, power: 1, cycle: false },
    rate({ initialLearningRate, decaySteps, endLearningRate, power, cycle }, step) {
      const steps = decaySteps * (cycle ? Math.max(1, Math.ceil(step / decaySteps)) : 1);
      const left = 1 - Math.min(step, steps) / steps;
      return (initialLearningRate - endLearningRate) * pow(left, power) + endLearningRate;
    },
  });
