import {
  adam,
  customLoss,
  dense,
  exp,
  gather,
  type LossFunction,
  mean,
  meanSquaredError,
  mul,
  neg,
  sequential,
  sparseCategoricalCrossentropy,
  square,
  sub,
  sum,
  type Tensor,
} from "ferrograd";
import { describe, expect, test } from "vitest";
import { blobs, failure, flatWeights } from "./support/model.ts";

const { x, y } = blobs();
const numbers = Array.from(y, Number);

const netWith = (loss: LossFunction, units = 1) =>
  sequential([dense(4, { activation: "tanh" }), dense(units)], {
    inputShape: [4],
    seed: 1,
  }).compile({ optimizer: adam({ learningRate: 0.02 }), loss });

describe("a loss of one's own", () => {
  test("gets targets in the shape of the outputs, as a built-in one", async () => {
    const seen: unknown[] = [];
    const own = netWith((yTrue, yPred) => {
      seen.push([yTrue.shape, yPred.shape]);
      return square(sub(yTrue, yPred));
    });
    const builtIn = netWith(meanSquaredError);
    const results = [];
    for (const model of [own, builtIn]) {
      const { history } = await model.fit(x, numbers, { epochs: 2, batchSize: 20 });
      const { loss } = model.evaluate(x, numbers);
      results.push({ history, loss, batch: model.trainOnBatch(x, numbers) });
      model.dispose();
    }
    expect(results[0]).toEqual(results[1]);
    expect(seen[0]).toEqual([
      [20, 1],
      [20, 1],
    ]);
  });

  test.each([
    ["element by element", 3, (a, b) => square(sub(a, b)), "[20, 3]"],
    ["over the rows", 3, (a, b) => mean(square(sub(a, b)), { axis: 0 }), "[3]"],
    ["rows by rows", 1, (a, b) => square(sub(sum(a, { axis: -1 }), b)), "[20, 20]"],
  ] as [string, number, LossFunction, string][])(
    "of the wrong shape is refused before a step: %s",
    async (_name, units, loss, shape) => {
      const model = netWith(loss, units);
      const before = flatWeights(model);
      const targets = numbers.map((v) => Array.from({ length: units }, () => v));
      const message = await failure(() => model.fit(x, targets, { batchSize: 20 }));
      expect(message).toContain(
        `ShapeError: loss(): expected one number, or one for each of 20 rows, got shape ${shape} of targets [20, ${units}] and outputs [20, ${units}]`,
      );
      expect(flatWeights(model)).toEqual(before);
      expect(await failure(() => model.evaluate(x, targets))).toMatch("ShapeError: loss()");
      expect(await failure(() => model.trainOnBatch(x, targets))).toMatch("ShapeError: loss()");
      model.dispose();
    },
  );

  test("is tried with the validation data too before a step", async () => {
    using model = netWith((a, b) => mean(square(sub(a, b)), { axis: -1 }), 3);
    const targets = numbers.map((v) => [v, v, v]);
    const wide = targets.map((row) => [row, row]);
    const before = flatWeights(model);
    const validated = () => model.fit(x, targets, { validationData: [x, wide] });
    expect(await failure(validated)).toMatch("ShapeError");
    expect(flatWeights(model)).toEqual(before);
  });

  test("that gives no tensor is refused", async () => {
    using model = netWith(() => 3 as unknown as Tensor);
    expect(await failure(() => model.fit(x, numbers))).toBe(
      "ArgumentError: loss(): expected a function that returns a float32 tensor, got 3",
    );
  });

  test("may take targets that are not in the outputs' shape", async () => {
    using model = netWith((both, p) =>
      mean(square(sub(mean(both, { axis: -1, keepDims: true }), p))),
    );
    const { history } = await model.fit(
      x,
      numbers.map((v) => [v - 1, v + 1]),
      { epochs: 10 },
    );
    expect(history.loss[9]).toBeLessThan(history.loss[0]!);
  });
});

