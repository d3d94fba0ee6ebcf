import {
  activation,
  binaryCrossentropy,
  type CrossentropyOptions,
  categoricalCrossentropy,
  dense,
  grad,
  mean,
  meanSquaredError,
  oneHot,
  sequential,
  sigmoid,
  softmax,
  softmaxLayer,
  sparseCategoricalCrossentropy,
  type Tensor,
  tensor,
} from "ferrograd";
import { describe, expect, test } from "vitest";
import { expectAllclose } from "./support/allclose.ts";
import { blobs, failure, flatWeights } from "./support/model.ts";
import { floats, integers, random } from "./support/numbers.ts";

const logits = random([6, 4], 1, -5, 5);
const labels = integers([6], 4, 2);
const targets = softmax(random([6, 4], 9)); // rows of probabilities, not one-hot

/** −Σ t·log softmax(z) in float64. */
function crossEntropy(z: Tensor, t: Tensor): number[] {
  const rows = z.array() as number[][];
  const weights = t.array() as number[][];
  return rows.map((row, i) => {
    const top = Math.max(...row);
    const logSum = top + Math.log(row.reduce((sum, v) => sum + Math.exp(v - top), 0));
    return row.reduce((loss, v, j) => loss - weights[i]![j]! * (v - logSum), 0);
  });
}

describe("categorical cross-entropy", () => {
  test("is the negative logarithm of the label's probability", () => {
    const expected = crossEntropy(logits, oneHot(labels, 4));
    expectAllclose(sparseCategoricalCrossentropy(labels, logits).data(), expected, 2e-6);
    expectAllclose(categoricalCrossentropy(oneHot(labels, 4), logits).data(), expected, 2e-6);
  });

  test("takes rows of probabilities as they are", () => {
    const expected = crossEntropy(logits, targets);
    expectAllclose(categoricalCrossentropy(targets, logits).data(), expected, 2e-6);
  });

  test("has the same gradient from labels and from one-hot rows", () => {
    const [a] = grad(mean(sparseCategoricalCrossentropy(labels, logits)), [logits]);
    const [b] = grad(mean(categoricalCrossentropy(oneHot(labels, 4), logits)), [logits]);
    expectAllclose(a!.data(), b!.data(), 1e-6);
  });

  test("does not overflow", () => {
    const far = tensor([[1000, -1000, 0]]);
    expect(sparseCategoricalCrossentropy(Int32Array.of(1), far).array()).toEqual([2000]);
    const [dLogits] = grad(mean(sparseCategoricalCrossentropy(Int32Array.of(1), far)), [far]);
    expect(dLogits!.array()).toEqual([[1, -1, 0]]);
  });

  const forms: [string, (p: Tensor, options?: CrossentropyOptions) => Tensor][] = [
    ["labels", (p, options) => sparseCategoricalCrossentropy(labels, p, options)],
    ["rows", (p, options) => categoricalCrossentropy(oneHot(labels, 4), p, options)],
  ];

  test.each(forms)("of %s goes back from a softmax to its logits", (_name, loss) => {
    expect(loss(softmax(logits)).data()).toEqual(loss(logits).data());
  });

  test.each(forms)("of %s with fromLogits: false takes probabilities", (_name, loss) => {
    const p = softmax(logits);
    expectAllclose(loss(p, { fromLogits: false }).data(), loss(logits).data(), 1e-5);
    const plain = tensor(p.data(), p.shape);
    expectAllclose(loss(plain, { fromLogits: false }).data(), loss(logits).data(), 1e-5);
    // Probabilities that are only data look like logits, unless said otherwise.
    expect(loss(plain).data()).toEqual(loss(plain, { fromLogits: true }).data());
  });

  test.each(forms)("of %s with fromLogits: true takes even a softmax as logits", (_n, loss) => {
    const p = softmax(logits);
    const plain = tensor(p.data(), p.shape);
    expect(loss(p, { fromLogits: true }).data()).toEqual(loss(plain).data());
  });

  test("of a probability of 0 is finite, at the clip of 1e-7", () => {
    const p = tensor([[1, 0]]);
    const [loss] = sparseCategoricalCrossentropy(Int32Array.of(1), p, {
      fromLogits: false,
    }).data();
    expectAllclose([loss!], [-Math.log(1e-7)], 1e-5);
  });
});

