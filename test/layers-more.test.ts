import {
  activation,
  addLayer,
  alphaDropout,
  averageLayer,
  batchNormalization,
  collapse,
  concatenateLayer,
  dense,
  dotLayer,
  embedding,
  flatten,
  gaussianDropout,
  gaussianNoise,
  groupNormalization,
  identity,
  input,
  type Layer,
  layer,
  layerNormalization,
  loadModel,
  maximumLayer,
  minimumLayer,
  model,
  mul,
  multiplyLayer,
  ones,
  permute,
  repeatVector,
  reshapeLayer,
  rmsNormalization,
  sequential,
  sgd,
  spatialDropout1d,
  spatialDropout2d,
  subtractLayer,
  type Tensor,
  tensor,
  unitNormalization,
} from "ferrograd";
import { afterEach, describe, expect, test, vi } from "vitest";
import { expectAllclose } from "./support/allclose.ts";
import { failure } from "./support/model.ts";
import { random } from "./support/numbers.ts";

const fitted = { optimizer: sgd({ learningRate: 0.1 }), loss: "meanSquaredError" } as const;

/** What JavaScript may say, and a file. */
const twoAxes = { axis: [1, 3] as unknown as number };

describe("merges", () => {
  const [a, b] = [tensor([[1, -2, 3]]), tensor([[4, 5, -6]])];
  const c = tensor([[10], [20]]);
  test.each<[string, Layer, Tensor[], number[][]]>([
    ["add", addLayer(), [a, b, b], [[9, 8, -9]]],
    [
      "add, stretching sizes of 1",
      addLayer(),
      [a, c],
      [
        [11, 8, 13],
        [21, 18, 23],
      ],
    ],
    ["subtract", subtractLayer(), [a, b], [[-3, -7, 9]]],
    ["multiply", multiplyLayer(), [a, b], [[4, -10, -18]]],
    ["average", averageLayer(), [a, b], [[2.5, 1.5, -1.5]]],
    ["maximum", maximumLayer(), [a, b], [[4, 5, 3]]],
    ["minimum", minimumLayer(), [a, b], [[1, -2, -6]]],
  ])("%s", (_name, layer, inputs, wanted) => {
    expect((layer(inputs) as Tensor).array()).toEqual(wanted);
  });

  test("concatenate puts inputs side by side along any axis but the batch's", async () => {
    expect((concatenateLayer()([a, b]) as Tensor).array()).toEqual([[1, -2, 3, 4, 5, -6]]);
    const [x, y] = [random([2, 3, 2], 1), random([2, 1, 2], 2)];
    const joined = concatenateLayer({ axis: 1 })([x, y]);
    expect(joined.shape).toEqual([2, 4, 2]);
    expect(joined.data().slice(6, 8)).toEqual(y.data().slice(0, 2));
    expect(await failure(() => concatenateLayer({ axis: 0 })([x, y]))).toMatch(
      /^ArgumentError: .*axis: expected axes behind the batch, got 0 of 3 axes$/,
    );
    expect(await failure(() => concatenateLayer()([x, y]))).toMatch(
      /^ShapeError: .*along axis 2 only, got \[2, 3, 2\] and \[2, 1, 2\]$/,
    );
  });

  test("dot sums products over an axis of each row, as Keras does", async () => {
    expect((dotLayer({ axes: 1 })([a, b]) as Tensor).array()).toEqual([[4 - 10 - 18]]);
    const cosine = dotLayer({ axes: -1, normalize: true })([a, a]) as Tensor;
    expectAllclose(cosine.data(), [1], 1e-6);
    const [x, y] = [random([2, 3, 4], 1), random([2, 4, 5], 2)];
    const dots = dotLayer({ axes: [2, 1] })([x, y]) as Tensor;
    expect(dots.shape).toEqual([2, 3, 5]);
    const wanted = Array.from(dots.data(), (_, i) => {
      const [n, r, c] = [Math.floor(i / 15), Math.floor(i / 5) % 3, i % 5];
      const terms = [0, 1, 2, 3].map(
        (k) => x.data()[n * 12 + r * 4 + k]! * y.data()[n * 20 + k * 5 + c]!,
      );
      return terms.reduce((sum, term) => sum + term, 0);
    });
    expectAllclose(dots.data(), wanted, 1e-6);
    expect(await failure(() => dotLayer({ axes: 1 })([x, y]))).toMatch(
      /expected one size along axes 1 and 1, got \[2, 3, 4\] and \[2, 4, 5\]$/,
    );
    expect(await failure(() => dotLayer({ axes: 1.5 }))).toBe(
      "ArgumentError: dotLayer(): axes: expected an integer or two, got 1.5",
    );
  });

  test("name what does not fit", async () => {
    const [x, y] = [input([3]), input([4])];
    expect(await failure(() => multiplyLayer()([x, y]))).toBe(
      "ShapeError: multiplyLayer(): expected inputs of equal sizes, or 1, got [2, 3] and [2, 4]: 3 and 4 along axis 1",
    );
    expect(await failure(() => addLayer()([x]))).toBe(
      "ArgumentError: addLayer(): expected a list of at least 2 inputs, got 1",
    );
    expect(await failure(() => subtractLayer()([x, x, x]))).toBe(
      "ArgumentError: subtractLayer(): expected a list of 2 inputs, got 3",
    );
  });

  test("a residual block trains, saves and goes on with the same bits", () => {
    const x = input([4]);
    const block = addLayer()([x, dense(4, { activation: "relu" })(x)]);
    using net = model({ inputs: x, outputs: dense(1)(block) }).compile(fitted);
    const [rows, targets] = [random([8, 4], 1), random([8, 1], 2)];
    const before = net.trainOnBatch(rows, targets).loss;
    for (let step = 0; step < 20; step++) net.trainOnBatch(rows, targets);
    using again = loadModel(net.save({ includeOptimizer: true }));
    const [one, other] = [net, again].map((m) => m.trainOnBatch(rows, targets).loss);
    expect(one).toBe(other);
    expect(one!).toBeLessThan(before);
  });
});

