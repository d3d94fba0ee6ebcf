import {
  activation,
  binaryCrossentropy,
  categoricalHinge,
  cosineSimilarity,
  dense,
  klDivergence,
  type LossName,
  loadModel,
  normalizationOf,
  readSafetensors,
  rescaling,
  sequential,
  softmaxLayer,
  sparseCategoricalCrossentropy,
  writeSafetensors,
} from "ferrograd";
import { breastCancer, Dataset, digits, iris, wine } from "ferrograd/datasets";
import { describe, expect, test, vi } from "vitest";
import { failure } from "./support/model.ts";
import { floats } from "./support/numbers.ts";

const net = (loss: LossName, units: number, warn: (message: string) => void = () => {}) =>
  sequential([dense(units, { activation: takes[loss] ?? "linear" })], {
    inputShape: [2],
    seed: 1,
  }).compile({ optimizer: "sgd", loss, warn });

/** What makes outputs that a loss takes, where those of a dense layer are not. */
const takes: { readonly [loss in LossName]?: "sigmoid" } = { klDivergence: "sigmoid" };

const x = [
  [0, 1],
  [1, 0],
  [1, 1],
];

describe("targets that a loss cannot take are refused by row", () => {
  test.each([
    ["binaryCrossentropy", [[1], [0.5], [2]], "row 2: expected a label from 0 to 1, got 2"],
    ["binaryCrossentropy", [1, 2, 1], "row 1: expected a label from 0 to 1, got 2"],
    [
      "binaryCrossentropy",
      [
        [0, 1],
        [1, -1],
        [0, 0],
      ],
      "row 1, column 1: expected a label from 0 to 1, got -1",
    ],
    ["hinge", [1, -1, 0], "row 2: expected -1 or 1 (2·y − 1 makes them of 0 and 1), got 0"],
    ["squaredHinge", [1, -1, 2], "row 2: expected -1 or 1 (2·y − 1 makes them of 0 and 1), got 2"],
    [
      "categoricalHinge",
      [
        [0, 1],
        [1, 0],
        [0.5, 0.5],
      ],
      "row 2, column 0: expected 0 or 1, as in one-hot rows, got 0.5",
    ],
    ["poisson", [0, 3, -1], "row 2: expected a count or rate of 0 or more, got -1"],
    [
      "klDivergence",
      [
        [0, 1],
        [1, 0],
        [0.5, 1.5],
      ],
      "row 2, column 1: expected a probability from 0 to 1, got 1.5",
    ],
    [
      "categoricalCrossentropy",
      [
        [0, 1],
        [1, 0],
        [1, 2],
      ],
      "row 2, column 1: expected a probability from 0 to 1, got 2",
    ],
    [
      "cosineSimilarity",
      [
        [1, 0],
        [0, 0],
        [0, 0],
      ],
      "row 1, column 0: expected a row with a direction, where not all numbers are 0, got 0",
    ],
  ] as [LossName, number[] | number[][], string][])("%s %j", async (loss, y, message) => {
    using model = net(loss, Array.isArray(y[0]) ? y[0].length : 1);
    const good = [x.slice(0, 1), y.slice(0, 1)] as const;
    expect(await failure(() => model.fit(x, y))).toBe(`DataError: fit(): y: ${message}`);
    expect(await failure(() => model.evaluate(x, y))).toBe(`DataError: evaluate(): y: ${message}`);
    expect(await failure(() => model.trainOnBatch(x, y))).toBe(
      `DataError: trainOnBatch(): y: ${message}`,
    );
    expect(await failure(() => model.fit(...good, { validationData: [x, y] }))).toBe(
      `DataError: fit(): validationData y: ${message}`,
    );
    expect(model.evaluate(...good).loss).toBeTypeOf("number");
  });

  test("zeros that lie in two rows are no row of zeros", () => {
    using model = net("cosineSimilarity", 2);
    const y = [
      [1, 0],
      [0, 1],
      [-1, 0],
    ];
    expect(model.trainOnBatch(x, y).loss).toBeTypeOf("number");
  });
});

