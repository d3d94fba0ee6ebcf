import * as library from "ferrograd";
import {
  add,
  binaryCrossentropy,
  binaryFocalCrossentropy,
  categoricalCrossentropy,
  categoricalFocalCrossentropy,
  dense,
  dice,
  gaussianNegativeLogLikelihood,
  grad,
  identity,
  klDivergence,
  type Loss,
  loadModel,
  logSoftmax,
  matmul,
  meanAbsolutePercentageError,
  meanSquaredError,
  meanSquaredLogarithmicError,
  metrics as measures,
  mul,
  pinball,
  sequential,
  sgd,
  sigmoid,
  softmax,
  sparseCategoricalCrossentropy,
  sparseCategoricalFocalCrossentropy,
  sub,
  sum,
  type Tensor,
  tensor,
  transpose,
  triplet,
  tversky,
  unitNormalization,
} from "ferrograd";
import { checkGradients } from "ferrograd/check";
import { describe, expect, test } from "vitest";
import lossesFile from "./golden/losses-more.json" with { type: "json" };
import { expectAllclose, isClose } from "./support/allclose.ts";
import { asTensor, type GoldenTensor, values } from "./support/golden.ts";
import { failure } from "./support/model.ts";
import { random } from "./support/numbers.ts";
import { ours } from "./support/shares.ts";

/** A case of losses-more.json. */
interface Case {
  readonly name: string;
  readonly options: Readonly<Record<string, unknown>>;
  readonly prediction: GoldenTensor;
  readonly target: GoldenTensor;
  readonly rows: GoldenTensor;
  readonly mean: number;
  readonly grad: GoldenTensor;
  readonly v: GoldenTensor;
  readonly second: GoldenTensor;
}

type Call = (y: Tensor, p: Tensor, options: object) => Tensor;
interface AnyLoss extends Call {
  (options: object): Loss;
}

const cases = lossesFile.cases as unknown as readonly Case[];
const lossOf = ({ name }: Case) => Reflect.get(library, name) as AnyLoss;
const ofLabels = ({ name }: Case) => /^sparse|^triplet/.test(name);
const targetOf = (c: Case): Tensor =>
  ofLabels(c)
    ? (tensor(c.target.data.map(Number), c.target.shape, "int32") as unknown as Tensor)
    : asTensor(c.target);
const titled = cases.map((c) => [`${c.name} ${JSON.stringify(c.options)}`, c] as const);

describe.each(ours(titled))("%s", (_title, c) => {
  const [loss, y, p] = [lossOf(c), targetOf(c), asTensor(c.prediction)];
  const expected = values(c.rows);

  test("has the numbers of the reference, and its gradients", () => {
    expectAllclose(loss(y, p, c.options).data(), expected, 1e-5, "rows");
    const mean = loss(y, p, { ...c.options, reduction: "mean" });
    const [dp] = grad(mean, [p]);
    const [second] = grad(sum(mul(dp!, asTensor(c.v))), [p]);
    expect(isClose(mean.item(), c.mean, 1e-5), `${mean.item()} is not ${c.mean}`).toBe(true);
    expectAllclose(dp!.data(), values(c.grad), 1e-5, "gradient");
    expectAllclose(second!.data(), values(c.second), 1e-5, "second derivative");
    const total = expected.reduce((a, b) => a + b, 0);
    expectAllclose([loss(y, p, { ...c.options, reduction: "sum" }).item()], [total], 1e-5);
  });

  test("trains a model with that mean, or that sum, and is saved with its options", () => {
    const inputShape = p.shape.slice(1);
    const target = c.name === "pinball" ? asTensor(c.target) : y;
    const made = (options: object) =>
      sequential([identity()], { inputShape }).compile({
        optimizer: "sgd",
        loss: loss({ ...c.options, ...options }),
      });
    using model = made({});
    const wide = c.name === "pinball" && Array.isArray(c.options.quantile);
    if (wide) return; // its targets are one number for all, which another test has
    expectAllclose([model.evaluate(p, target).loss], [c.mean], 1e-5);
    using again = loadModel(model.save());
    expect(again.evaluate(p, target)).toEqual(model.evaluate(p, target));
    using summed = made({ reduction: "sum" });
    const total = expected.reduce((a, b) => a + b, 0);
    expectAllclose([summed.evaluate(p, target).loss], [total], 1e-5);
    using summedAgain = loadModel(summed.save());
    expectAllclose([summedAgain.evaluate(p, target).loss], [total], 1e-5);
    const sampleWeight = Array.from(expected, (_, row) => row % 3);
    const weighted = model.evaluate(p, target, { sampleWeight }).loss;
    expect(Number.isFinite(weighted)).toBe(true);
  });
});

