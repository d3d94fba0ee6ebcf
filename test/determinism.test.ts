import { adam, dense, dropout, sequential } from "ferrograd";
import { describe, expect, test } from "vitest";
import { blobs, weightsHash } from "./support/model.ts";

const { x, y } = blobs(100);

/** 200 steps of a net with every activation and dropout. */
const trained = () => {
  const model = sequential(
    [
      dense(33, { activation: "relu" }),
      dropout(0.2),
      dense(17, { activation: "tanh" }),
      dense(16, { activation: "sigmoid" }),
      dropout(0.1),
      dense(9, { activation: "leakyRelu", negativeSlope: 0.1 }),
      dense(3),
    ],
    { inputShape: [4], seed: 42 },
  ).compile({
    optimizer: adam({ learningRate: 0.003 }),
    loss: "sparseCategoricalCrossentropy",
    metrics: ["accuracy"],
  });
  const { steps } = model.fitSync(x, y, { epochs: 50, batchSize: 28 });
  expect(steps).toBe(200);
  return model;
};

describe("determinism", () => {
  // The same bits in every runtime and on every processor. A change of numerics changes the hash:
  // take the new one from this test's message, and give the changelog a line.
  test("the weights after 200 steps are the pinned ones", async () => {
    using model = trained();
    expect(await weightsHash(model)).toBe(
      "0173da61e81555ebba96ed68fe3bf38d4f6a79ecc4dc09decd3f8f169f116c63",
    );
  });

  test("a second run gives the same bits", async () => {
    using a = trained();
    using b = trained();
    expect(await weightsHash(a)).toBe(await weightsHash(b));
  });
});