describe("shapes", () => {
  test("reshape, permute and repeatVector put elements where Keras does", () => {
    const rows = tensor([[1, 2, 3, 4, 5, 6]]);
    expect(reshapeLayer([2, -1])(rows).array()).toEqual([
      [
        [1, 2, 3],
        [4, 5, 6],
      ],
    ]);
    const turned = permute([2, 1])(reshapeLayer([2, 3])(rows));
    expect(turned.array()).toEqual([
      [
        [1, 4],
        [2, 5],
        [3, 6],
      ],
    ]);
    expect(repeatVector(2)(tensor([[7, 8]])).array()).toEqual([
      [
        [7, 8],
        [7, 8],
      ],
    ]);
    expect(identity()(rows)).toBe(rows);
  });

  test.each<[() => unknown, string]>([
    [
      () => reshapeLayer([2, 0]),
      "ArgumentError: reshapeLayer(): targetShape[1]: expected a positive integer, or -1 once, got 0",
    ],
    [
      () => reshapeLayer([-1, -1]),
      "ArgumentError: reshapeLayer(): targetShape: expected -1 at most once, got an array of length 2",
    ],
    [
      () => reshapeLayer([4])(input([6])),
      "ShapeError: reshapeLayer(): expected rows of 4 elements, as [4] has, got shape [6]",
    ],
    [
      () => reshapeLayer([4, -1])(input([6])),
      "ShapeError: reshapeLayer(): expected rows of a multiple of 4 elements, as [4, -1] has, got shape [6]",
    ],
    [
      () => permute([1, 3]),
      "ArgumentError: permute(): dims: expected each of 1, 2, … once (the batch is 0), got an array of length 2",
    ],
    [
      () => permute([2, 1])(input([6])),
      "ShapeError: permute(): expected rows of 2 axes, as dims has, got shape [6]",
    ],
    [
      () => repeatVector(2)(input([6, 2])),
      "ShapeError: repeatVector(): expected inputs (batch, features), got shape [2, 6, 2]",
    ],
    [() => repeatVector(0), "ArgumentError: repeatVector(): n: expected a positive integer, got 0"],
  ])("refuse what they cannot do: %#", async (call, message) => {
    expect(await failure(call)).toBe(message);
  });
});