describe("overlaps take probabilities", () => {
  const bits = tensor([1, 0, 0, 1, 1, 0], [3, 2]);
  const x = random([3, 2], 4, -2, 2);
  const net = (activation?: "sigmoid" | "softmax") =>
    sequential([dense(2, activation && { activation })], { inputShape: [2], seed: 1 });

  test("of logits where that is said, and then those of their sigmoid", () => {
    for (const loss of [dice, tversky]) {
      const expected = loss(bits, sigmoid(x)).data();
      expect(loss(bits, x, { fromLogits: true }).data()).toEqual(expected);
      expect(loss({ fromLogits: true })(bits, x).data()).toEqual(expected);
      expect(loss(bits, mul(sigmoid(x), 1), { fromLogits: false }).data()).toEqual(expected);
    }
  });

  test("a model says how it takes its outputs; files keep what was said", () => {
    using logits = net().compile({ optimizer: "sgd", loss: dice({ fromLogits: true }) });
    using probabilities = net("sigmoid").compile({ optimizer: "sgd", loss: dice });
    expect(logits.evaluate(x, bits)).toEqual(probabilities.evaluate(x, bits));
    expect(probabilities.summary()).toContain("loss dice, from the outputs as probabilities");
    using again = loadModel(logits.save());
    expect(again.evaluate(x, bits)).toEqual(logits.evaluate(x, bits));
    using softmaxed = net("softmax").compile({ optimizer: "sgd", loss: tversky() });
    expect(softmaxed.evaluate(x, bits).loss).toBeGreaterThan(0);
  });

  test("what is made of probabilities may be either", () => {
    const mean = mul(add(sigmoid(x), sigmoid(mul(x, 2))), 0.5);
    expect(() => dice(bits, mean)).toThrow("dice(): expected probabilities, got what may be");
    expect(dice(bits, mean, { fromLogits: false }).data()[0]).toBeGreaterThan(0);
  });
});

