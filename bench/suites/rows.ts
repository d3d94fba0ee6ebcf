import { uniform } from "../random.ts";
import type { Case, OnlineSpec, Suite } from "../types.ts";

const ROWS = 8;
const NETS = [
  [2, 8, 1],
  [4, 16, 3],
  [13, 32, 3],
] as const;
const ACTIVATIONS = ["sigmoid", "relu"] as const;

function specOf(units: readonly number[], activation: OnlineSpec["activation"]): OnlineSpec {
  const [inputs, outputs] = [units[0], units[units.length - 1]];
  return {
    ...{ units, activation, batchSize: ROWS, learningRate: 0.001 },
    x: uniform(1, ROWS * inputs),
    y: uniform(2, ROWS * outputs).map(Math.abs),
    weights: units.slice(1).flatMap((out, layer) => {
      return [uniform(3 + layer, units[layer] * out), uniform(6 + layer, out).map(Math.abs)];
    }),
  };
}

const nameOf = (kind: string, { units, activation }: OnlineSpec) =>
  `${units.join("-")}/${activation}/${kind}`;

const trainCase = (spec: OnlineSpec): Case => ({
  name: nameOf("train", spec),
  ...{ api: "model", copies: "in", tolerance: 1e-3 },
  open: (engine) => (engine.trainRows ?? engine.trainOnline)?.(spec),
  compares: 20,
});

const predictCase = (spec: OnlineSpec): Case => ({
  name: nameOf("predict", spec),
  ...{ api: "model", copies: "in+out", tolerance: 1e-4 },
  open: (engine) => engine.predictRows?.(spec),
  compares: "values",
});

/** One row at a time. */
export const rows: Suite = {
  name: "rows",
  notes: [
    `ms for ${ROWS} rows, one after the other: a prediction each, or a step of plain gradient descent on the mean squared error`,
    "ours: compilePredict and compileTrainOnBatch, after unrollPrograms() of ferrograd/unroll",
  ],
  cases: ACTIVATIONS.flatMap((activation) =>
    NETS.flatMap((units) => {
      const spec = specOf(units, activation);
      return [trainCase(spec), predictCase(spec)];
    }),
  ),
};
