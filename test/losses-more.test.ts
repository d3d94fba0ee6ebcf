import {
  binaryCrossentropy,
  categoricalHinge,
  dense,
  grad,
  hinge,
  huber,
  klDivergence,
  type LossName,
  logCosh,
  type MetricName,
  mean,
  meanAbsoluteError,
  sequential,
  sign,
  sparseCategoricalCrossentropy,
  sub,
  sum,
  tensor,
} from "ferrograd";
import { describe, expect, test } from "vitest";
import { expectAllclose } from "./support/allclose.ts";
import { failure } from "./support/model.ts";
import { floats, random } from "./support/numbers.ts";

const logits = random([6, 4], 1, -5, 5);

describe("ignoreIndex", () => {
  const labels = Int32Array.of(0, -1, 2, 3, -1, 1);
  const known = Int32Array.of(0, 0, 2, 3, 0, 1);

  test.each([0, 0.2])("gives its rows no loss and no gradient, smoothing %f", (labelSmoothing) => {
    const options = { labelSmoothing };
    const plain = sparseCategoricalCrossentropy(known, logits, options).data();
    const loss = sparseCategoricalCrossentropy(labels, logits, { ...options, ignoreIndex: -1 });
    const [dLogits] = grad(mean(loss), [logits]);
    expect(loss.data()).toEqual(plain.map((v, i) => (labels[i] === -1 ? 0 : v)));
    const rows = dLogits!.array() as number[][];
    for (const [i, row] of rows.entries()) {
      expect(row.every((v) => v === 0)).toBe(labels[i] === -1);
    }
  });

  test("leaves other labels checked, and is an integer itself", async () => {
    const bad = () => sparseCategoricalCrossentropy(labels, logits, { ignoreIndex: -2 }).data();
    expect(await failure(bad)).toMatch(/^DataError: /);
    const half = () => sparseCategoricalCrossentropy(labels, logits, { ignoreIndex: 0.5 });
    expect(await failure(half)).toBe(
      "ArgumentError: sparseCategoricalCrossentropy(): ignoreIndex: expected an int32, got 0.5",
    );
    const far = () => sparseCategoricalCrossentropy(labels, logits, { ignoreIndex: 2 ** 32 - 1 });
    expect(await failure(far)).toMatch("expected an int32, got 4294967295");
  });

  test.each([{}, { labelSmoothing: 0.2 }, { fromLogits: false }])(
    "selects: rows that are not finite have loss 0 and gradient 0, %o",
    (options) => {
      const p = tensor([0.5, 0.5, NaN, 1, Infinity, -Infinity, Infinity, Infinity], [4, 2]);
      const y = Int32Array.of(1, -1, -1, -1);
      const loss = sparseCategoricalCrossentropy(y, p, { ...options, ignoreIndex: -1 });
      const [first] = sparseCategoricalCrossentropy(Int32Array.of(1), [[0.5, 0.5]], options).data();
      const [dp] = grad(sum(loss), [p]);
      expect(Array.from(loss.data())).toEqual([first, 0, 0, 0]);
      expect(
        (dp!.array() as number[][])
          .slice(1)
          .flat()
          .every((v) => v === 0),
      ).toBe(true);
    },
  );

  test("labels are compared as integers, where float32 has one number for both", async () => {
    const one = (label: number) =>
      sparseCategoricalCrossentropy(Int32Array.of(label), [[0, 0]], {
        ignoreIndex: 2 ** 24 + 1,
      }).data()[0];
    expect(one(2 ** 24 + 1)).toBe(0);
    expect(await failure(() => one(2 ** 24))).toMatch(/^DataError: .*got 16777216/);
  });
});

test("label smoothing of binary cross-entropy moves targets towards 1/2", () => {
  const smooth = binaryCrossentropy([[0], [1]], [[2], [-3]], { labelSmoothing: 0.2 });
  expectAllclose(smooth.data(), binaryCrossentropy([[0.1], [0.9]], [[2], [-3]]).data(), 1e-6);
});

test("label smoothing of 1 is refused", async () => {
  expect(await failure(() => binaryCrossentropy([[0]], [[1]], { labelSmoothing: 1 }))).toBe(
    "ArgumentError: binaryCrossentropy(): labelSmoothing: expected a number from 0 to below 1, got 1",
  );
});