describe("a divergence takes probabilities", () => {
  const t = softmax(random([3, 2], 7));
  const x = random([3, 2], 4, -2, 2);
  const net = (activation?: "sigmoid" | "softmax") =>
    sequential([dense(2, activation && { activation })], { inputShape: [2], seed: 1 });
  const refusal =
    "expected probabilities, got what may be logits or probabilities; end in a softmax, or say it: " +
    "klDivergence({ fromLogits: true }) takes the softmax of logits, klDivergence({ fromLogits: false }) probabilities";

  test("of logits where that is said, with the gradient (softmax − t) of theirs", () => {
    const expected = klDivergence(t, softmax(x)).data();
    const divergence = klDivergence({ fromLogits: true });
    expectAllclose(divergence(t, x).data(), expected, 1e-6);
    expectAllclose(klDivergence(t, logSoftmax(x), { fromLog: true }).data(), expected, 1e-6);
    const [dx] = grad(sum(divergence(t, x)), [x]);
    expectAllclose(dx!.data(), sub(softmax(x), t).data(), 1e-6);
    const far = divergence([[1, 0]], tensor([[-200, 200]]));
    expectAllclose(far.data(), [400], 1e-5); // where probabilities would be 1e-7
  });

  test("and refuses what may be either, in a model before it trains", () => {
    const mean = mul(add(softmax(x), softmax(mul(x, 2))), 0.5);
    for (const either of [mean, matmul(x, matmul(transpose(x), x))]) {
      expect(() => klDivergence(t, either)).toThrow(`klDivergence(): ${refusal}`);
      expect(klDivergence(t, either, { fromLogits: false }).data()[0]).toBeTypeOf("number");
    }
    expect(() => net().compile({ optimizer: "sgd", loss: "klDivergence" })).toThrow(
      `compile(): ${refusal}`,
    );
    expect(() => klDivergence(t, x, { fromLog: true, fromLogits: true })).toThrow(
      "klDivergence(): expected fromLog or fromLogits, got both",
    );
  });

  test("a model says how it takes its outputs; files keep what was said; metrics follow", () => {
    const loss = klDivergence({ fromLogits: true });
    const metrics = [measures.klDivergence()];
    using logits = net().compile({ optimizer: "sgd", loss, metrics });
    using probabilities = net("softmax").compile({ optimizer: "sgd", loss: "klDivergence" });
    const measured = logits.evaluate(x, t);
    expectAllclose([measured.loss], [probabilities.evaluate(x, t).loss], 1e-6);
    expect(measured.klDivergence).toBe(measured.loss);
    expect(probabilities.summary()).toContain("klDivergence, from the outputs as probabilities");
    using again = loadModel(logits.save());
    expect(again.evaluate(x, t)).toEqual(measured);
    const beside = { optimizer: "sgd", loss: "meanSquaredError" } as const;
    expect(() => net().compile({ ...beside, metrics })).toThrow(refusal);
    using said = net().compile({
      ...beside,
      metrics: [measures.klDivergence({ fromLogits: true })],
    });
    expectAllclose([said.evaluate(x, t).klDivergence], [measured.loss], 1e-6);
    using sigmoids = net("sigmoid").compile({ ...beside, metrics });
    expect(sigmoids.evaluate(x, t).klDivergence).toBeGreaterThan(0);
  });
});

describe("gradients are those of differences", () => {
  const bits = tensor([1, 0, 0, 1, 1, 0], [3, 2]);
  const p = random([3, 2], 4, 0.1, 0.9);
  const losses: [string, (p: Tensor) => Tensor][] = [
    ["focal of probabilities", (x) => binaryFocalCrossentropy(bits, x, { fromLogits: false })],
    ["focal rows", (x) => categoricalFocalCrossentropy(bits, x, { fromLogits: false, gamma: 1.5 })],
    ["positives", (x) => binaryCrossentropy(bits, x, { fromLogits: false, posWeight: 3 })],
    ["quantiles", (x) => pinball(tensor([[2], [0], [0.5]]), x, { quantile: [0.1, 0.9] })],
    ["variances", (x) => gaussianNegativeLogLikelihood([[1], [2], [3]], x, { full: true })],
    ["overlaps", (x) => tversky(bits, x)],
    ["triplets", (x) => triplet(Int32Array.of(0, 1, 0), x)],
  ];
  test.each(losses)("%s", (_name, loss) => {
    const { maxError, worst } = checkGradients((x) => sum(loss(x as Tensor)), p);
    expect(maxError, JSON.stringify(worst)).toBeLessThan(1e-4);
  });

  test("and finite where probabilities are 0 or 1", () => {
    const far = tensor([200, -200, -200, 200, 0, 500], [3, 2]);
    for (const gamma of [0, 0.5, 1, 2, 5]) {
      for (const loss of [binaryFocalCrossentropy, categoricalFocalCrossentropy]) {
        const value = loss(bits, far, { gamma });
        const [d] = grad(sum(value), [far]);
        const [d2] = grad(sum(d!), [far]);
        const all = [d2!, d!, value].flatMap((x) => [...x.data()]);
        expect(all.every(Number.isFinite), `${gamma}: ${all}`).toBe(true);
      }
    }
    const same = tensor([1, 1, 1, 1, 1, 1], [3, 2]);
    const [d] = grad(sum(triplet(Int32Array.of(0, 1, 0), same)), [same]);
    expect([...d!.data()].every(Number.isFinite)).toBe(true);
  });
});

