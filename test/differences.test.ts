import {
  adam,
  add,
  averagePool1d,
  binaryCrossentropy,
  binaryFocalCrossentropy,
  cast,
  conv,
  dense,
  div,
  floorDiv,
  grad,
  initializers,
  leakyRelu,
  matmul,
  max,
  maximum,
  maxPool1d,
  mean,
  meanAbsolutePercentageError,
  meanSquaredError,
  metrics,
  momentum,
  mul,
  type Optimizer,
  randomBrightness,
  randomContrast,
  regularizers,
  reshape,
  sequential,
  sgd,
  softmax,
  sparseCategoricalCrossentropy,
  square,
  sub,
  sum,
  type Tensor,
  tensor,
  variable,
} from "ferrograd";
import { describe, expect, test } from "vitest";
import { expectAllclose } from "./support/allclose.ts";
import { failure } from "./support/model.ts";

/** The variable [0] after steps with these gradients. */
function steps(
  optimizer: Optimizer,
  gradients: readonly number[],
  before?: (step: number) => void,
) {
  const w = variable([0]);
  gradients.forEach((g, step) => {
    before?.(step);
    optimizer.minimize(sum(mul(w, g)), [w]);
  });
  return w.data();
}

/** Mean and largest magnitude of the squares of values. */
function moments(values: Float32Array) {
  const variance = values.reduce((total, value) => total + value * value, 0) / values.length;
  return { variance, largest: values.reduce((most, value) => Math.max(most, Math.abs(value)), 0) };
}

const kernelOf = (activation: "relu" | "leakyRelu" | "tanh" | "linear") =>
  sequential([dense(100, { activation })], { inputShape: [200], seed: 3 }).getWeights()[0]!;

// Titles are the rows of docs/differences.md.
describe("optimizers", () => {
  const g = 1e-8;

  test("Adam's epsilon", () => {
    // m̂ = g and √v̂ = |g| at the first step.
    expectAllclose(steps(adam({ learningRate: 1 }), [g]), [-g / (g + 1e-8)], 1e-5);
  });

  test("where Adam's epsilon stands", () => {
    const beside = -g / (g + 1e-7);
    expectAllclose(steps(adam({ learningRate: 1, epsilon: 1e-7 }), [g]), [beside], 1e-5);
  });

  test("momentum", () => {
    const optimizer = momentum({ learningRate: 1 });
    const tenfoldLater = (step: number) => {
      if (step === 1) optimizer.learningRate = 10;
    };
    // v = 1, w = −1; v = 0.9, w = −1 − 10·0.9, where Keras would have −1 − 0.9.
    expectAllclose(steps(optimizer, [1, 0], tenfoldLater), [-10], 1e-6);
  });

  test("SGD's learning rate", () => expect(sgd().learningRate).toBe(0.01));
});

describe("layers", () => {
  test("slope of leakyRelu", () => {
    expectAllclose(leakyRelu([-1, 2]).data(), [-0.01, 2], 1e-7);
    expectAllclose(leakyRelu([-1, 2], { negativeSlope: 0.3 }).data(), [-0.3, 2], 1e-7);
  });

  test("first kernels of dense", () => {
    const [he, glorot] = [2 / 200, 2 / (200 + 100)];
    for (const activation of ["relu", "leakyRelu"] as const) {
      expectAllclose([moments(kernelOf(activation)).variance / he], [1], 0.05);
    }
    for (const activation of ["tanh", "linear"] as const) {
      const { variance, largest } = moments(kernelOf(activation));
      expectAllclose([variance / glorot], [1], 0.05);
      expect(largest).toBeLessThanOrEqual(Math.sqrt(3 * glorot));
    }
  });

  test("first biases of dense", () => {
    const [, bias] = sequential([dense(3)], { inputShape: [2] }).getWeights();
    expect(Array.from(bias!)).toStrictEqual([0, 0, 0]);
  });

  test("heNormal", () => {
    const { variance, largest } = moments(initializers.heNormal([200, 100], { seed: 1 }).data());
    const deviation = Math.sqrt(2 / 200);
    expectAllclose([variance / deviation ** 2], [1], 0.05);
    expect(largest).toBeLessThanOrEqual((2 * deviation) / 0.8796);
    expect(largest).toBeGreaterThan(2 * deviation);
  });

  test("kernel of dense", () => {
    using model = sequential([dense(2)], { inputShape: [3] });
    const [kernel, bias] = [
      [1, 2, 3, 4, 5, 6],
      [10, 20],
    ].map((v) => Float32Array.from(v));
    model.setWeights([kernel!, bias!]);
    const expected = add(matmul([[1, 1, 0]], tensor(kernel!, [3, 2])), bias!);
    expect(model.predict([[1, 1, 0]]).array()).toStrictEqual(expected.array());
    expect(expected.array()).toStrictEqual([[14, 26]]);
  });
});

