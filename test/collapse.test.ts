import {
  activation,
  adam,
  add,
  addLayer,
  batchNormalization,
  collapse,
  conv1d,
  conv1dTranspose,
  conv2d,
  conv2dTranspose,
  type Dataset,
  dense,
  depthwiseConv2d,
  dropout,
  flatten,
  initializers,
  input,
  type Layer,
  loadModel,
  maxPooling2d,
  memory,
  model as modelOf,
  normalization,
  rescaling,
  separableConv2d,
  sequential,
  sin,
  softmaxLayer,
  tensor,
  variable,
} from "ferrograd";
import { digits } from "ferrograd/datasets";
import { describe, expect, test } from "vitest";
import { spirals, xor } from "../packages/shared/src/toys.ts";
import { expectAllclose } from "./support/allclose.ts";
import { failure } from "./support/model.ts";
import { floats } from "./support/numbers.ts";

const bias = { biasInitializer: initializers.uniform({ min: -1, max: 1 }) };
const rows = { data: floats(12 * 6, 3), shape: [12, 6] };

/** The collapsed model, after its outputs were compared. */
function collapsed(layers: readonly Layer[], inputShape = [6], x = rows) {
  const model = sequential(layers, { inputShape, seed: 4 });
  const smaller = collapse(model);
  const [got, want] = [smaller.predict(x).data(), model.predict(x).data()];
  expectAllclose(got, want, 1e-5);
  const { layers: names, parameterCount } = smaller;
  model.dispose();
  smaller.dispose();
  return { names, parameterCount };
}

