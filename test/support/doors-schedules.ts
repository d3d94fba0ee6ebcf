import * as ferrograd from "ferrograd";
import type { Door } from "./doors.ts";

/** A schedule is asked for rates, and an optimizer takes a step with it. */
const used = ({ name, options, rate }: ferrograd.Schedule): void => {
  using optimizer = ferrograd.sgd({ learningRate: ferrograd.schedule({ name, options, rate }) });
  using w = ferrograd.variable([1, 2]);
  for (let step = 0; step < 3; step++) optimizer.minimize(ferrograd.sum(w), [w]);
  optimizer.learningRate = rate(100);
};

const door = (options: object, more: Partial<Door> = {}): Door => ({
  args: () => [options],
  use: used,
  ...more,
});

const initialLearningRate = 0.1;
const decay = { initialLearningRate, decaySteps: 10, decayRate: 0.5, staircase: true };

/** Schedules, each with all of its options. */
export const SCHEDULE_DOORS: Readonly<Record<string, Door>> = {
  schedule: door(
    { name: "mine", options: { first: 0.1 }, rate: (step: number) => 0.1 / (1 + step) },
    { says: ["mine()", "()", "sgd()"], open: [] },
  ),
  constantRate: door({ learningRate: 0.1 }),
  piecewiseConstant: door({ boundaries: [10, 20], values: [0.1, 0.01, 0] }),
  stepDecay: door({ initialLearningRate, stepSize: 10, gamma: 0.5 }),
  exponentialDecay: door(decay),
  inverseTimeDecay: door(decay),
  polynomialDecay: door({
    initialLearningRate,
    decaySteps: 10,
    endLearningRate: 0.01,
    power: 1.5,
    cycle: true,
  }),
  cosineDecay: door({ initialLearningRate, decaySteps: 10, alpha: 0.1 }),
  cosineDecayRestarts: door({
    initialLearningRate,
    firstDecaySteps: 10,
    tMul: 1.5,
    mMul: 0.9,
    alpha: 0.1,
  }),
  oneCycle: door({
    maxLearningRate: 0.1,
    totalSteps: 100,
    pctStart: 0.3,
    annealStrategy: "cos",
    divFactor: 25,
    finalDivFactor: 100,
    threePhase: true,
  }),
  warmup: door({ warmupSteps: 10, learningRate: 0.1, initialLearningRate: 0 }),
};
