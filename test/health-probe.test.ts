import { dense, sequential } from "ferrograd";
import { iris } from "ferrograd/datasets";
import { diagnose, whyStuck } from "ferrograd/diagnostics";
import { expect, test } from "vitest";
import { compiled } from "./support/model.ts";

test("nothing of the model changes, and training goes on with the same bits", () => {
  const { x, y } = iris().train;
  const [watched, alone] = [0, 1].map(() =>
    compiled([dense(8, { activation: "relu" }), dense(3)], [4]),
  );
  for (let step = 0; step < 20; step++) {
    watched!.trainOnBatch(x, y);
    alone!.trainOnBatch(x, y);
    if (step % 5 === 0) diagnose(watched!, x, y);
  }
  expect(watched!.getWeights()).toEqual(alone!.getWeights());
});

test("options and data are checked before anything runs", () => {
  const { x, y } = iris().train;
  const model = compiled([dense(3)], [4]);
  expect(() => diagnose(model, x, y, { probeRows: 0 })).toThrow(
    /diagnose\(\): probeRows: expected/,
  );
  expect(() => diagnose(model, [[1, 2]], [0])).toThrow(
    /diagnose\(\): x: expected rows of shape \[4\]/,
  );
  // @ts-expect-error an unknown code
  expect(() => diagnose(model, x, y, { thresholds: { ded: 1 } })).toThrow(/"dead"/);
});

test("the probe is a sample of different rows, decided by the seed", () => {
  const model = sequential([dense(1)], { inputShape: [1] }).compile({
    optimizer: "sgd",
    loss: "meanSquaredError",
  });
  const x = [[0], [1], [2], [3], [4]];
  const drawn = (seed: number, probeRows: number) =>
    whyStuck(model, x, x, { layer: "dense", unit: 0, probeRows, seed }).rows.map(
      (row) => row.input,
    );
  expect(drawn(7, 9).sort()).toEqual([0, 1, 2, 3, 4]);
  const counts = [0, 0, 0, 0, 0];
  const pairs = Array.from({ length: 200 }, (_, seed) => drawn(seed, 2));
  for (const [first, second] of pairs) {
    expect(first).not.toBe(second);
    counts[first!]! += 1;
    counts[second!]! += 1;
  }
  for (const count of counts) expect(Math.abs(count - 80)).toBeLessThan(30); // 4 deviations
  expect(drawn(3, 2)).toEqual(pairs[3]);
});
