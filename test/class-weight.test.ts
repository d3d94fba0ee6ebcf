import {
  argmax,
  type ClassWeight,
  categoricalCrossentropy,
  dense,
  earlyStopping,
  input,
  type Loss,
  metrics,
  model,
  oneHot,
  sequential,
  sgd,
  sparseCategoricalCrossentropy,
  type Tensor,
  tensor,
} from "ferrograd";
import { describe, expect, test } from "vitest";
import { expectAllclose } from "./support/allclose.ts";
import { failure } from "./support/model.ts";
import { random } from "./support/numbers.ts";

const ROWS = 10;
const x = random([ROWS, 3], 1);
const y = [0, 1, 2, 0, 1, 0, 0, 0, 1, 0];
const classifier = (loss: { readonly ignoreIndex?: number } = {}) =>
  sequential([dense(3)], { inputShape: [3], seed: 1 }).compile({
    optimizer: sgd({ learningRate: 0.1 }),
    loss: sparseCategoricalCrossentropy(loss),
    metrics: ["accuracy"],
  });
type Classifier = ReturnType<typeof classifier>;

const trained = (train: (made: Classifier) => unknown) => {
  using made = classifier();
  train(made);
  return made.getWeights().flatMap((weights) => [...weights]);
};

describe("classWeight", () => {
  const options = { epochs: 2, batchSize: 4 };
  const byRow = (weights: readonly number[]) => y.map((label) => weights[label]!);

  const forms: [string, ClassWeight, readonly number[]][] = [
    ["by class number", { 0: 1, 2: 5 }, [1, 1, 5]],
    ["in a list", [1, 2, 5], [1, 2, 5]],
    ["with a class that does not count", { 0: 0 }, [0, 1, 1]],
    ["balanced", "balanced", [10 / 18, 10 / 9, 10 / 3]],
  ];
  test.each(forms)("%s is as good as weights of the rows", (_form, classWeight, weights) => {
    const got = trained((made) => made.fitSync(x, y, { ...options, classWeight }));
    const sampleWeight = byRow(weights);
    expect(got).toEqual(trained((made) => made.fitSync(x, y, { ...options, sampleWeight })));
    expect(got).toEqual(trained((made) => made.fitSync({ x, y, sampleWeight }, options)));
  });

  test("is multiplied with the weights of rows", () => {
    const sampleWeight = y.map((_, row) => row + 1);
    const got = trained((made) => made.fitSync({ x, y, sampleWeight }, { classWeight: [1, 2, 3] }));
    const both = y.map((label, row) => (row + 1) * (label + 1));
    expect(got).toEqual(trained((made) => made.fitSync(x, y, { sampleWeight: both })));
  });

  test("leaves metrics and validation alone, and is balanced over the rows that train", () => {
    using made = classifier();
    using other = classifier();
    const validation = { validationSplit: 0.3 };
    const { history } = made.fitSync(x, y, { ...validation, classWeight: "balanced" });
    const sampleWeight = [7 / 9, 7 / 6, 7 / 3, 7 / 9, 7 / 6, 7 / 9, 7 / 9, 1, 1, 1];
    const expected = [0, 1, 2, 0, 1, 0, 0].map((label) => 7 / 3 / [4, 2, 1][label]!);
    const { history: plain } = other.fitSync(
      { x, y, sampleWeight: [...expected, 1, 1, 1] },
      validation,
    );
    expect(sampleWeight.length).toBe(ROWS);
    expect(history.accuracy).toEqual(plain.accuracy);
    expect(history.val_loss).toEqual(plain.val_loss);
    expect(history.loss).toEqual(plain.loss);
  });

  test("takes names, of the data or else of the model", () => {
    const named = { cat: 1, dog: 2, owl: 5 };
    const expected = trained((made) => made.fitSync(x, y, { classWeight: [1, 2, 5] }));
    const classNames = ["cat", "dog", "owl"];
    expect(trained((m) => m.fitSync({ x, y, classNames }, { classWeight: named }))).toEqual(
      expected,
    );
    using own = sequential([dense(3)], { inputShape: [3], seed: 1, classNames }).compile({
      optimizer: sgd({ learningRate: 0.1 }),
      loss: "sparseCategoricalCrossentropy",
    });
    own.fitSync(x, y, { classWeight: named });
    expect(own.getWeights().flatMap((weights) => [...weights])).toEqual(expected);
  });

  test("of one-hot rows, of one output, and of sides", () => {
    const trainedOn = (
      loss: "categoricalCrossentropy" | "binaryCrossentropy" | "hinge",
      targets: Tensor | number[],
      how: object,
    ) => {
      const units = loss === "categoricalCrossentropy" ? 3 : 1;
      using made = sequential([dense(units)], { inputShape: [3], seed: 1 }).compile({
        optimizer: "sgd",
        loss,
      });
      made.fitSync(x, targets as number[], how);
      return made.getWeights().map((weights) => [...weights]);
    };
    const rows = oneHot(Int32Array.from(y), 3);
    expect(trainedOn("categoricalCrossentropy", rows, { classWeight: [1, 2, 5] })).toEqual(
      trainedOn("categoricalCrossentropy", rows, { sampleWeight: byRow([1, 2, 5]) }),
    );
    const bits = y.map((label) => Math.min(label, 1));
    const weights = bits.map((bit) => (bit === 1 ? 4 : 1));
    expect(trainedOn("binaryCrossentropy", bits, { classWeight: { 1: 4 } })).toEqual(
      trainedOn("binaryCrossentropy", bits, { sampleWeight: weights }),
    );
    const sides = bits.map((bit) => 2 * bit - 1);
    expect(trainedOn("hinge", sides, { classWeight: { "-1": 1, 1: 4 } })).toEqual(
      trainedOn("hinge", sides, { sampleWeight: weights }),
    );
  });

  test("does not count labels that the loss ignores", () => {
    using made = classifier({ ignoreIndex: -1 });
    using other = classifier();
    const known = y.map((label) => Math.max(0, label - 1));
    made.fitSync(
      x,
      y.map((label) => label - 1),
      { classWeight: "balanced", shuffle: false },
    );
    other.fitSync(x, known, {
      sampleWeight: y.map((label) => [0, 4 / 6, 4 / 2][label]!),
      shuffle: false,
    });
    expectAllclose(made.getWeights()[0]!, other.getWeights()[0]!, 1e-6);
  });

  const two = () => {
    const features = input([3]);
    const outputs = {
      kind: dense(3, { name: "kind" })(features),
      size: dense(1, { name: "size" })(features),
    };
    return model({ inputs: features, outputs, seed: 1 }).compile({
      optimizer: "sgd",
      loss: { kind: "sparseCategoricalCrossentropy", size: "meanSquaredError" },
    });
  };

  test("of several outputs is by name", () => {
    using made = two();
    using other = two();
    const targets = { kind: y, size: y };
    const { history } = made.fitSync(x, targets, { classWeight: { kind: [1, 2, 5] } });
    const sampleWeight = { kind: byRow([1, 2, 5]) };
    expect(history).toEqual(other.fitSync({ x, y: targets, sampleWeight }).history);
    expect(made.getWeights()).toEqual(other.getWeights());
  });

  test("is refused where it says nothing, before anything runs", async () => {
    using made = classifier();
    const before = made.getWeights();
    const where = "fit(): classWeight: ";
    const known = 'expected one class of "0", "1", "2", "cat", "dog", "owl", got';
    const number = "expected a finite number of 0 or more that float32 holds, got";
    const form = 'expected "balanced", a list of 3 weights or an object of them by class, got';
    const bad: [unknown, string][] = [
      [{ 3: 1 }, `ArgumentError: ${where}${known} "3"`],
      [{ dgo: 1 }, `ArgumentError: ${where}${known} "dgo"`],
      [{ 0: -1 }, `ArgumentError: ${where}0: ${number} -1`],
      [{ cat: Number.NaN }, `ArgumentError: ${where}cat: ${number} NaN`],
      [[1, 2], `ArgumentError: ${where}${form} an array of length 2`],
      ["even", `ArgumentError: ${where}${form} "even"`],
      [[0, 0, 0], `DataError: ${where}expected a weight above 0 for some row, got 0 for all`],
    ];
    const classNames = ["cat", "dog", "owl"];
    for (const [classWeight, message] of bad) {
      const how = { classWeight: classWeight as ClassWeight };
      expect(await failure(() => made.fit({ x, y, classNames }, how))).toBe(message);
    }
    // A key that is the number of one class and the name of another.
    const confusing = { x, y, classNames: ["1", "0", "2"] };
    expect(await failure(() => made.fit(confusing, { classWeight: { 1: 2 } }))).toBe(
      `ArgumentError: ${where}expected one class of "0", "1", "2", "1", "0", "2", got "1"`,
    );
    const twice = { x, y, sampleWeight: y };
    expect(await failure(() => made.fit(twice, { sampleWeight: y }))).toBe(
      "ArgumentError: fit(): sampleWeight: expected weights in the data set or among the options, got both",
    );
    expect(made.getWeights()).toEqual(before);
    using several = two();
    const call = () => several.fit(x, { kind: y, size: y }, { classWeight: { kinds: [1, 2, 3] } });
    expect(await failure(call)).toBe(
      'ArgumentError: fit(): classWeight: unknown output "kinds"; did you mean "kind"?',
    );
    using bits = sequential([dense(2)], { inputShape: [3] }).compile({
      optimizer: "sgd",
      loss: "binaryCrossentropy",
    });
    const labels = tensor(
      Array.from({ length: 2 * ROWS }, (_, i) => Number(i < 3)),
      [ROWS, 2],
    );
    expect(await failure(() => bits.fit(x, labels, { classWeight: "balanced" }))).toBe(
      `DataError: ${where}y: row 0: expected one class, got 1, 1; losses weigh what has more: classWeights, posWeight`,
    );
    using amounts = sequential([dense(1)], { inputShape: [3] }).compile({
      optimizer: "sgd",
      loss: "meanSquaredError",
    });
    const halves = y.map((label) => label / 2);
    expect(await failure(() => amounts.fit(x, halves, { classWeight: "balanced" }))).toBe(
      `DataError: ${where}y: row 1: expected one class, got 0.5; losses weigh what has more: classWeights, posWeight`,
    );
  });
});

