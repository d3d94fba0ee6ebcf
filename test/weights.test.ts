import {
  customLoss,
  dense,
  mean,
  sequential,
  sgd,
  sparseCategoricalCrossentropy,
  square,
  squaredDifference,
  sub,
  type Tensor,
  tensor,
} from "ferrograd";
import { describe, expect, test } from "vitest";
import { expectAllclose } from "./support/allclose.ts";
import { failure } from "./support/model.ts";
import { random } from "./support/numbers.ts";

const ROWS = 10;
const x = random([ROWS, 3], 1);
const labels = Int32Array.of(0, -1, 2, -1, -1, -1, 1, 2, -1, 0);
const counted = [...labels.keys()].filter((row) => labels[row] !== -1);
const rowsOf = (rows: readonly number[]) =>
  tensor(
    rows.flatMap((row) => [...x.data().slice(row * 3, row * 3 + 3)]),
    [rows.length, 3],
  );
const loss = sparseCategoricalCrossentropy({ ignoreIndex: -1 });
const classifier = (of: typeof loss | "sparseCategoricalCrossentropy", learningRate = 0.1) =>
  sequential([dense(3)], { inputShape: [3], seed: 1 }).compile({
    optimizer: sgd({ learningRate }),
    loss: of,
    metrics: ["accuracy", "topKCategoricalAccuracy"],
  });

describe("rows that do not count", () => {
  test("are in no mean, of the loss or of a metric, however the rows are cut", async () => {
    using model = classifier(loss, 0);
    using other = classifier("sparseCategoricalCrossentropy", 0);
    const expected = other.evaluate(
      rowsOf(counted),
      labels.filter((label) => label !== -1),
    );
    const names = ["loss", "accuracy", "topKCategoricalAccuracy"] as const;
    const values = (of: typeof expected) => names.map((name) => of[name]);
    expectAllclose(values(model.evaluate(x, labels)), values(expected), 1e-6);
    for (const batchSize of [1, 4, 10]) {
      const { history } = await model.fit(x, labels, { batchSize });
      expectAllclose(
        names.map((name) => history[name][0]!),
        values(expected),
        1e-6,
      );
    }
  });

  test("leave the step of the others as it is without them", () => {
    using model = classifier(loss);
    using other = classifier("sparseCategoricalCrossentropy");
    const logs = model.trainOnBatch(x, labels);
    const expected = other.trainOnBatch(
      rowsOf(counted),
      labels.filter((label) => label !== -1),
    );
    expectAllclose([logs.loss, logs.accuracy], [expected.loss, expected.accuracy], 1e-6);
    model.getWeights().forEach((weights, i) => {
      expectAllclose(weights, other.getWeights()[i]!, 1e-6);
    });
  });

  test("alone are a step of length 0 with a loss of 0", () => {
    using model = classifier(loss);
    const before = model.getWeights();
    expect(model.trainOnBatch(x, new Int32Array(ROWS).fill(-1)).loss).toBe(0);
    expect(model.evaluate(x, new Int32Array(ROWS).fill(-1)).loss).toBe(0);
    expect(model.getWeights()).toEqual(before);
  });
});

describe("a loss of one's own", () => {
  const y = random([ROWS, 2], 2);
  const regressor = (of: ReturnType<typeof customLoss>) =>
    sequential([dense(2)], { inputShape: [3], seed: 1 }).compile({
      optimizer: sgd({ learningRate: 0 }),
      loss: of,
    });

  test("says how much each of its values counts", async () => {
    const weight = (t: Tensor) => mean(square(t), { axis: -1 });
    const error = (t: Tensor, p: Tensor) => mean(squaredDifference(p, t), { axis: -1 });
    using model = regressor(customLoss(error, { weight }));
    const [out, target] = [model.predict(x).data(), y.data()];
    const rows = Array.from({ length: ROWS }, (_, row) => [2 * row, 2 * row + 1]);
    const sum = (of: (i: number) => number, at: readonly number[]) =>
      at.reduce((total, i) => total + of(i), 0);
    const weights = rows.map((at) => sum((i) => target[i]! ** 2, at) / 2);
    const losses = rows.map((at) => sum((i) => (out[i]! - target[i]!) ** 2, at) / 2);
    const numbers = [...rows.keys()];
    const expected =
      sum((row) => losses[row]! * weights[row]!, numbers) / sum((row) => weights[row]!, numbers);
    expectAllclose([model.evaluate(x, y).loss], [expected], 1e-6);
    const { history } = await model.fit(x, y, { batchSize: 3 });
    expectAllclose(history.loss, [expected], 1e-6);
  });

  test("is refused where its weights have another shape", async () => {
    using model = regressor(
      customLoss((t, p) => mean(squaredDifference(p, t), { axis: -1 }), {
        weight: () => tensor([1, 2]),
      }),
    );
    expect(await failure(() => model.trainOnBatch(x, y))).toBe(
      "ShapeError: loss(): weight: expected shape [10], as the losses have, got [2]",
    );
    const call = () => customLoss(sub as never, { weight: 3 as never });
    expect(await failure(call)).toBe(
      "ArgumentError: customLoss(): weight: expected a function, got 3",
    );
  });
});