describe("focal losses", () => {
  const z = random([5, 3], 2, -3, 3);
  const labels = Int32Array.of(0, 2, 1, -1, 2);
  const known = Int32Array.of(0, 2, 1, 0, 2);
  const rows = library.oneHot(known, 3);

  test("without gamma are cross-entropies", () => {
    const none = { gamma: 0 };
    const classes = categoricalCrossentropy(rows, z).data();
    expectAllclose(categoricalFocalCrossentropy(rows, z, none).data(), classes, 1e-5);
    expectAllclose(sparseCategoricalFocalCrossentropy(known, z, none).data(), classes, 1e-5);
    const bits = binaryCrossentropy(rows, z).data();
    expectAllclose(binaryFocalCrossentropy(rows, z, none).data(), bits, 1e-5);
  });

  test("read a softmax and a sigmoid as cross-entropies do, and refuse mixtures", async () => {
    expect(categoricalFocalCrossentropy(rows, softmax(z)).data()).toEqual(
      categoricalFocalCrossentropy(rows, z).data(),
    );
    expect(binaryFocalCrossentropy(rows, sigmoid(z)).data()).toEqual(
      binaryFocalCrossentropy(rows, z).data(),
    );
    const mixture = library.add(softmax(z), softmax(z));
    expect(await failure(() => sparseCategoricalFocalCrossentropy(known, mixture))).toMatch(
      /^ArgumentError: .*sparseCategoricalFocalCrossentropy\({ fromLogits: false }\) takes them/,
    );
  });

  test("leave out rows whose label is ignored", () => {
    const loss = sparseCategoricalFocalCrossentropy(labels, z, { ignoreIndex: -1 }).data();
    const all = sparseCategoricalFocalCrossentropy(known, z).data();
    expect([...loss]).toEqual(Array.from(all, (v, i) => (i === 3 ? 0 : v)));
    using model = sequential([identity()], { inputShape: [3] }).compile({
      optimizer: "sgd",
      loss: sparseCategoricalFocalCrossentropy({ ignoreIndex: -1 }),
      metrics: ["accuracy", library.metrics.recall({ average: "none" })],
    });
    const expected = [0, 1, 2, 4].reduce((total, i) => total + all[i]! / 4, 0);
    expectAllclose([model.evaluate(z, labels).loss], [expected], 1e-6);
  });
});

describe("triplets", () => {
  test("pull classes apart, a batch at a time", async () => {
    const labels = Int32Array.from({ length: 60 }, (_, i) => i % 3);
    const x = library.add(random([60, 4], 1, -0.6, 0.6), library.oneHot(labels, 4));
    using model = sequential([dense(8), unitNormalization()], {
      inputShape: [4],
      seed: 1,
    }).compile({
      optimizer: sgd({ learningRate: 0.2 }),
      loss: triplet({ margin: 0.5, mining: "hard" }),
    });
    const before = model.evaluate(x, labels).loss;
    await model.fit(x, labels, { epochs: 30, batchSize: 20 });
    expect(model.evaluate(x, labels).loss).toBeLessThan(0.7 * before);
  });

  test("of a batch of one class, or of none twice, are none", () => {
    const x = random([3, 2], 1);
    for (const labels of [
      [1, 1, 1],
      [0, 1, 2],
    ]) {
      for (const mining of ["hard", "semiHard"] as const) {
        const y = Int32Array.from(labels);
        expect(triplet(y, x, { mining }).array()).toEqual([0, 0, 0]);
        expect(triplet(y, x, { mining, reduction: "mean" }).item()).toBe(0);
      }
    }
  });
});

