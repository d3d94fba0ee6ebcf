import {
  cosineDecay,
  cosineDecayRestarts,
  exponentialDecay,
  oneCycle,
  piecewiseConstant,
  polynomialDecay,
  type Schedule,
  stepDecay,
  warmup,
} from "ferrograd";
import { expect, test } from "vitest";
import file from "./golden/schedules.json" with { type: "json" };

interface Options {
  readonly [name: string]: number | boolean | string | number[];
}
interface Numbers {
  readonly [name: string]: number;
}

/** PyTorch's schedulers in ours. */
const ours: Record<string, (lr: number, options: never) => Schedule> = {
  StepLR: (initialLearningRate, { step_size, gamma }: Numbers) =>
    stepDecay({ initialLearningRate, stepSize: step_size!, gamma: gamma! }),
  MultiStepLR: (lr, { milestones, gamma }: { milestones: number[]; gamma: number }) =>
    piecewiseConstant({
      boundaries: milestones.map((step) => step - 1),
      values: [lr, lr * gamma, lr * gamma * gamma],
    }),
  ExponentialLR: (initialLearningRate, { gamma }: Numbers) =>
    exponentialDecay({ initialLearningRate, decaySteps: 1, decayRate: gamma! }),
  PolynomialLR: (initialLearningRate, { total_iters, power }: Numbers) =>
    polynomialDecay({
      initialLearningRate,
      decaySteps: total_iters!,
      power: power!,
      endLearningRate: 0,
    }),
  CosineAnnealingLR: (initialLearningRate, { T_max, eta_min }: Numbers) =>
    cosineDecay({ initialLearningRate, decaySteps: T_max!, alpha: eta_min! / initialLearningRate }),
  CosineAnnealingWarmRestarts: (initialLearningRate, { T_0, T_mult }: Numbers) =>
    cosineDecayRestarts({ initialLearningRate, firstDecaySteps: T_0!, tMul: T_mult! }),
  OneCycleLR: (_lr, options: Options) => {
    const { max_lr, total_steps, anneal_strategy, pct_start } = options;
    const { div_factor, three_phase, final_div_factor } = options;
    return oneCycle({
      maxLearningRate: max_lr as number,
      totalSteps: total_steps as number,
      ...(anneal_strategy ? { annealStrategy: anneal_strategy as "linear" } : {}),
      ...(pct_start ? { pctStart: pct_start as number } : {}),
      ...(div_factor ? { divFactor: div_factor as number } : {}),
      ...(final_div_factor ? { finalDivFactor: final_div_factor as number } : {}),
      ...(three_phase ? { threePhase: true } : {}),
    });
  },
  SequentialLR: (initialLearningRate, { start_factor, total_iters, T_max }: Numbers) =>
    warmup({
      warmupSteps: total_iters!,
      initialLearningRate: initialLearningRate * start_factor!,
      learningRate: cosineDecay({ initialLearningRate, decaySteps: T_max! }),
    }),
};

test.each(file.cases.map((each) => [each.name, JSON.stringify(each.options), each] as const))(
  "%s %s",
  (name, _options, { lr, options, rates }) => {
    const own = ours[name]!(lr, options as never);
    for (const [step, expected] of rates.entries()) {
      // The chained forms of PyTorch round at each step.
      const error = Math.abs(own.rate(step) - expected);
      expect(error, `step ${step}`).toBeLessThanOrEqual(1e-12);
    }
  },
);