describe("losses and metrics", () => {
  const labels = new Int32Array([1]);

  test("order of a loss's arguments", () => {
    const logits = tensor([[0, 0]]);
    expectAllclose(sparseCategoricalCrossentropy(labels, logits).data(), [Math.LN2], 1e-6);
    expect(meanSquaredError([[1]], [[4]]).item()).toBe(9);
  });

  test("what cross-entropy takes", () => {
    const logits = tensor([[1, 3]]);
    const loss = Math.log(1 + Math.exp(-2));
    const of = (yPred: Tensor, options?: { fromLogits: boolean }) =>
      sparseCategoricalCrossentropy(labels, yPred, options).data();
    expectAllclose(of(logits), [loss], 1e-6);
    expectAllclose(of(softmax(logits)), [loss], 1e-6);
    expectAllclose(of(tensor([[0.2, 0.8]]), { fromLogits: false }), [-Math.log(0.8)], 1e-6);
  });

  test("probabilities in logarithms", () => {
    const loss = binaryCrossentropy([[1]], [[0]], { fromLogits: false }).item();
    expectAllclose([loss], [-Math.log(1e-7)], 1e-5);
  });

  test("binary accuracy", () => {
    using model = sequential([dense(1)], { inputShape: [1] }).compile({
      optimizer: "sgd",
      loss: "binaryCrossentropy",
      metrics: ["accuracy"],
    });
    model.setWeights([[[1]], [0]]);
    expect(model.evaluate([[0.1], [0.4], [-0.1], [2]], [1, 1, 0, 0]).accuracy).toBe(0.75);
  });
});

describe("targets", () => {
  const net = (loss: "hinge" | "binaryCrossentropy") =>
    sequential([dense(1)], { inputShape: [1] }).compile({ optimizer: "sgd", loss });

  test("targets of hinge", async () => {
    using model = net("hinge");
    expect(model.trainOnBatch([[1], [2]], [-1, 1]).loss).toBeGreaterThan(0);
    expect(await failure(() => model.trainOnBatch([[1], [2]], [0, 1]))).toMatch(
      "DataError: trainOnBatch(): y: row 0: expected -1 or 1",
    );
  });

  test("labels of binary cross-entropy outside 0 and 1", async () => {
    using model = net("binaryCrossentropy");
    expect(await failure(() => model.trainOnBatch([[1], [2]], [1, 2]))).toMatch(
      "DataError: trainOnBatch(): y: row 1: expected a label from 0 to 1, got 2",
    );
  });

  test("accuracy beside a function as loss", async () => {
    const compile = (units: number) =>
      sequential([dense(units)], { inputShape: [1] }).compile({
        optimizer: "sgd",
        loss: (yTrue, yPred) => mean(square(sub(yTrue, yPred)), { axis: -1 }),
        metrics: ["accuracy"],
      });
    using model = compile(2);
    model.setWeights([[[1, 0]], [0, 0.5]]);
    const y = [
      [1, 0],
      [1, 0],
    ];
    expect(model.evaluate([[0], [1]], y).accuracy).toBe(0.5);
    expect(await failure(() => compile(1))).toMatch("binaryAccuracy");
  });
});