describe("binary cross-entropy", () => {
  const t = tensor([0, 1, 1, 0, 0.3, 1], [6, 1]);
  const z = tensor([-3, 2, -1, 40, 0.5, -100], [6, 1]);
  const expected = Array.from(z.data(), (v, i) => {
    const target = t.data()[i]!;
    return Math.max(v, 0) - v * target + Math.log1p(Math.exp(-Math.abs(v)));
  });

  test("is max(x, 0) − x·t + log(1 + e^−|x|) of logits", () => {
    expectAllclose(binaryCrossentropy(t, z).data(), expected, 2e-6);
  });

  test("goes back from a sigmoid to its logits", () => {
    expect(binaryCrossentropy(t, sigmoid(z)).data()).toEqual(binaryCrossentropy(t, z).data());
  });

  test("fromLogits false takes probabilities, true takes a sigmoid as logits", () => {
    const p = sigmoid(tensor([-1, 2], [2, 1]));
    const y = tensor([0, 1], [2, 1]);
    const exact = binaryCrossentropy(y, p).data();
    expectAllclose(binaryCrossentropy(y, p, { fromLogits: false }).data(), exact, 1e-5);
    const plain = tensor(p.data(), [2, 1]);
    const asLogits = binaryCrossentropy(y, p, { fromLogits: true });
    expect(asLogits.data()).toEqual(binaryCrossentropy(y, plain).data());
  });

  test("averages the last axis, and takes targets without it", () => {
    const wide = binaryCrossentropy(random([2, 3], 1, 0, 1), random([2, 3], 2));
    expect(wide.shape).toEqual([2]);
    const flat = tensor(t.data(), [6]);
    expect(binaryCrossentropy(flat, z).data()).toEqual(binaryCrossentropy(t, z).data());
  });
});

describe("mean squared error", () => {
  test("is the mean of squares over the last axis", () => {
    const loss = meanSquaredError(
      [
        [1, 2],
        [0, 0],
      ],
      [
        [1, 4],
        [3, 1],
      ],
    );
    expect(loss.array()).toEqual([2, 5]);
    expect(meanSquaredError([1, 2], tensor([[1], [4]])).array()).toEqual([0, 4]);
  });
});

