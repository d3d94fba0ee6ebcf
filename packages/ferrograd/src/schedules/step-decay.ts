import { nonNegativeNumber, positiveInteger } from "../options/index.ts";
import { scheduleFrom } from "./define.ts";
import { pow } from "./math.ts";
import type { Schedule } from "./schedule.ts";

/** Options of `stepDecay`. */
export interface StepDecayOptions {
  readonly initialLearningRate: number;
  /** Steps between two falls. */
  readonly stepSize: number;
  /** What the rate is multiplied by (default 0.1). */
  readonly gamma?: number;
}

/**
 * rate = initialLearningRate · gamma^⌊step / stepSize⌋ (torch.optim.lr_scheduler.StepLR).
 *
 * @example stepDecay({ initialLearningRate: 0.5, stepSize: 100, gamma: 0.5 }).rate(250) // 0.125
 * @throws ArgumentError when an option is unknown, missing or out of range
 */
export const stepDecay = (options: StepDecayOptions): Schedule =>
  scheduleFrom("stepDecay", options, {
    checks: {
      initialLearningRate: nonNegativeNumber,
      stepSize: positiveInteger,
      gamma: nonNegativeNumber,
    },
    defaults: { gamma: 0.1 },
    rate: ({ initialLearningRate, stepSize, gamma }, step) =>
      initialLearningRate * pow(gamma, Math.floor(step / stepSize)),
  });