test("quantiles of one target are one output each", () => {
  const x = random([200, 1], 3);
  const y = tensor(
    Array.from(x.data(), (v, i) => 3 * v + (i % 11)),
    [200, 1],
  );
  using model = sequential([dense(3)], { inputShape: [1], seed: 1 }).compile({
    optimizer: library.adam({ learningRate: 0.1 }),
    loss: pinball({ quantile: [0.1, 0.5, 0.9] }),
  });
  model.fitSync(x, y, { epochs: 40, batchSize: 50 });
  const said = model.predict(x).array() as number[][];
  const below = [0, 1, 2].map(
    (column) => said.filter((row, i) => y.data()[i]! < row[column]!).length / 200,
  );
  for (const [i, share] of [0.1, 0.5, 0.9].entries()) {
    expect(Math.abs(below[i]! - share)).toBeLessThan(0.07);
  }
  using again = loadModel(model.save());
  expect(again.evaluate(x, y)).toEqual(model.evaluate(x, y));
});

describe("reductions", () => {
  const x = random([7, 2], 1);
  const y = random([7, 2], 2);

  test("to a sum train with the sum of a batch, and say the sum of all", () => {
    const made = (reduction: "mean" | "sum", learningRate: number) =>
      sequential([dense(2)], { inputShape: [2], seed: 1 }).compile({
        optimizer: sgd({ learningRate }),
        loss: meanSquaredError({ reduction }),
        metrics: ["meanSquaredError"],
      });
    using mean = made("mean", 0.7);
    using summed = made("sum", 0.1);
    const one = mean.trainOnBatch(x, y);
    const other = summed.trainOnBatch(x, y);
    expectAllclose([other.loss], [one.loss * 7], 1e-6);
    expect(other.meanSquaredError).toBeCloseTo(one.meanSquaredError, 6);
    expectAllclose(summed.getWeights()[0]!, mean.getWeights()[0]!, 1e-6);
    using still = made("sum", 0);
    const all = still.evaluate(x, y).loss;
    for (const batchSize of [2, 7]) {
      expectAllclose(still.fitSync(x, y, { batchSize }).history.loss, [all], 1e-6);
    }
    const sampleWeight = [1, 0, 2, 1, 0, 0, 1];
    const weighted = still.evaluate(x, y, { sampleWeight }).loss;
    const { history } = still.fitSync({ x, y, sampleWeight }, { batchSize: 3 });
    expectAllclose(history.loss, [weighted], 1e-6);
  });

  test("of several outputs add up with their weights", () => {
    const inputs = library.input([2]);
    const outputs = { a: dense(2)(inputs), b: dense(2)(inputs) };
    using model = library.model({ inputs, outputs, seed: 1 }).compile({
      optimizer: "sgd",
      loss: { a: meanSquaredError({ reduction: "sum" }), b: "meanSquaredError" },
      lossWeights: { a: 0.5, b: 2 },
    });
    const said: Record<string, number> = model.evaluate(x, { a: y, b: y });
    expectAllclose([said.loss!], [0.5 * said.a_loss! + 2 * said.b_loss!], 1e-6);
    const trained: Record<string, number> = model.trainOnBatch(x, { a: y, b: y });
    expectAllclose([trained.loss!, trained.a_loss!], [said.loss!, said.a_loss!], 1e-6);
  });

  test("to a sum leave no place for a regularizer, which is added once", async () => {
    using model = sequential([dense(2, { kernelRegularizer: library.regularizers.l2(0.1) })], {
      inputShape: [2],
    }).compile({ optimizer: "sgd", loss: meanSquaredError({ reduction: "sum" }) });
    expect(await failure(() => model.fit(x, y))).toMatch(
      /^ArgumentError: loss: reduction: expected "mean" in a model whose layers add losses/,
    );
  });

  test("to none belong to tensors", async () => {
    const call = () =>
      sequential([dense(1)], { inputShape: [1] }).compile({
        optimizer: "sgd",
        loss: meanSquaredError({ reduction: "none" }),
      });
    expect(await failure(call)).toBe(
      'ArgumentError: compile(): loss: reduction: expected "mean" or "sum" in a model, got "none"',
    );
    expect(meanSquaredError([[1]], [[3]], { reduction: "none" }).array()).toEqual([4]);
  });
});

