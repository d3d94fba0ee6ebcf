import { adam, dense, sequential } from "ferrograd";
import { expect, test } from "vitest";
import { blobs, flatWeights } from "./support/model.ts";
import { confusions, histogramAuc, largestError, recallAtHalf } from "./support/own-metrics.ts";
import { counting, unrollInTests } from "./support/unrolled.ts";

const { x, y } = blobs(90);
const bits = Array.from(y, (label) => (label === 1 ? 1 : 0));

/** Everything that is said, and the weights. */
function trained() {
  using binary = sequential(
    [dense(3, { activation: "tanh" }), dense(1, { activation: "sigmoid" })],
    {
      inputShape: [4],
      seed: 1,
    },
  ).compile({
    optimizer: adam({ learningRate: 0.02 }),
    loss: "binaryCrossentropy",
    metrics: [recallAtHalf(), histogramAuc(), largestError()],
  });
  using classes = sequential([dense(3)], { inputShape: [4], seed: 2 }).compile({
    optimizer: "sgd",
    loss: "sparseCategoricalCrossentropy",
    metrics: [confusions()],
  });
  const options = { epochs: 8, batchSize: 20, validationSplit: 0.1 };
  return [
    [binary.fitSync(x, bits, options).history, binary.evaluate(x, bits), flatWeights(binary)],
    [classes.fitSync(x, y, options).history, classes.evaluate(x, y), flatWeights(classes)],
  ];
}

const calm = trained();

unrollInTests();

test("metrics with a state say the same bits where programs are unrolled", () => {
  const { result, modules } = counting(trained);
  expect(modules).toBeGreaterThan(0);
  expect(result).toEqual(calm);
});
