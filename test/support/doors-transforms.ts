import * as ferrograd from "ferrograd";
import type { Door } from "./doors.ts";

const { add, adam, chain, mul, sgd, sum, variable, zeros } = ferrograd;

/** An optimizer takes steps. */
const trained = (made: ferrograd.Optimizer): void => {
  using w = variable([1, 2], { name: "a/b" });
  using own = made;
  for (let step = 0; step < 3; step++) own.minimize(sum(mul(w, w)), [w]);
  w.data();
};

/** A transform does so in a chain. */
const chained = (made: ferrograd.Transform): void => trained(chain(made, sgd()));

const door = (args: unknown[], more: Partial<Door> = {}): Door => ({
  args: () => args,
  use: chained,
  ...more,
});

const parts = {
  init: ({ shape }: ferrograd.Variable) => ({ mean: zeros(shape) }),
  update: (u: ferrograd.Tensor, { mean }: { mean: ferrograd.Tensor }) => ({
    update: add(u, mean),
    state: { mean: mul(u, 0.5) },
  }),
  apply: (next: ferrograd.Tensor) => ({ next }),
};
const says = ["mine", "minimize()", "add()", "mul()", "zeros()", "every()"];

/** Transforms and chains of them, each with all of its options. */
export const TRANSFORM_DOORS: Readonly<Record<string, Door>> = {
  transform: door([{ name: "mine", options: { a: 1 }, every: 2, ...parts }], { says }),
  optimizer: {
    args: () => [
      {
        ...{ name: "mine", options: { learningRate: 0.1, a: 1 }, ...parts },
        transforms: [ferrograd.clipByNorm(1), adam()],
      },
    ],
    use: trained,
    says,
  },
  chain: {
    args: () => [ferrograd.clipByNorm(1), sgd(), ferrograd.lookahead()],
    use: trained,
    says: ["links"],
  },
  clipByValue: door([1]),
  clipByNorm: door([1]),
  clipByGlobalNorm: door([1]),
  addDecayedWeights: door([0.1, { exclude: ["b"] }]),
  layerRates: door([{ a: 0.5 }], { open: [0], says: ["minimize()"] }),
  accumulateGradients: door([2]),
  averageWeights: door([{ decay: 0.9 }]),
  lookahead: door([{ syncPeriod: 2, slowStepSize: 0.5 }]),
  swapAverages: {
    args: () => {
      const model = ferrograd.sequential([ferrograd.dense(1)], { inputShape: [1] });
      const optimizer = chain(sgd(), ferrograd.averageWeights());
      return [model.compile({ optimizer, loss: "meanSquaredError" })];
    },
    says: ["optimizer:"],
  },
};