describe("gradients at ties", () => {
  test("equal values in maximum", () => {
    const [a, b] = [variable([2]), variable([2])];
    const gradients = grad(sum(maximum(a, b)), [a, b]);
    expect(gradients.map((gradient) => gradient.item())).toStrictEqual([0.5, 0.5]);
  });

  test("equal largest values in max", () => {
    const x = variable([3, 1, 3]);
    expect(grad(max(x), [x])[0]!.array()).toStrictEqual([0.5, 0, 0.5]);
  });

  test("equal largest values in a window of pooling", () => {
    const x = reshape(tensor([1, 3, 3, 2]), [1, 4, 1]);
    expect([...grad(sum(maxPool1d(x, 4)), [x])[0]!.data()]).toStrictEqual([0, 1, 0, 0]);
  });

  test("zeros of the padding in average pooling", () => {
    const x = reshape(tensor([4, 2]), [1, 2, 1]);
    expect([...averagePool1d(x, 2, { padding: 1 }).data()]).toStrictEqual([4, 2]);
    const counted = averagePool1d(x, 2, { padding: 1, countIncludePad: true });
    expect([...counted.data()]).toStrictEqual([2, 1]);
  });

  test("strides and dilation of one convolution", () => {
    const x = reshape(tensor([1, 2, 3, 4, 5, 6, 7]), [1, 7, 1]);
    const kernel = reshape(tensor([1, 10]), [2, 1, 1]);
    const y = conv(x, kernel, { strides: 2, dilation: 2 }); // x[2i] + 10·x[2i + 2], as PyTorch's conv1d
    expect([...y.data()]).toStrictEqual([31, 53, 75]);
  });

  test("what randomContrast and randomBrightness keep pixels within", () => {
    for (const layer of [randomContrast(0.1), randomBrightness(0.1)]) {
      expect(layer.config).toMatchObject({ valueRange: [0, 1] });
    }
  });
});

describe("fit", () => {
  const x = Array.from({ length: 70 }, (_, row) => [row]);
  const model = () =>
    sequential([dense(1)], { inputShape: [1], seed: 1 }).compile({
      optimizer: sgd({ learningRate: 0 }),
      loss: "meanSquaredError",
    });
  /** The loss of each batch; with weights 0 that is the mean of the squares of y. */
  function batches(options = {}) {
    using fresh = model();
    fresh.setWeights([[[0]], [0]]);
    const losses: number[] = [];
    const callbacks = {
      onBatchEnd: (_: number, logs: { [name: string]: number }) => losses.push(logs.loss!),
    };
    fresh.fitSync(
      x,
      x.map(([value]) => Math.sqrt(value!)),
      { callbacks, ...options },
    );
    return losses;
  }
  const mean = (from: number, to: number) => (from + to - 1) / 2;

  test("rows per batch", () => expect(batches()).toHaveLength(Math.ceil(70 / 32)));

  test("last batch", () => {
    expectAllclose(batches({ shuffle: false }), [mean(0, 32), mean(32, 64), mean(64, 70)], 1e-5);
  });

  test("order of rows", () => {
    const [first, second] = [batches({ epochs: 2 }).slice(0, 3), batches({ epochs: 2 }).slice(3)];
    expect(first).not.toStrictEqual(second);
    expect(Math.abs(first[0]! - mean(0, 32))).toBeGreaterThan(1);
  });

  test("strength of L2", () => {
    const step = (options: object, weightDecay: number) => {
      const one = dense(1, { kernelInitializer: "ones", useBias: false, ...options });
      using net = sequential([one], { inputShape: [1] });
      net
        .compile({ optimizer: sgd({ learningRate: 0.5, weightDecay }), loss: "meanSquaredError" })
        .trainOnBatch([[0]], [[0]]);
      return net.getWeights()[0]![0]!;
    };
    expectAllclose([step({ kernelRegularizer: regularizers.l2(0.1) }, 0)], [1 - 0.5 * 2 * 0.1]);
    expectAllclose([step({}, 0.1)], [1 - 0.5 * 0.1]);
  });

  test("regularizers of frozen variables", () => {
    const one = dense(1, { kernelInitializer: "ones", kernelRegularizer: regularizers.l2(1) });
    using net = sequential([one], { inputShape: [1] });
    const compiled = net.compile({ optimizer: "sgd", loss: "meanSquaredError" });
    expect(compiled.evaluate([[0]], [[0]]).loss).toBe(1);
    one.trainable = false;
    expect(compiled.evaluate([[0]], [[0]]).loss).toBe(0);
  });

  test("epochs of a second fit", () => {
    using fresh = model();
    const seen: number[] = [];
    const callbacks = { onEpochBegin: (epoch: number) => seen.push(epoch) };
    for (let run = 0; run < 2; run++) fresh.fitSync(x, x, { epochs: 3, callbacks });
    expect(seen).toStrictEqual([1, 2, 3, 4, 5, 6]);
  });

  test("rows of an epoch that was broken off", () => {
    using fresh = model();
    const losses: number[] = [];
    const callbacks = {
      onBatchEnd(_: number, logs: { [name: string]: number }) {
        losses.push(logs.loss!);
        if (losses.length === 2) fresh.stop();
      },
    };
    for (let run = 0; run < 2; run++) fresh.fitSync(x, x, { callbacks });
    expect(losses.slice(2, 4)).toStrictEqual(losses.slice(0, 2));
  });
});