describe("embedding", () => {
  const words = (layer = embedding(10, 4)) =>
    sequential([input([3], { dtype: "int32" }), layer, flatten(), dense(1)], { seed: 1 });

  test("trains the rows that are used, alone", () => {
    const layer = embedding(10, 4);
    using net = words(layer).compile(fitted);
    const table = layer.variables[0]!;
    const before = table.array() as number[][];
    net.trainOnBatch([[1, 2, 2]], [[1]]);
    const after = table.array() as number[][];
    const moved = after.flatMap((row, i) => (row.some((v, j) => v !== before[i]![j]) ? [i] : []));
    expect(moved).toEqual([1, 2]);
    using again = loadModel(net.save());
    expect(again.predict([[3, 1, 2]]).array()).toEqual(net.predict([[3, 1, 2]]).array());
  });

  test("refuses what is no id", async () => {
    using net = words();
    expect(await failure(() => net.predict([[1, 2, 10]]))).toMatch(
      /^DataError: embedding: .*expected an index from 0 to 9, got 10$/,
    );
    expect(await failure(() => net.predict([[1, 2, -1]]))).toMatch(/got -1$/);
    expect(await failure(() => sequential([embedding(10, 4)], { inputShape: [3] }))).toBe(
      'ArgumentError: embedding(): expected int32 inputs, got a tensor; write input(shape, { dtype: "int32" }) before it, in sequential([...]) too, or cast() them',
    );
  });
});

describe("batch normalization", () => {
  afterEach(() => void vi.restoreAllMocks());
  const net = (options = {}) =>
    sequential([dense(4), batchNormalization(options), activation("relu"), dense(1)], {
      inputShape: [3],
      seed: 1,
    });

  test("takes statistics of the batch while training, running ones afterwards", () => {
    const layer = batchNormalization({ momentum: 0.5, scale: false });
    using one = sequential([layer], { inputShape: [1] }).compile(fitted);
    one.trainOnBatch([[1], [3]], [[0], [0]]); // mean 2, variance 1
    const [beta, mean, variance] = layer.variables.map((v) => v.item());
    expect([mean, variance]).toEqual([1, 1]);
    expectAllclose(one.predict([[4]]).data(), [3 / Math.sqrt(1 + 1e-3) + beta!], 1e-6);
    expect(layer.variables.map(({ name }) => name)).toEqual([
      "batchNormalization/beta",
      "batchNormalization/moving_mean",
      "batchNormalization/moving_variance",
    ]);
  });

  test("frozen it keeps its statistics and takes them in training too, as Keras does", () => {
    const layer = batchNormalization({ momentum: 0.5 });
    using one = sequential([layer, dense(1)], { inputShape: [1] }).compile(fitted);
    layer.trainable = false;
    one.trainOnBatch([[10], [30]], [[0], [0]]);
    expect(layer.variables.map((v) => v.item())).toEqual([1, 0, 0, 1]);
  });

  test("is right with one row and a smaller last batch, and goes on from a file with the same bits", async () => {
    const [x, y] = [random([7, 3], 1), random([7, 1], 2)];
    const train = async (net: ReturnType<typeof loadModel>) => {
      await net.fit(x, y, { epochs: 2, batchSize: 3 }); // 3, 3 and 1 rows
      return net.variables.map((v) => [...v.data()]);
    };
    using first = net().compile(fitted);
    await train(first as never);
    using second = loadModel(first.save({ includeOptimizer: true }));
    const weights = await train(first as never);
    expect(weights).toEqual(await train(second));
    expect(weights.flat().every(Number.isFinite)).toBe(true);
  });

  test("unbiased needs two rows", async () => {
    using one = net({ unbiased: true }).compile(fitted);
    expect(await failure(() => one.trainOnBatch([[1, 2, 3]], [[1]]))).toMatch(
      /^ShapeError: .*unbiased: expected more than one value for each feature while training, got one; take larger batches$/,
    );
  });

  test("is folded by collapse, and no layer is said to be one too many", () => {
    const warn = vi.spyOn(console, "warn").mockImplementation(() => {});
    using plain = sequential([dense(4), batchNormalization({ momentum: 0.5 })], {
      inputShape: [3],
      seed: 1,
    }).compile(fitted);
    for (let i = 0; i < 5; i++) plain.trainOnBatch(random([8, 3], i), random([8, 4], i + 9));
    expect(warn).not.toHaveBeenCalled();
    const folded = collapse(plain);
    expect(folded.layers).toHaveLength(1);
    const rows = random([6, 3], 77);
    expectAllclose(folded.predict(rows).data(), plain.predict(rows).data(), 1e-5);
    folded.dispose();
  });

  test("another axis", () => {
    const layer = batchNormalization({ axis: 1 });
    expect(layer(random([2, 3, 5], 1)).shape).toEqual([2, 3, 5]);
    expect(layer.variables[0]!.shape).toEqual([3]);
    for (const variable of layer.variables) variable.dispose();
  });

  test.each<[() => unknown, string]>([
    [
      () => batchNormalization({ axis: 0 })(random([2, 3], 1)),
      "ArgumentError: batchNormalization(): axis: expected axes behind the batch, got 0 of 2 axes",
    ],
    [
      () => batchNormalization({ momentum: 1 }),
      "ArgumentError: batchNormalization(): momentum: expected a number from 0 to below 1, got 1",
    ],
    [
      () => batchNormalization({ epsilon: -1 }),
      "ArgumentError: batchNormalization(): epsilon: expected a finite number of 0 or more that float32 holds, got -1",
    ],
    [
      () => batchNormalization({ center: 1 as never }),
      "ArgumentError: batchNormalization(): center: expected true or false, got 1",
    ],
    [
      () => groupNormalization({ groups: 3 })(random([2, 4], 1)),
      "ArgumentError: groupNormalization(): groups: expected a divisor of the 4 channels, got 3",
    ],
    [
      () => layerNormalization({ axis: 5 })(random([2, 4], 1)),
      "ArgumentError: layerNormalization(): axis: expected an integer from -2 to 1, got 5",
    ],
  ])("refuses %#", async (call, message) => {
    expect(await failure(call)).toBe(message);
  });
});

