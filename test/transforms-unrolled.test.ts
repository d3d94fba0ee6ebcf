import {
  accumulateGradients,
  adamW,
  addDecayedWeights,
  averageWeights,
  chain,
  clipByGlobalNorm,
  clipByNorm,
  constraints,
  dense,
  layerRates,
  lion,
  lookahead,
  type Optimizer,
  regularizers,
  sequential,
  sgd,
  stepDecay,
} from "ferrograd";
import { expect, test } from "vitest";
import { blobs, flatWeights } from "./support/model.ts";
import { AFTER, counting, STEPS, unrollInTests } from "./support/unrolled.ts";

const { x, y } = blobs(12);
const rates = stepDecay({ initialLearningRate: 0.1, stepSize: 2, gamma: 0.5 });

const chains: Record<string, () => Optimizer> = {
  "a schedule alone": () => sgd({ learningRate: rates }),
  "before and behind": () =>
    chain(
      clipByGlobalNorm(0.5),
      clipByNorm(0.4),
      adamW({ learningRate: rates, weightDecay: 0.1 }),
      addDecayedWeights(0.01, { exclude: ["bias"] }),
      layerRates({ dense_1: 0.5 }),
    ),
  "with clocks": () =>
    chain(
      accumulateGradients(2),
      lion({ learningRate: rates }),
      lookahead({ syncPeriod: 2 }),
      averageWeights(),
    ),
};

/** With a constraint and a regularizer, which are in the program too. */
const rules = {
  kernelConstraint: constraints.maxNorm(0.5),
  biasRegularizer: regularizers.l1l2({ l1: 0.1, l2: 0.1 }),
};

function trained(name: string): unknown[] {
  using model = sequential([dense(4, { activation: "tanh", ...rules }), dense(3)], {
    inputShape: [4],
    seed: 1,
  }).compile({ optimizer: chains[name]!(), loss: "sparseCategoricalCrossentropy" });
  const losses = Array.from({ length: STEPS }, () => model.trainOnBatch(x, y).loss);
  return [losses, flatWeights(model)];
}

/** Before programs are unrolled. */
const expected = Object.fromEntries(Object.keys(chains).map((name) => [name, trained(name)]));

unrollInTests();

test.each(Object.keys(chains))("%s: an unrolled step has the bits of the core's", (name) => {
  const { result, modules } = counting(() => trained(name));
  expect(result).toEqual(expected[name]);
  expect(modules).toBe(1);
  expect(AFTER).toBeLessThan(STEPS);
});