test("huber is a square within delta and a line beyond", () => {
  const e = [-3, -2, -0.5, 0, 1, 2, 5];
  const expected = e.map((v) => (Math.abs(v) <= 2 ? v * v * 0.5 : 2 * (Math.abs(v) - 1)));
  const p = tensor(e, [7, 1]);
  expectAllclose(
    huber(
      floats(7).map(() => 0),
      p,
      { delta: 2 },
    ).data(),
    expected,
    1e-6,
  );
  const [dp] = grad(
    mean(
      huber(
        floats(7).map(() => 0),
        p,
        { delta: 2 },
      ),
    ),
    [p],
  );
  expectAllclose(
    dp!.data(),
    e.map((v) => Math.max(-2, Math.min(2, v)) / 7),
    1e-6,
  );
});

test("slopes at kinks are 0", () => {
  const one = tensor([[1]]);
  for (const loss of [meanAbsoluteError, hinge, huber, logCosh]) {
    expectAllclose(grad(mean(loss([[1]], one)), [one])[0]!.data(), [0], 0);
  }
});

test("categorical hinge compares the right class with the best wrong one", () => {
  const loss = categoricalHinge(
    [
      [0, 1, 0],
      [1, 0, 0],
    ],
    [
      [0.5, 2, 1.5],
      [-1, -2, -3],
    ],
  );
  expect(loss.array()).toEqual([0.5, 2]);
});

test("the divergence of probabilities of 0 is finite", () => {
  const p = tensor([[0, 1]]);
  const loss = klDivergence([[1, 0]], p);
  const [dp] = grad(mean(loss), [p]);
  expect(dp!.data().every(Number.isFinite)).toBe(true);
  expectAllclose(loss.data(), [Math.log(1e7)], 1e-4);
});

describe("a model", () => {
  const losses: LossName[] = [
    "meanAbsoluteError",
    "huber",
    "logCosh",
    "poisson",
    "hinge",
    "squaredHinge",
    "klDivergence",
  ];

  test.each(losses)("trains with %s", (loss) => {
    using model = sequential([dense(2, { activation: "sigmoid" })], {
      inputShape: [4],
      seed: 1,
    }).compile({ optimizer: "adam", loss, metrics: ["meanAbsoluteError", "meanSquaredError"] });
    const x = random([32, 4], 1);
    const between = random([32, 2], 2, 0.1, 0.9);
    const y = /hinge/i.test(loss) ? sign(sub(between, 0.5)) : between;
    const { history } = model.fitSync(x, y, { epochs: 20, batchSize: 8 });
    expect(history.loss.at(-1)!).toBeLessThan(history.loss[0]!);
    const { meanAbsoluteError: mae, meanSquaredError: mse } = model.evaluate(x, y);
    const errors = model
      .predict(x)
      .data()
      .map((p, i) => p - y.data()[i]!);
    const average = (f: (e: number) => number) =>
      errors.reduce((total, e) => total + f(e), 0) / errors.length;
    expectAllclose([mae, mse], [average(Math.abs), average((e) => e * e)], 1e-6);
  });

  const measured = (loss: LossName, metric: MetricName, outputs: number[][], y: unknown) => {
    const width = outputs[0]!.length;
    using model = sequential([dense(width, { useBias: false })], { inputShape: [width] });
    const compiled = model.compile({ optimizer: "sgd", loss, metrics: [metric] });
    const identity = outputs[0]!.map((_, i) => outputs[0]!.map((_, j) => Number(i === j)));
    compiled.setWeights([identity]);
    return compiled.evaluate(outputs, y as number[])[metric];
  };

  test("measures how often the label is among the five largest", () => {
    const outputs = [
      [7, 6, 5, 4, 3, 2, 1],
      [7, 6, 5, 4, 3, 2, 1],
      [1, 2, 3, 4, 5, 6, 7],
      [0, 0, 0, 0, 0, 0, 0],
    ];
    const labels = [4, 5, 0, 6];
    const name = "topKCategoricalAccuracy";
    expect(measured("sparseCategoricalCrossentropy", name, outputs, labels)).toBe(0.5);
    const rows = labels.map((label) => outputs[0]!.map((_, i) => Number(i === label)));
    expect(measured("categoricalCrossentropy", name, outputs, rows)).toBe(0.5);
  });

  test("measures binary accuracy", () => {
    const outputs = [[-1], [2], [3], [-0.5]];
    expect(measured("binaryCrossentropy", "binaryAccuracy", outputs, [0, 1, 0, 0])).toBe(0.75);
  });

  test("refuses a metric of numbers beside a loss of labels", async () => {
    const call = () => measured("sparseCategoricalCrossentropy", "meanSquaredError", [[1, 2]], [1]);
    expect(await failure(call)).toBe(
      'ArgumentError: compile(): metric "meanSquaredError": expected a loss whose targets are numbers, got "sparseCategoricalCrossentropy"',
    );
  });
});