describe("collapse", () => {
  test("three layers are one: W = W1·W2·W3, by a naive product", () => {
    using model = sequential([dense(5, bias), dense(4, bias), dense(3, bias)], { inputShape: [6] });
    const [w1, b1, w2, b2, w3, b3] = model.getWeights() as [
      Float32Array,
      Float32Array,
      Float32Array,
      Float32Array,
      Float32Array,
      Float32Array,
    ];
    const times = (a: ArrayLike<number>, b: ArrayLike<number>, m: number, k: number, n: number) =>
      Array.from({ length: m * n }, (_, at) => {
        const [i, j] = [Math.floor(at / n), at % n];
        return Array.from({ length: k }, (_, t) => a[i * k + t]! * b[t * n + j]!).reduce(
          (s, v) => s + v,
        );
      });
    const plus = (a: number[], b: ArrayLike<number>) => a.map((v, i) => v + b[i]!);
    const w = times(times(w1, w2, 6, 5, 4), w3, 6, 4, 3);
    const b = plus(times(plus(times(b1, w2, 1, 5, 4), b2), w3, 1, 4, 3), b3);
    using smaller = collapse(model);
    expect(smaller.parameterCount).toBe(6 * 3 + 3);
    const [kernel, offset] = smaller.getWeights();
    expectAllclose(kernel!, w, 1e-6);
    expectAllclose(offset!, b, 1e-6);
  });

  test.each<[string, Layer[], string[], number]>([
    [
      "the activation at the end stays",
      [dense(7, bias), dense(3, { activation: "leakyRelu", negativeSlope: 0.3, ...bias })],
      ["dense_1"],
      21,
    ],
    [
      "an activation between them keeps them apart",
      [dense(7, { activation: "relu", ...bias }), dense(3)],
      ["dense", "dense_1"],
      73,
    ],
    [
      "dropout and linear activations go",
      [dense(7, bias), dropout(0.5), activation("linear"), dense(3)],
      ["dense_1"],
      21,
    ],
    [
      "layers without a bias give one without",
      [dense(7, { useBias: false }), dense(3, { useBias: false })],
      ["dense_1"],
      18,
    ],
    ["a bottleneck stays", [dense(1, bias), dense(6, bias)], ["dense", "dense_1"], 19],
    [
      "activation layers, softmax and flatten stay",
      [flatten(), dense(6, bias), dense(3, bias), activation("tanh"), softmaxLayer()],
      ["dense_1", "activation", "softmax"],
      21,
    ],
    [
      "each run is one layer",
      [dense(9), dense(5, { activation: "tanh" }), dense(9), dense(2)],
      ["dense_1", "dense_3"],
      47,
    ],
  ])("%s", (_name, layers, names, parameterCount) => {
    expect(collapsed(layers)).toEqual({ names, parameterCount });
  });

  test("normalization before and behind a layer is folded into it", () => {
    const mean = [0.1, -0.2, 0.3, 0, 0.5, 1];
    const before = normalization({ mean, deviation: [1, 2, 0.5, 0.25, 0, 3] });
    const behind = normalization({ mean: [1, 2, 3], deviation: [2, 4, 0.5] });
    const layers = [before, dense(3, bias), behind];
    expect(collapsed(layers)).toEqual({ names: ["dense"], parameterCount: 21 });
  });

  test("rescaling before and behind a layer is folded into it", () => {
    const layers = [
      rescaling({ scale: 1 / 255 }),
      dense(3, bias),
      rescaling({ scale: 2, offset: -1 }),
    ];
    expect(collapsed(layers)).toEqual({ names: ["dense"], parameterCount: 21 });
  });

  const images = { data: floats(2 * 6 * 6 * 4, 5), shape: [2, 6, 6, 4] };
  const lines = { data: floats(2 * 6 * 4, 5), shape: [2, 6, 4] };
  const drawn = initializers.uniform({ min: 0.5, max: 2 });
  const batchNorm = () =>
    batchNormalization({
      ...{ gammaInitializer: drawn, betaInitializer: drawn },
      ...{ movingMeanInitializer: drawn, movingVarianceInitializer: drawn },
    });

  test.each<[string, () => Layer, typeof images]>([
    ["conv2d", () => conv2d(6, 3, { groups: 2, strides: 2, ...bias }), images],
    ["conv2d without a bias", () => conv2d(5, 3, { padding: "same", useBias: false }), images],
    ["conv1d", () => conv1d(5, 3, { padding: "causal", dilationRate: 2, ...bias }), lines],
    ["conv2dTranspose", () => conv2dTranspose(3, 3, { strides: 2, ...bias }), images],
    ["conv1dTranspose", () => conv1dTranspose(5, 2, bias), lines],
    ["depthwiseConv2d", () => depthwiseConv2d(3, { depthMultiplier: 2, ...bias }), images],
    ["separableConv2d", () => separableConv2d(5, 3, { depthMultiplier: 2, ...bias }), images],
    ["dense", () => dense(7, bias), images],
  ])("batch normalization is folded into %s before it", (_name, layer, x) => {
    const rest = [batchNorm(), rescaling({ scale: 2, offset: 1 }), dropout(0.5)];
    const last = [activation("relu"), flatten(), dense(2)];
    const { names } = collapsed([layer(), ...rest, ...last], x.shape.slice(1), x);
    expect(names).toHaveLength(4);
  });

  test("what is folded was trained, and is saved and loaded", () => {
    const layers = () => [conv2d(8, 3, bias), batchNorm(), activation("relu"), flatten(), dense(2)];
    const model = sequential(layers(), { inputShape: [6, 6, 4], seed: 1 }).compile({
      optimizer: adam(),
      loss: "meanSquaredError",
    });
    for (let i = 0; i < 5; i++) model.trainOnBatch(images, { data: floats(4, 7), shape: [2, 2] });
    using smaller = collapse(model);
    using loaded = loadModel(smaller.save());
    expectAllclose(loaded.predict(images).data(), model.predict(images).data(), 1e-5);
    model.dispose();
  });

  test.each<[string, () => Layer[], number]>([
    ["an activation", () => [conv2d(4, 3, { activation: "relu" }), batchNorm()], 2],
    ["a softmax", () => [conv2d(4, 3, { activation: "softmax" }), batchNorm()], 2],
    ["another axis", () => [conv2d(4, 3, bias), batchNormalization({ axis: 1 })], 2],
    ["pooling", () => [conv2d(4, 3, bias), maxPooling2d(2), batchNorm()], 3],
  ])("%s between them keeps them apart", (_name, layers, count) => {
    expect(collapsed(layers(), [6, 6, 4], images).names).toHaveLength(count);
  });

  test("a convolution that is called twice, or that others take from, stays", () => {
    const shared = conv2d(4, 3, { padding: "same", ...bias });
    const x = input([6, 6, 4]);
    const once = batchNorm()(shared(x));
    const twice = batchNorm()(shared(once));
    const also = conv2d(4, 3, { padding: "same", ...bias })(twice);
    const outputs = addLayer()([also, batchNorm()(also)]);
    using whole = modelOf({ inputs: x, outputs });
    using smaller = collapse(whole);
    expect(smaller.layers).toHaveLength(whole.layers.length);
    expectAllclose(smaller.predict(images).data(), whole.predict(images).data(), 1e-5);
  });

  test("inputs of more axes: layers work on the last", () => {
    const x = { data: rows.data, shape: [3, 4, 6] };
    const layers = [dense(5, bias), dense(2, bias), flatten(), dense(3, bias)];
    const { names } = collapsed(layers, [4, 6], x);
    expect(names).toEqual(["dense_1", "flatten", "dense_2"]);
  });

  test("plain functions are shared, the rest is the model's own", () => {
    const shift = variable(tensor([1, 2, 3]));
    const before = memory().bytes;
    const wave = (x: Parameters<typeof sin>[0]) => add(sin(x), shift);
    const model = sequential([dense(8), dense(3), wave, dense(2, bias)], { inputShape: [6] });
    const smaller = collapse(model);
    const want = model.predict(rows).data();
    model.dispose();
    expectAllclose(smaller.predict(rows).data(), want, 1e-5);
    smaller.dispose();
    expect(memory().bytes).toBe(before);
    shift.dispose();
  });

  test("a trained classifier is saved and loaded collapsed, with its names", async () => {
    const { train, test } = digits();
    const options = { inputShape: [64], classNames: train.classNames! };
    using model = sequential([dense(64), dense(10)], options).compile({
      optimizer: "adam",
      loss: "sparseCategoricalCrossentropy",
      warn: () => {},
    });
    await model.fit(train, { epochs: 2 });
    using smaller = collapse(model);
    expect([model.parameterCount, smaller.parameterCount]).toEqual([4810, 650]);
    using loaded = loadModel(smaller.save());
    expectAllclose(loaded.predict(test.x).data(), model.predict(test.x).data(), 1e-5);
    expect(loaded.classNames).toEqual(train.classNames);
  });

  test("a disposed model is refused", async () => {
    const model = sequential([dense(2)], { inputShape: [2] });
    model.dispose();
    expect(await failure(() => collapse(model))).toMatch(/^DisposedError: /);
  });
});