describe("outputs that a loss cannot take are refused by compile", () => {
  test.each([
    [
      "sparseCategoricalCrossentropy",
      'classes) of at least 2 classes, got rows of shape [1]; for one output use "binaryCrossentropy"',
    ],
    [
      "categoricalCrossentropy",
      'classes) of at least 2 classes, got rows of shape [1]; for one output use "binaryCrossentropy"',
    ],
    [
      "klDivergence",
      'classes) of at least 2 classes, got rows of shape [1]; for one output use "binaryCrossentropy"',
    ],
    [
      "categoricalHinge",
      'classes) of at least 2 classes, got rows of shape [1]; for one output use "hinge"',
    ],
    ["cosineSimilarity", "numbers) of at least 2 numbers, got rows of shape [1]"],
  ] as [LossName, string][])("%s of one output", async (loss, message) => {
    expect(await failure(() => net(loss, 1))).toBe(
      `ArgumentError: compile(): loss "${loss}": expected outputs (…, ${message}`,
    );
  });

  test("a softmax over one unit", async () => {
    for (const loss of ["binaryCrossentropy", "meanSquaredError"] as const) {
      const model = sequential([dense(1), softmaxLayer()], { inputShape: [2] });
      expect(await failure(() => model.compile({ optimizer: "sgd", loss }))).toBe(
        "ArgumentError: compile(): expected a softmax over at least 2 units, got one over 1, which is always 1; " +
          'for one output use sigmoid and "binaryCrossentropy"',
      );
    }
    const sigmoid = sequential([dense(1), activation("sigmoid")], { inputShape: [2] });
    expect(sigmoid.compile({ optimizer: "sgd", loss: "meanSquaredError" }).outputShape).toEqual([
      1,
    ]);
  });

  test("a scalar has no class axis", async () => {
    const calls = [
      () => klDivergence(0.5, 0.5),
      () => categoricalHinge(1, 0.5),
      () => cosineSimilarity(1, 0.5),
      () => sparseCategoricalCrossentropy(1, 0.5),
    ];
    expect(await Promise.all(calls.map(failure))).toEqual([
      "ShapeError: klDivergence(): expected predictions (…, classes), got a scalar",
      "ShapeError: categoricalHinge(): expected predictions (…, classes), got a scalar",
      "ShapeError: cosineSimilarity(): expected predictions (…, numbers), got a scalar",
      "ShapeError: sparseCategoricalCrossentropy(): expected at least 1 axes, got shape []",
    ]);
    expect(binaryCrossentropy(1, 0.5).shape).toEqual([]);
  });
});

describe("what fit warns of", () => {
  const warned = async (
    loss: LossName,
    units: number,
    rows: number[][],
    y: number[] | number[][],
  ): Promise<string[]> => {
    const messages: string[] = [];
    using model = net(loss, units, (message) => messages.push(message));
    await failure(() => model.fit(rows, y));
    return messages;
  };
  const many = Array.from({ length: 40 }, (_, i) => [Math.sin(i), i / 40]);

  test("a single class", async () => {
    expect(await warned("sparseCategoricalCrossentropy", 3, x, [2, 2, 2])).toEqual([
      "fit(): y: all 3 rows are of one class, 2, and nothing to tell apart; where rows are sorted by class, shuffle them before they are cut",
    ]);
    expect((await warned("binaryCrossentropy", 1, x, [1, 1, 1]))[0]).toMatch("one class, 1,");
    const one = [0, 1].map(() => [0, 1]);
    expect((await warned("categoricalCrossentropy", 2, x.slice(1), one))[0]).toMatch("[0, 1]");
    expect(await warned("sparseCategoricalCrossentropy", 3, x, [2, 2, 1])).toEqual([]);
    expect(await warned("meanSquaredError", 1, x, [2, 2, 2])).toEqual([]);
  });

  test("by the name of what was called", async () => {
    const messages: string[] = [];
    using model = net("sparseCategoricalCrossentropy", 3, (message) => messages.push(message));
    model.fitSync(x, [2, 2, 2]);
    for await (const _ of model.train(x, [1, 1, 1])) break;
    expect(messages.map((message) => message.split(" y:")[0])).toEqual(["fitSync():", "train():"]);
  });

  test("numbers whose differences float32 loses, also through a data set", async () => {
    const near = x.map(([a], i) => [a!, 1e9 + 10 * i]);
    const text =
      "fit(): x: column 1: its numbers differ, but are all 1000000000 in float32, which holds about 7 digits; subtract a number near them first";
    expect(await warned("meanSquaredError", 1, near, [0, 1, 2])).toEqual([text]);
    expect(await warned("binaryCrossentropy", 1, near, [0, 1, 1])).toEqual([text]);
    const messages: string[] = [];
    using model = net("binaryCrossentropy", 1, (message) => messages.push(message));
    await model.fit(new Dataset({ x: near, y: [0, 1, 1] }).shuffle(1).take(2)).catch(() => {});
    expect(messages).toEqual([text]);
    const apart = x.map(([a], i) => [a!, 1e9 + 1000 * i]);
    expect(await warned("binaryCrossentropy", 1, apart, [0, 1, 1])).toEqual([]);
    const target = await warned("poisson", 1, x, [1e9, 1e9 + 5, 1e9 + 10]);
    expect(target[0]).toMatch("fit(): y: its numbers differ, but are all 1000000000 in float32");
  });

  test("targets far from where the outputs begin", async () => {
    const dollars = many.map((_, i) => 150_000 + 1000 * i);
    const [message] = await warned("meanSquaredError", 1, many, dollars);
    expect(message).toMatch(
      /^fit\(\): y: mean 170000 and deviation 11500 are far from the outputs, which begin within ±[\d.]+; train on \(y − 170000\) \/ 11500, as normalizationOf does with inputs, and turn predictions back with rescaling\({ scale: 11500, offset: 170000 }\)$/,
    );
    const wide = await warned(
      "huber",
      2,
      many,
      many.map((_, i) => [i / 40, (i % 2) * 400 - 200]),
    );
    expect(wide[0]).toMatch("fit(): y: column 1: mean 0 and deviation 200");
    expect(
      await warned(
        "meanAbsoluteError",
        1,
        many,
        many.map(() => 500),
      ),
    ).toHaveLength(1);
    const small = floats(40).map((v) => v * 10);
    expect(await warned("meanSquaredError", 1, many, Array.from(small))).toEqual([]);
    expect(
      await warned(
        "poisson",
        1,
        many,
        many.map(() => 500),
      ),
    ).toEqual([]);
  });

  test("not where the model's outputs are of that size", async () => {
    const messages: string[] = [];
    using model = sequential([dense(1), rescaling({ scale: 100, offset: 900 })], {
      inputShape: [2],
      seed: 1,
    }).compile({ optimizer: "adam", loss: "meanSquaredError", warn: (m) => messages.push(m) });
    await model.fit(
      many,
      many.map((_, i) => 900 + 10 * i),
    );
    expect(messages).toEqual([]);
  });

  test("nothing on the shipped sets", async () => {
    for (const { train } of [digits(), iris(), wine(), breastCancer()]) {
      const messages: string[] = [];
      const [, width] = train.x.shape;
      const units = train.classNames!.length;
      using model = sequential([normalizationOf(train.x), dense(units)], {
        inputShape: [width!],
        seed: 1,
      }).compile({
        optimizer: "adam",
        loss: "sparseCategoricalCrossentropy",
        warn: (message) => messages.push(message),
      });
      await model.fit(train);
      expect(messages).toEqual([]);
    }
  });
});