test("evaluate takes weights of rows among its options", () => {
  using made = classifier();
  const sampleWeight = y.map((label) => label);
  expect(made.evaluate(x, y, { sampleWeight })).toEqual(made.evaluate({ x, y, sampleWeight }));
});

describe("means of metrics in history", () => {
  test.each([[3], [4], [7], [64]])("are quotients of sums, %d rows a batch", (batchSize) => {
    using made = sequential([dense(3)], { inputShape: [3], seed: 2 }).compile({
      optimizer: sgd({ learningRate: 0 }),
      loss: "sparseCategoricalCrossentropy",
      metrics: ["accuracy"],
    });
    const rows = 97;
    const many = random([rows, 3], 3);
    const labels = Array.from({ length: rows }, (_, i) => i % 3);
    const predicted = argmax(made.predict(many)).data();
    const right = labels.filter((label, i) => predicted[i] === label).length;
    const seen: number[] = [];
    const onEpochEnd = (_: number, { accuracy }: { readonly accuracy?: number }) =>
      void seen.push(accuracy!);
    const callbacks = [earlyStopping({ monitor: "loss", patience: 9 }), { onEpochEnd }];
    const { history } = made.fitSync(many, labels, { batchSize, callbacks });
    expect(history.accuracy).toEqual([right / rows]);
    expect(seen).toEqual([right / rows]);
    expect(made.evaluate(many, labels).accuracy).toBe(right / rows);
    const first = made.trainOnBatch(tensor(many.data().slice(0, 21), [7, 3]), labels.slice(0, 7));
    const hits = labels.slice(0, 7).filter((label, i) => predicted[i] === label).length;
    expect(first.accuracy).toBe(hits / 7);
    const sampleWeight = labels.map((label) => label + 1);
    const weighted = made.fitSync({ x: many, y: labels, sampleWeight }, { batchSize });
    expect(weighted.history.accuracy).toEqual([right / rows]);
  });
});

