import {
  cosineDecay,
  exponentialDecay,
  oneCycle,
  polynomialDecay,
  type Schedule,
  stepDecay,
} from "ferrograd";

/** What `--schedule` takes, one row each: from the highest rate, over all steps of a training; null leaves the rate as it is. */
const SCHEDULES = {
  constantRate: null,
  cosineDecay: (initialLearningRate, decaySteps) =>
    cosineDecay({ initialLearningRate, decaySteps }),
  /** Along a line to 0. */
  polynomialDecay: (initialLearningRate, decaySteps) =>
    polynomialDecay({ initialLearningRate, decaySteps, endLearningRate: 0 }),
  /** To a hundredth. */
  exponentialDecay: (initialLearningRate, decaySteps) =>
    exponentialDecay({ initialLearningRate, decaySteps, decayRate: 0.01 }),
  /** To a tenth after each third of the steps. */
  stepDecay: (initialLearningRate, steps) =>
    stepDecay({ initialLearningRate, stepSize: Math.ceil(steps / 3) }),
  oneCycle: (maxLearningRate, totalSteps) => oneCycle({ maxLearningRate, totalSteps }),
} satisfies Record<string, ((rate: number, steps: number) => Schedule) | null>;

export type ScheduleName = keyof typeof SCHEDULES;
export const scheduleNames = Object.keys(SCHEDULES) as ScheduleName[];

export const changesRate = (name: ScheduleName): boolean => SCHEDULES[name] !== null;

/** The rate of each of so many steps; the highest of them is `rate`. */
export const scheduleOf = (name: ScheduleName, rate: number, steps: number): number | Schedule =>
  SCHEDULES[name]?.(rate, steps) ?? rate;