test("what they refuse", async () => {
  const z = random([2, 3], 1);
  const compiled = (loss: Loss, units: number) =>
    sequential([dense(units)], { inputShape: [3] }).compile({ optimizer: "sgd", loss });
  const bad: [() => unknown, string][] = [
    [
      () => sparseCategoricalCrossentropy({ classWeights: [1, -1] }),
      "ArgumentError: sparseCategoricalCrossentropy(): classWeights[1]: expected a finite number of 0 or more that float32 holds, got -1",
    ],
    [
      () => categoricalCrossentropy({ classWeights: [0, 0] }),
      "ArgumentError: categoricalCrossentropy(): classWeights: expected a weight above 0, got none",
    ],
    [
      () => sparseCategoricalCrossentropy(Int32Array.of(0, 1), z, { classWeights: [1, 2] }),
      "ShapeError: sparseCategoricalCrossentropy(): classWeights: expected 3 weights, got 2",
    ],
    [
      () => binaryCrossentropy(z, z, { posWeight: [1, 2] }),
      "ShapeError: binaryCrossentropy(): posWeight: expected 3 weights, got 2",
    ],
    [
      () => pinball({ quantile: 1 }),
      "ArgumentError: pinball(): quantile: expected a number above 0 and below 1, got 1",
    ],
    [
      () => pinball(z, z, { quantile: [0.1, 0.9] }),
      "ShapeError: pinball(): quantile: expected predictions (…, 2), one for each quantile, got shape [2, 3]",
    ],
    [
      () => gaussianNegativeLogLikelihood([[1], [2]], z),
      "ShapeError: gaussianNegativeLogLikelihood(): expected predictions (…, 2n), n means and n variances, got shape [2, 3]",
    ],
    [
      () => triplet({ mining: "soft" as never }),
      'ArgumentError: triplet(): unknown mining "soft"; expected one of "semiHard", "hard"',
    ],
    [() => dice([[1]], z), "ShapeError: dice(): yTrue: expected shape [2, 3], got [1, 1]"],
    [
      () => compiled(dice, 2),
      "ArgumentError: compile(): expected probabilities, got what may be logits or probabilities; end in a sigmoid, or say it: " +
        "dice({ fromLogits: true }) takes the sigmoid of logits, dice({ fromLogits: false }) probabilities",
    ],
    [
      () => tversky([[1], [1]], matmul(z, tensor([[1], [1], [1]]))),
      "ArgumentError: tversky(): expected probabilities, got what may be logits or probabilities; end in a sigmoid, or say it: " +
        "tversky({ fromLogits: true }) takes the sigmoid of logits, tversky({ fromLogits: false }) probabilities",
    ],
    [
      () => compiled(sparseCategoricalFocalCrossentropy(), 3).fit(z, [0, 3]),
      "DataError: fit(): y: row 1: expected a class from 0 to 2, got 3",
    ],
    [
      () => compiled(meanAbsolutePercentageError(), 1).fit(z, [[2], [0]]),
      "DataError: fit(): y: row 1: expected a number other than 0, which the error is divided by, got 0",
    ],
    [
      () => compiled(meanSquaredLogarithmicError(), 1).fit(z, [[-2], [0]]),
      "DataError: fit(): y: row 0: expected a number of 0 or more, got -2",
    ],
  ];
  for (const [call, message] of bad) expect(await failure(call)).toBe(message);
});
