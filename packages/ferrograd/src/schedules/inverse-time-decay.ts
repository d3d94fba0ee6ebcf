import { scheduleFrom } from "./define.ts";
import { type DecayOptions, decayParts, falls } from "./exponential-decay.ts";
import type { Schedule } from "./schedule.ts";

/**
 * rate = initialLearningRate / (1 + decayRate · step / decaySteps) (keras.optimizers.schedules.InverseTimeDecay).
 *
 * @example inverseTimeDecay({ initialLearningRate: 0.1, decaySteps: 100, decayRate: 1 }).rate(300) // 0.025
 * @throws ArgumentError when an option is unknown, missing or out of range
 */
export const inverseTimeDecay = (options: DecayOptions): Schedule =>
  scheduleFrom("inverseTimeDecay", options, {
    ...decayParts,
    rate: (all, step) => all.initialLearningRate / (1 + all.decayRate * falls(all, step)),
  });