describe("the warning of compile", () => {
  const warnings = (...layers: Layer[]) => {
    const said: string[] = [];
    const warn = (message: string) => said.push(message);
    sequential(layers, { inputShape: [64] })
      .compile({ optimizer: "sgd", loss: "meanSquaredError", warn })
      .dispose();
    return said;
  };

  test("says which layers, and what they cost", () => {
    expect(warnings(dense(64), dropout(0.1), dense(10))).toEqual([
      "compile(): dense(64) then dense(10) without an activation between them equal one dense layer: " +
        '4,810 parameters do the work of 650; give dense an activation, such as "relu", or make it one layer with collapse(model)',
    ]);
  });

  test.each<[string, Layer[]]>([
    ["an activation between them", [dense(64, { activation: "relu" }), dense(10)]],
    ["an activation layer between them", [dense(64), activation("tanh"), dense(10)]],
    [
      "one layer, with what is folded",
      [normalization({ mean: Array(64).fill(0), deviation: Array(64).fill(1) }), dense(10)],
    ],
    ["a bottleneck, which saves parameters", [dense(2), dense(64)]],
  ])("none for %s", (_name, layers) => {
    expect(warnings(...layers)).toEqual([]);
  });

  test("refuses what is no function", async () => {
    const options = { optimizer: "sgd", loss: "meanSquaredError", warn: "no" } as const;
    const model = sequential([dense(1)], { inputShape: [1] });
    // @ts-expect-error not a function
    expect(await failure(() => model.compile(options))).toContain("warn: expected a function");
  });
});

describe("what a non-linearity is worth", () => {
  /** Test accuracy of a stack with this activation in every hidden layer. */
  async function accuracy(
    data: { train: Dataset; test: Dataset },
    widths: number[],
    name: "linear" | "tanh",
    epochs: number,
  ) {
    const inputs = data.train.x.shape[1]!;
    const hidden = widths.map((units) => dense(units, { activation: name }));
    const classes = data.train.classNames!.length;
    using model = sequential([...hidden, dense(classes)], {
      inputShape: [inputs],
      seed: 2,
    }).compile({
      optimizer: adam({ learningRate: 0.01 }),
      loss: "sparseCategoricalCrossentropy",
      metrics: ["accuracy"],
      warn: () => {},
    });
    await model.fit(data.train, { epochs });
    return model.evaluate(data.test).accuracy;
  }

  test.each([
    ["xor", xor, 40],
    ["two spirals", spirals, 300],
  ] as const)(
    "%s: linear layers fail at any depth, tanh solves it",
    async (_name, make, epochs) => {
      const toys = { rows: 300, noise: 0, seed: 1 };
      const data = { train: make(toys), test: make({ ...toys, seed: 2 }) };
      const one = await accuracy(data, [], "linear", epochs);
      const deep = await accuracy(data, [24, 24], "linear", epochs);
      expect(deep - one).toBeLessThan(0.1);
      expect(deep).toBeLessThan(0.75);
      expect(await accuracy(data, [24, 24], "tanh", epochs)).toBeGreaterThan(0.95);
    },
  );

  test("digits: nearly linear, so the difference is small", async () => {
    const deep = await accuracy(digits(), [64], "linear", 30);
    const solved = await accuracy(digits(), [64], "tanh", 30);
    expect(deep).toBeGreaterThan(0.9);
    expect(solved - deep).toBeGreaterThan(0);
    expect(solved - deep).toBeLessThan(0.08);
  });
});