describe("weights and averages", () => {
  test("weights of rows, of classes, and rows that do not count", () => {
    const compiled = (ignoreIndex: number) =>
      sequential([dense(2)], { inputShape: [1], seed: 1 }).compile({
        optimizer: "sgd",
        loss: sparseCategoricalCrossentropy({ ignoreIndex }),
      });
    using model = compiled(-1);
    const x = [[1], [2], [-1]];
    const each = sparseCategoricalCrossentropy(Int32Array.of(0, 1, 0), model.predict(x)).data();
    const [a, b, c] = each as unknown as [number, number, number];
    const sampleWeight = [3, 1, 0];
    expectAllclose([model.evaluate(x, [0, 1, 0], { sampleWeight }).loss], [(3 * a + b) / 4]);
    expectAllclose([model.evaluate(x, [0, 1, -1]).loss], [(a + b) / 2]);
    const { history } = model.fitSync(x, [0, 1, 0], { classWeight: [1, 4] });
    expectAllclose(history.loss, [(a + 4 * b + c) / 6]);
  });

  test("F-scores of several classes", () => {
    const outputs = [
      [1, 0, 0],
      [0, 1, 0],
      [0, 1, 0],
      [1, 0, 0],
    ];
    const labels = Int32Array.of(0, 1, 2, 2);
    const each = [2 / 3, 2 / 3, 0];
    expectAllclose(metrics.f1Score({ average: "none" }).of(labels, outputs), each);
    expectAllclose([metrics.f1Score().of(labels, outputs)], [4 / 9]);
  });

  test("alpha of focal losses", () => {
    const plain = binaryFocalCrossentropy([[1], [0]], [[0], [0]]).data();
    expectAllclose(plain, [Math.LN2 / 4, Math.LN2 / 4]);
    const balanced = binaryFocalCrossentropy([[1], [0]], [[0], [0]], { alpha: 0.25 }).data();
    expectAllclose(balanced, [Math.LN2 / 16, (3 * Math.LN2) / 16]);
  });

  test("the percentage error of a target of 0", async () => {
    expectAllclose(meanAbsolutePercentageError([[0]], [[1e-7]]).data(), [100], 1e-4);
    using model = sequential([dense(1)], { inputShape: [1] }).compile({
      optimizer: "sgd",
      loss: meanAbsolutePercentageError(),
    });
    expect(await failure(() => model.fit([[1], [2]], [[1], [0]]))).toMatch(
      "y: row 1: expected a number other than 0",
    );
  });

  test("reduction of a loss outside a model", () => {
    const [y, p] = [
      [[1], [2]],
      [[1], [4]],
    ];
    expect(meanSquaredError(y!, p!).array()).toEqual([0, 4]);
    expect(meanSquaredError(y!, p!, { reduction: "mean" }).array()).toBe(2);
    expect(meanSquaredError(y!, p!, { reduction: "sum" }).array()).toBe(4);
  });

  test("arithmetic of integers", () => {
    const a = tensor(Int32Array.of(7, -3, 16777216), [3], "int32");
    expect([add(a, 1).dtype, ...add(a, 1).data()]).toEqual(["int32", 8, -2, 16777217]);
    expect(mul(a, tensor([1, 1, 256], [3], "int32")).array()).toEqual([7, -3, 0]); // 2^32 wraps around
    expect(() => add(a, 0.5)).toThrow(
      "add(): expected an int32 tensor, got float32; cast() converts",
    );
    expect(() => div(a, a)).toThrow("div(): expected a float32 tensor, got int32; cast() converts");
    expect(floorDiv(a, 2).array()).toEqual([3, -2, 8388608]);
    expect(sum(a).item()).toBe(16777220);
    expect(cast(a, "float32").array()).toEqual([7, -3, 16777216]);
    const cut = cast([2.7, -2.7, 3e9, -3e9, Number.NaN], "int32");
    expect(cut.array()).toEqual([2, -2, 2147483647, -2147483648, 0]);
  });
});