test("a file of a model that is refused today loads and predicts", async () => {
  using old = sequential([dense(2), softmaxLayer()], { inputShape: [2], seed: 1 }).compile({
    optimizer: "sgd",
    loss: "categoricalCrossentropy",
  });
  const { metadata } = readSafetensors(old.save());
  metadata.set("model", metadata.get("model")!.replace('"units":2', '"units":1'));
  const one = (name: string, shape: number[]) =>
    [name, { dtype: "F32" as const, shape, data: new Float32Array(shape[0]!).fill(1) }] as const;
  const file = writeSafetensors(
    new Map([one("dense/kernel", [2, 1]), one("dense/bias", [1])]),
    metadata,
  );
  using loaded = loadModel(file);
  expect(loaded.predict(x).array()).toEqual([[1], [1], [1]]);
  expect(await failure(() => loaded.fit(x, x))).toMatch("StateError: fit(): expected a compiled");
});

test("a file that names a divergence of outputs that today are refused goes on with them as probabilities", () => {
  const build = () => sequential([dense(2)], { inputShape: [2], seed: 1 });
  const loss = klDivergence({ fromLogits: false });
  using said = build().compile({ optimizer: "sgd", loss });
  const { tensors, metadata } = readSafetensors(said.save());
  const saved = metadata.get("model")!;
  const old = saved.replace(
    /"loss":\{"name":"klDivergence","options":\{[^}]*\}\}/,
    '"loss":"klDivergence"',
  );
  expect(old).not.toBe(saved);
  using loaded = loadModel(writeSafetensors(tensors, new Map(metadata).set("model", old)));
  const y = [
    [0, 1],
    [1, 0],
    [0.5, 0.5],
  ];
  expect(loaded.evaluate(x, y)).toEqual(said.evaluate(x, y));
});

test("a loaded model's fit warns as another's does, and compile says nothing twice", async () => {
  const warn = vi.spyOn(console, "warn").mockImplementation(() => {});
  using model = sequential([dense(9), dense(9), dense(2)], { inputShape: [2] }).compile({
    optimizer: "sgd",
    loss: "sparseCategoricalCrossentropy",
  });
  expect(warn).toHaveBeenCalledTimes(1);
  using loaded = loadModel(model.save());
  expect(warn).toHaveBeenCalledTimes(1);
  await loaded.fit(x, [1, 1, 1]);
  expect(warn).toHaveBeenCalledTimes(2);
  expect(warn.mock.calls[1]![0]).toMatch("all 3 rows are of one class, 1");
  warn.mockRestore();
});
