import {
  customLoss,
  dense,
  mean,
  metrics,
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

  test("counts in the loss alone: metrics leave out what counts 0, and count all else alike", async () => {
    const targets = Float32Array.from(y.data(), (value, i) => (i >> 1 === 3 ? 0 : value));
    const weight = (t: Tensor) => mean(square(t), { axis: -1 }); // 0 in the fourth row
    const error = (t: Tensor, p: Tensor) => mean(squaredDifference(p, t), { axis: -1 });
    using model = sequential([dense(2)], { inputShape: [3], seed: 1 }).compile({
      optimizer: sgd({ learningRate: 0 }),
      loss: customLoss(error, { weight }),
      metrics: ["meanSquaredError", metrics.rootMeanSquaredError({ weighted: true, name: "root" })],
    });
    const out = model.predict(x).data();
    const errors = Array.from({ length: ROWS }, (_, row) =>
      [2 * row, 2 * row + 1].reduce((sum, i) => sum + (out[i]! - targets[i]!) ** 2 / 2, 0),
    );
    const sampleWeight = errors.map((_, row) => 1 + (row % 3));
    const meanBy = (weights: readonly number[]) => {
      const counts = weights.map((count, row) => (row === 3 ? 0 : count));
      const total = counts.reduce((a, b) => a + b, 0);
      return errors.reduce((sum, e, row) => sum + e * counts[row]!, 0) / total;
    };
    const expected = [meanBy(errors.map(() => 1)), Math.sqrt(meanBy(sampleWeight))];
    const rows = tensor(targets, [ROWS, 2]);
    const said = model.evaluate({ x, y: rows, sampleWeight });
    expectAllclose([said.meanSquaredError, said.root], expected, 1e-6);
    const { history } = await model.fit({ x, y: rows, sampleWeight }, { batchSize: 3 });
    expectAllclose([...history.meanSquaredError, ...history.root], expected, 1e-6);
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

describe("sampleWeight", () => {
  const y = Int32Array.of(0, 1, 2, 0, 1, 2, 1, 2, 0, 0);
  const sampleWeight = [1, 0, 2, 1, 0.5, 0, 3, 1, 0, 1];
  const plain = (learningRate = 0.1) => classifier("sparseCategoricalCrossentropy", learningRate);
  /** The rows as often as twice their weight. */
  const repeated = sampleWeight.flatMap((weight, row) => new Array<number>(2 * weight).fill(row));
  const labelsOf = (rows: readonly number[]) => Int32Array.from(rows, (row) => y[row]!);

  test("makes rows count as if they were there as often", () => {
    using model = plain();
    using other = plain();
    const logs = model.trainOnBatch({ x, y, sampleWeight });
    const expected = other.trainOnBatch(rowsOf(repeated), labelsOf(repeated));
    expectAllclose([logs.loss], [expected.loss], 1e-6);
    model.getWeights().forEach((weights, i) => {
      expectAllclose(weights, other.getWeights()[i]!, 1e-6);
    });
    const measured = model.evaluate({ x, y, sampleWeight });
    const unweighted = model.evaluate(x, y);
    expectAllclose(
      [measured.loss],
      [other.evaluate(rowsOf(repeated), labelsOf(repeated)).loss],
      1e-6,
    );
    expect(measured.accuracy).toBe(unweighted.accuracy);
  });

  test.each([1e-37, 1e-20, 1e36])("counts the same times %d", (scale) => {
    using model = plain();
    using other = plain();
    const scaled = sampleWeight.map((weight) => weight * scale);
    const logs = model.trainOnBatch({ x, y, sampleWeight: scaled });
    expectAllclose([logs.loss], [other.trainOnBatch({ x, y, sampleWeight }).loss], 1e-6);
    model.getWeights().forEach((weights, i) => {
      expectAllclose(weights, other.getWeights()[i]!, 1e-6);
    });
  });

  test.each([3, 4, 10])(
    "gives fit the mean of an epoch over the weights, %d rows a batch",
    async (batchSize) => {
      using model = plain(0);
      const expected = model.evaluate({ x, y, sampleWeight }).loss;
      const { history } = await model.fit(
        { x, y, sampleWeight },
        { batchSize, validationData: { x, y, sampleWeight } },
      );
      expectAllclose(history.loss, [expected], 1e-6);
      expectAllclose(history.val_loss, [expected], 1e-6);
    },
  );

  test("is cut with the rows", async () => {
    using model = plain(0);
    const weights = Float32Array.from(sampleWeight);
    const { history } = await model.fit({ x, y, sampleWeight: weights }, { validationSplit: 0.4 });
    const tail = {
      x: rowsOf([6, 7, 8, 9]),
      y: labelsOf([6, 7, 8, 9]),
      sampleWeight: weights.subarray(6),
    };
    expectAllclose(history.val_loss, [model.evaluate(tail).loss], 1e-6);
  });

  test("beside labels that do not count leaves both out", () => {
    using model = classifier(loss, 0);
    const both = sampleWeight.map((weight, row) => (labels[row] === -1 ? 0 : weight));
    const known = labels.map((label) => Math.max(label, 0));
    expectAllclose(
      [model.evaluate({ x, y: labels, sampleWeight }).loss],
      [plain(0).evaluate({ x, y: known, sampleWeight: both }).loss],
      1e-6,
    );
  });

  test("is refused by row, and the model is as it was", async () => {
    using model = plain();
    const before = model.getWeights();
    const bad: [unknown, string][] = [
      [
        [1, 1, -1, ...sampleWeight.slice(3)],
        "DataError: fit(): sampleWeight: row 2: expected a finite weight of 0 or more, got -1",
      ],
      [
        [Number.NaN, ...sampleWeight.slice(1)],
        "DataError: fit(): sampleWeight: row 0: expected a finite weight of 0 or more, got NaN",
      ],
      [
        new Float32Array(ROWS),
        "DataError: fit(): sampleWeight: expected a weight above 0 for some row, got 0 for all",
      ],
      [[1, 2], "DataError: fit(): x has 10 rows but sampleWeight has 2"],
      [
        sampleWeight.map((w) => [w, w]),
        "ShapeError: fit(): sampleWeight: expected a number for each row, got shape [10, 2]",
      ],
      [
        "balanced",
        'ArgumentError: fit(): sampleWeight: expected arrays of numbers or { data, shape }, got "balanced"',
      ],
    ];
    for (const [weights, message] of bad) {
      const data = { x, y, sampleWeight: weights as number[] };
      expect(await failure(() => model.fit(data))).toBe(message);
      const where = message.replace("fit()", "trainOnBatch()");
      expect(await failure(() => model.trainOnBatch(data))).toBe(where);
    }
    expect(model.getWeights()).toEqual(before);
  });

  test("needs a loss for each row", async () => {
    using model = sequential([dense(2)], { inputShape: [3], seed: 1 }).compile({
      optimizer: "sgd",
      loss: (t, p) => mean(squaredDifference(p, t)),
    });
    const data = { x, y: random([ROWS, 2], 2), sampleWeight };
    expect(await failure(() => model.trainOnBatch(data))).toBe(
      "ShapeError: loss(): expected a loss for each row, which sampleWeight needs, got one number",
    );
  });
});