describe("customLoss", () => {
  const focal = (yTrue: Tensor<readonly number[], "int32">, p: Tensor) => {
    const loss = sparseCategoricalCrossentropy(yTrue, p);
    return mul(square(sub(1, exp(neg(loss)))), loss);
  };

  test("takes class numbers, also those of (rows, 1)", async () => {
    const results = [numbers, numbers.map((v) => [v])].map((labels) => {
      using model = netWith(customLoss(focal, { labels: "int32" }), 3);
      return model.fitSync(x, labels, { epochs: 3 }).history.loss;
    });
    expect(results[0]).toEqual(results[1]);
    expect(results[0]![2]).toBeLessThan(results[0]![0]!);
    using model = netWith(customLoss(focal, { labels: "int32" }), 3);
    expect(
      await failure(() =>
        model.fit(
          x,
          numbers.map((v) => v + 0.5),
        ),
      ),
    ).toBe(`DataError: fit(): y: row 0: expected an integer class, got ${numbers[0]! + 0.5}`);
  });

  test("has class numbers in the shape of one output", async () => {
    const rows: unknown[] = [];
    const loss = customLoss(
      (yTrue, yPred) => {
        rows.push(yTrue.shape);
        return mean(square(sub(gather([[0], [1], [4]], sum0(yTrue)), yPred)), { axis: -1 });
      },
      { labels: "int32" },
    );
    const sum0 = (t: Tensor<readonly number[], "int32">) => t;
    using model = netWith(loss);
    await failure(() => model.fit(x, numbers));
    expect(rows[0]).toEqual([32, 1]);
  });

  test("checks its options, and is a function of tensors itself", async () => {
    expect(customLoss((a, b) => sub(a, b))([[1]], [[3]]).array()).toEqual([[-2]]);
    const wrong = [
      () => customLoss(3 as never),
      () => customLoss(focal as never, { label: "int32" } as never),
      () => customLoss(focal as never, { labels: "int" as never }),
    ];
    expect(await Promise.all(wrong.map(failure))).toEqual([
      "ArgumentError: customLoss(): call: expected a function, got 3",
      'ArgumentError: customLoss(): unknown option "label"; did you mean "labels"?',
      'ArgumentError: customLoss(): unknown labels "int"; did you mean "int32"?',
    ]);
  });
});

describe('"accuracy" beside a loss of one\'s own', () => {
  const layers = (units: number) =>
    sequential([dense(8, { activation: "relu" }), dense(units)], { inputShape: [4], seed: 1 });
  const settings = { optimizer: adam({ learningRate: 0.02 }), metrics: ["accuracy"] } as const;

  test("works from the shapes: class numbers, or one-hot rows", async () => {
    const one = numbers.map((v) => [0, 1, 2].map((c) => Number(c === v)));
    using sparse = layers(3).compile({
      ...settings,
      loss: customLoss((a, b) => sparseCategoricalCrossentropy(a, b), { labels: "int32" }),
    });
    await sparse.fit(x, y, { epochs: 30 });
    using dense3 = layers(3).compile({
      ...settings,
      optimizer: adam({ learningRate: 0.02 }),
      loss: (a, b) => mean(square(sub(a, b)), { axis: -1 }),
    });
    await dense3.fit(x, one, { epochs: 30 });
    expect(sparse.evaluate(x, y).accuracy).toBeGreaterThan(0.9);
    expect(dense3.evaluate(x, one).accuracy).toBeGreaterThan(0.9);
  });

  test("or names binaryAccuracy for one output", async () => {
    const model = layers(1);
    const loss: LossFunction = (a, b) => square(sub(a, b));
    expect(await failure(() => model.compile({ ...settings, loss }))).toBe(
      'ArgumentError: compile(): metric "accuracy": expected outputs (…, classes) beside a loss of your own, got rows of shape [1]; "binaryAccuracy" counts outputs on the right side of 1/2, of logits that of 0',
    );
    model.dispose();
  });
});