describe("losses of a model", () => {
  const { x, y } = blobs();

  /** Weights after training, and accuracy, of a net that ends in `last`. */
  const trained = (last: "logits" | "softmax", form: "labels" | "rows") => {
    const layers = [dense(8, { activation: "tanh", name: "h" }), dense(3, { name: "out" })];
    using model = sequential(last === "softmax" ? [...layers, softmaxLayer()] : layers, {
      inputShape: [4],
      seed: 1,
    }).compile({
      optimizer: "adam",
      loss: form === "labels" ? "sparseCategoricalCrossentropy" : "categoricalCrossentropy",
      metrics: ["accuracy"],
    });
    const { history } = model.fitSync(x, form === "labels" ? y : oneHot(y, 3), { epochs: 3 });
    return { history, weights: flatWeights(model) };
  };

  test("a softmax at the end changes nothing about training", () => {
    expect(trained("softmax", "labels")).toEqual(trained("logits", "labels"));
  });

  test("labels and one-hot rows train alike", () => {
    const [a, b] = [trained("logits", "labels"), trained("logits", "rows")];
    expectAllclose(a.weights, b.weights, 1e-5);
    expect(a.history.accuracy).toEqual(b.history.accuracy);
  });

  test("accuracy has its form for each cross-entropy", () => {
    const identity = [
      [1, 0, 0],
      [0, 1, 0],
      [0, 0, 1],
    ];
    const rows = [
      [5, 1, 0],
      [0, 2, 1],
      [0, 1, 2],
      [3, 2, 1],
    ];
    const accuracy = (
      loss: "sparseCategoricalCrossentropy" | "categoricalCrossentropy" | "binaryCrossentropy",
      expected: Parameters<typeof tensor>[0],
    ) => {
      using model = sequential([dense(3)], { inputShape: [3] }).compile({
        optimizer: "sgd",
        loss,
        metrics: ["accuracy"],
      });
      model.setWeights([identity, [0, 0, 0]]);
      return model.evaluate(rows, expected as number[]).accuracy;
    };
    expect(accuracy("sparseCategoricalCrossentropy", [0, 1, 0, 2])).toBe(0.5);
    const soft = [
      [0.6, 0.2, 0.2],
      [0.1, 0.8, 0.1],
      [1, 0, 0],
      [0, 0, 1],
    ];
    expect(accuracy("categoricalCrossentropy", soft)).toBe(0.5);
    const bits = [
      [1, 1, 0], // all right: a logit of 0 is not above 0
      [0, 0, 0], // 1 of 3
      [0, 1, 1],
      [1, 1, 1],
    ];
    expectAllclose([accuracy("binaryCrossentropy", bits)], [(3 + 1 + 3 + 3) / 12], 1e-6);
  });

  test("binary accuracy has its threshold at probability 1/2, with or without sigmoid", () => {
    for (const layers of [[dense(1)], [dense(1), activation("sigmoid")]]) {
      using model = sequential(layers, { inputShape: [1] }).compile({
        optimizer: "sgd",
        loss: "binaryCrossentropy",
        metrics: ["accuracy"],
      });
      model.setWeights([[[1]], [0]]);
      const measured = model.evaluate([[-0.2], [0.2], [3], [-3]], [0, 1, 0, 0]);
      expect(measured.accuracy).toBe(0.75);
    }
  });

  test("accuracy of a regression is refused", async () => {
    using model = sequential([dense(1)], { inputShape: [1] });
    const compile = (loss: "meanSquaredError") =>
      failure(() => model.compile({ optimizer: "sgd", loss, metrics: ["accuracy"] }));
    expect(await compile("meanSquaredError")).toBe(
      'ArgumentError: compile(): metric "accuracy": expected a cross-entropy as the loss, got "meanSquaredError"',
    );
  });
});

describe("what losses refuse", () => {
  test("shapes that do not fit and unknown options", async () => {
    const bad: [() => unknown, string][] = [
      [
        () => sparseCategoricalCrossentropy(Int32Array.of(1, 2), logits),
        "ShapeError: sparseCategoricalCrossentropy(): yTrue: expected shape [6], got [2]",
      ],
      [
        () => categoricalCrossentropy(floats(6), logits),
        "ShapeError: categoricalCrossentropy(): yTrue: expected shape [6, 4], got [6]",
      ],
      [
        () => binaryCrossentropy(floats(6), logits),
        "ShapeError: binaryCrossentropy(): yTrue: expected shape [6, 4], got [6]",
      ],
      [
        () => meanSquaredError(floats(5), logits),
        "ShapeError: meanSquaredError(): yTrue: expected shape [6, 4], got [5]",
      ],
      [
        () => binaryCrossentropy(logits, logits, { formLogits: true } as never),
        'ArgumentError: binaryCrossentropy(): unknown option "formLogits"; did you mean "fromLogits"?',
      ],
      [
        () => binaryCrossentropy(logits, logits, { fromLogits: 1 as never }),
        "ArgumentError: binaryCrossentropy(): fromLogits: expected true or false, got 1",
      ],
    ];
    for (const [call, message] of bad) expect(await failure(call)).toBe(message);
  });

  test("labels outside the classes, as they run", async () => {
    for (const label of [4, -1, 2 ** 30]) {
      const y = labels.data().fill(label, 2, 3);
      expect(await failure(() => sparseCategoricalCrossentropy(y, logits).data())).toMatch(
        /^DataError: .*element 2: expected an index from 0 to \d+, got /,
      );
    }
  });
});