describe("classWeights of a loss", () => {
  const weights = { classWeights: [1, 2, 5] };
  const all = ["accuracy", metrics.confusionMatrix({ weighted: true })] as const;
  test.each<[string, Loss, Loss, number[] | Tensor]>([
    ["sparse", sparseCategoricalCrossentropy(weights), sparseCategoricalCrossentropy(), y],
    [
      "sparse, some ignored",
      sparseCategoricalCrossentropy({ ...weights, ignoreIndex: 2 }),
      sparseCategoricalCrossentropy({ ignoreIndex: 2 }),
      y,
    ],
    [
      "of rows of probabilities",
      categoricalCrossentropy(weights),
      categoricalCrossentropy(),
      oneHot(Int32Array.from(y), 3),
    ],
  ])("weigh the loss alone: metrics are as without, %s", (_name, weighed, plain, targets) => {
    const [one, other] = [weighed, plain].map((loss) =>
      sequential([dense(3)], { inputShape: [3], seed: 1 })
        .compile({ optimizer: sgd({ learningRate: 0 }), loss, metrics: [...all] })
        .fitSync(x, targets, { batchSize: 4, sampleWeight: y.map((_label, row) => 1 + (row % 2)) }),
    );
    const { loss: first, ...measured } = one!.history;
    const { loss: second, ...expected } = other!.history;
    expect(measured).toEqual(expected);
    expect(first).not.toEqual(second);
  });
});