test("unit normalization gives each vector length 1, and leaves zeros", () => {
  const y = unitNormalization()(
    tensor([
      [3, 4],
      [0, 0],
      [1e-3, 0],
    ]),
  );
  expectAllclose(y.data(), [0.6, 0.8, 0, 0, 1, 0], 1e-6);
});

describe("noise", () => {
  const layers: Record<string, () => Layer> = {
    gaussianNoise: () => gaussianNoise(0.5),
    gaussianDropout: () => gaussianDropout(0.3),
    alphaDropout: () => alphaDropout(0.3),
    spatialDropout1d: () => spatialDropout1d(0.5),
    spatialDropout2d: () => spatialDropout2d(0.5),
  };

  /** What a layer makes of ones in two training steps: its outputs are added to a loss that keeps them. */
  const inTraining = (layer: Layer, x: Tensor): Float32Array[] => {
    const seen = batchNormalization({ momentum: 0, epsilon: 1, scale: false });
    using net = sequential([layer, flatten(), seen], {
      inputShape: x.shape.slice(1),
      seed: 3,
    }).compile({
      optimizer: sgd(),
      loss: "meanSquaredError",
    });
    const zeros = { data: new Float32Array(x.size), shape: [x.shape[0]!, x.size / x.shape[0]!] };
    return [0, 1].map(() => {
      net.trainOnBatch(x, zeros);
      return seen.variables[1]!.data() as Float32Array; // the batch's means
    });
  };

  test.each(Object.entries(layers))(
    "%s changes inputs in training alone, anew in each step",
    (_name, make) => {
      const x = tensor(new Float32Array(64).fill(1), [1, 4, 4, 4]);
      const shaped = make().type === "spatialDropout1d" ? tensor(x.data(), [1, 16, 4]) : x;
      expect(make()(shaped)).toBe(shaped);
      const [first, second] = inTraining(make(), shaped);
      expect(first).not.toEqual(second);
      expect(inTraining(make(), shaped)[0]).toEqual(first);
    },
  );

  test("alpha dropout keeps a mean of 0 and a variance of 1; noise adds its own", () => {
    const drawn = random([1, 20_000], 5, -Math.sqrt(3), Math.sqrt(3)); // variance 1
    const moments = (v: Float32Array) => {
      const mean = v.reduce((a, b) => a + b, 0) / v.length;
      return [mean, v.reduce((a, b) => a + (b - mean) ** 2, 0) / v.length];
    };
    const [mean, variance] = moments(drawn.data()) as [number, number];
    const [m, v] = moments(inTraining(alphaDropout(0.2), drawn)[0]!) as [number, number];
    expect(Math.abs(m - mean)).toBeLessThan(0.05);
    expect(Math.abs(v - variance)).toBeLessThan(0.1);
    const [, noisy] = moments(inTraining(gaussianNoise(2), drawn)[0]!) as [number, number];
    expect(Math.abs(noisy - variance - 4)).toBeLessThan(0.2);
  });

  test("spatial dropout drops whole channels", () => {
    const [means] = inTraining(
      spatialDropout1d(0.5),
      tensor(new Float32Array(60).fill(1), [1, 10, 6]),
    );
    const channels = Array.from(
      { length: 6 },
      (_, c) => new Set(means!.filter((_v, i) => i % 6 === c)),
    );
    expect(channels.every(({ size }) => size === 1)).toBe(true);
    expect([...new Set(means)].sort()).toEqual([0, 2]);
  });
});

