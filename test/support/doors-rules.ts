import * as ferrograd from "ferrograd";
import type { Door } from "./doors.ts";

const { dense, sequential } = ferrograd;

/** Of a layer that a model trains and a file holds. */
const inModel = (options: object): void => {
  using net = sequential([dense(2, options as object)], { inputShape: [3], seed: 1 }).compile({
    optimizer: "sgd",
    loss: "meanSquaredError",
  });
  net.trainOnBatch([[1, 2, 3]], [[1, 2]]);
  net.save();
};

const penalty = (args: unknown[], more: Partial<Door> = {}): Door => ({
  args: () => args,
  use: (made: ferrograd.Regularizer) =>
    inModel({ kernelRegularizer: made, activityRegularizer: made }),
  ...more,
});

const bound = (args: unknown[], more: Partial<Door> = {}): Door => ({
  args: () => args,
  use: (made: ferrograd.Constraint) => inModel({ kernelConstraint: made, biasConstraint: made }),
  ...more,
});

/** Where a rule meets the variable of a layer. */
const says = ["dense:", "sequential()", "mine", "trainOnBatch()"];
const norm = { axis: [0] };

/** Regularizers and constraints, each with all of its options. */
export const RULE_DOORS: Readonly<Record<string, Door>> = {
  regularizer: penalty(
    [{ name: "mine", config: { a: 1 }, call: (w: ferrograd.Tensor) => ferrograd.sum(w) }],
    { says },
  ),
  constraint: bound(
    [{ name: "mine", config: { a: 1 }, call: (w: ferrograd.Tensor) => ferrograd.relu(w) }],
    { says },
  ),
  "regularizers.l1": penalty([0.1]),
  "regularizers.l2": penalty([0.1]),
  "regularizers.l1l2": penalty([{ l1: 0.1, l2: 0.2 }]),
  "constraints.maxNorm": bound([1, norm], { says }),
  "constraints.unitNorm": bound([norm], { says }),
  "constraints.nonNeg": bound([]),
  "constraints.minMaxNorm": bound([{ minValue: 0.1, maxValue: 1, rate: 0.5, ...norm }], { says }),
};
