import { type ActivationName, adam, dense, type Model, sequential } from "ferrograd";
import { digits } from "ferrograd/datasets";
import { diagnose } from "ferrograd/diagnostics";
import { expect, test } from "vitest";
import { isOurs, ours } from "./support/shares.ts";

const { train, test: held } = digits();

/**
 * 64-64-64-64-10 with Adam, as in experiment (g) of the lesson, in batches of 64: with 32, at a rate of
 * 0.1, many runs of either activation diverge, and which reaches more is chance.
 */
function trained(
  activation: ActivationName,
  learningRate: number,
  seed: number,
): Model<"accuracy"> {
  const layers = [...Array.from({ length: 3 }, () => dense(64, { activation })), dense(10)];
  const model = sequential(layers, { inputShape: [64], seed }).compile({
    optimizer: adam({ learningRate }),
    loss: "sparseCategoricalCrossentropy",
    metrics: ["accuracy"],
  });
  model.fitSync(train, { epochs: 10, batchSize: 64 });
  return model;
}

/** Units of each hidden layer whose z is at most 0 on every row, from plain arrays in float32. */
function offUnits(weights: Float32Array[]): number[][] {
  let x = train.x.data; // (rows, width)
  let width = 64;
  return [0, 1, 2].map((layer) => {
    const [kernel, bias] = [weights[2 * layer]!, weights[2 * layer + 1]!];
    const y = new Float32Array(train.length * 64);
    for (let row = 0; row < train.length; row++) {
      for (let unit = 0; unit < 64; unit++) {
        let z = 0;
        for (let i = 0; i < width; i++) {
          z = Math.fround(z + Math.fround(x[row * width + i]! * kernel[i * 64 + unit]!));
        }
        y[row * 64 + unit] = Math.max(0, Math.fround(z + bias[unit]!));
      }
    }
    [x, width] = [y, 64];
    return Array.from({ length: 64 }, (_, unit) => unit).filter((unit) =>
      y.every((value, at) => at % 64 !== unit || value === 0),
    );
  });
}

test.each(ours([3e-2, 1e-1]))(
  "units of a relu network die at learning rate %f, of a leakyRelu none",
  (learningRate) => {
    for (const activation of ["relu", "leakyRelu"] as const) {
      using model = trained(activation, learningRate, 5);
      const { layers, findings } = diagnose(model, train, { probeRows: train.length });
      const loud = findings.filter(({ code }) => code === "dead" || code === "dying");
      if (activation === "leakyRelu") expect(loud).toEqual([]);
      else {
        expect(loud).not.toEqual([]);
        const off = offUnits(model.getWeights());
        expect(layers.slice(0, 3).map(({ dead }) => dead.units)).toEqual(off);
        for (const { layer, value } of loud) {
          expect(value).toBe(off[model.layers.indexOf(layer!)]!.length / 64);
        }
      }
    }
  },
);

test.runIf(isOurs(0))(
  "at learning rate 0.1 leakyRelu reaches more than relu, in the median of five seeds",
  () => {
    const accuracy = (activation: ActivationName) => {
      const reached = [1, 2, 3, 4, 5].map((seed) => {
        using model = trained(activation, 1e-1, seed);
        return model.evaluate(held).accuracy;
      });
      return reached.sort((a, b) => a - b)[2]!;
    };
    expect(accuracy("leakyRelu")).toBeGreaterThan(accuracy("relu"));
  },
);