test.each<[string, () => Layer, string]>([
  ["batchNormalization", () => batchNormalization(twoAxes), "an integer from -4 to 3"],
  ["groupNormalization", () => groupNormalization({ groups: 2, ...twoAxes }), "an integer from"],
  ["layerNormalization", () => layerNormalization({ axis: [] }), "axes behind the batch"],
  ["unitNormalization", () => unitNormalization({ axis: [] }), "axes behind the batch"],
])("%s refuses axes of another number than it takes", async (_name, made, expected) => {
  const build = () => sequential([made()], { inputShape: [4, 4, 2] }).predict(ones([1, 4, 4, 2]));
  expect(await failure(build)).toContain(`axis: expected ${expected}`);
});

test("merges refuse several axes", async () => {
  const parts = [input([4, 4, 2]), input([4, 4, 2])];
  expect(await failure(() => concatenateLayer(twoAxes)(parts))).toMatch(
    /^ArgumentError: .*axis: expected an integer from -4 to 3, got an array/,
  );
});

test("all of them are saved and loaded, with their options", () => {
  const layers = [
    layerNormalization({ axis: [1, 2], epsilon: 1e-5, center: false }),
    rmsNormalization({ scale: false }),
    groupNormalization({ groups: 2, gammaInitializer: "zeros" }),
    batchNormalization({ axis: 1, momentum: 0.9, unbiased: true }),
    unitNormalization({ axis: [1, 2] }),
    identity({ name: "same" }),
    gaussianNoise(0.1),
    gaussianDropout(0.1),
    alphaDropout(0.1),
    spatialDropout1d(0.2),
    permute([2, 1]),
    reshapeLayer([-1]),
    repeatVector(2),
  ];
  using net = sequential(layers, { inputShape: [3, 4], seed: 1 });
  using again = loadModel(net.save());
  expect(again.layers).toEqual(net.layers);
  expect(again.save()).toEqual(net.save());
  expect(again.summary()).toBe(net.summary());
  const rows = random([2, 3, 4], 1);
  expect(again.predict(rows).data()).toEqual(net.predict(rows).data());
});

test("a layer of one's own may have the name of one of ours", async () => {
  const permuted = () => layer({ type: "permute", config: {}, call: (x) => mul(x, 2) });
  using net = sequential([permuted()], { inputShape: [2] });
  using again = loadModel(net.save(), { layers: { permute: permuted } });
  expect(again.predict([[1, 2]]).array()).toEqual([[2, 4]]);
  using folded = collapse(net);
  expect(folded.predict([[1, 2]]).array()).toEqual([[2, 4]]);
  expect(await failure(() => loadModel(net.save()))).toMatch(
    /unknown layer "permute".*layers of your own are given to loadModel/,
  );
});
