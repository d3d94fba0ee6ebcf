import {
  activityRegularization,
  add,
  batchNormalization,
  dense,
  embedding,
  flatten,
  input,
  type Layer,
  layer,
  loadModel,
  mean,
  model,
  mul,
  preluLayer,
  type Regularizer,
  regularizer,
  regularizers,
  sequential,
  sgd,
  sparseCategoricalCrossentropy,
  square,
  sum,
  type Tensor,
  type Variable,
} from "ferrograd";
import { describe, expect, test } from "vitest";
import { expectAllclose } from "./support/allclose.ts";
import { failure, flatWeights } from "./support/model.ts";
import { random } from "./support/numbers.ts";

const X = [
  [1, 2, -1],
  [0.5, -1, 2],
  [-2, 0.25, 1],
  [1, 1, -0.5],
];
const Y = [[1], [-1], [0.5], [2]];
const RATE = 0.1;

const stack = (layers: Layer[]) =>
  sequential(layers, { inputShape: [3], seed: 4 }).compile({
    optimizer: sgd({ learningRate: RATE }),
    loss: "meanSquaredError",
    warn: () => {},
  });

const l1Of = (w: readonly number[], rate: number) =>
  rate * w.reduce((sum, v) => sum + Math.abs(v), 0);
const l2Of = (w: readonly number[], rate: number) => rate * w.reduce((sum, v) => sum + v * v, 0);

/** Loss and gradient of x·w + b against Y in float64, (3) and 1. */
function linear([w0, w1, w2, b]: number[]) {
  const errors = X.map(([x0, x1, x2], i) => x0! * w0! + x1! * w1! + x2! * w2! + b! - Y[i]![0]!);
  const loss = errors.reduce((sum, e) => sum + e * e, 0) / errors.length;
  const dW = [0, 1, 2].map((j) => errors.reduce((sum, e, i) => sum + (2 * e * X[i]![j]!) / 4, 0));
  return { loss, gradient: [...dW, errors.reduce((sum, e) => sum + (2 * e) / 4, 0)] };
}

describe("batches in which nothing counts", () => {
  const l2 = regularizers.l2(0.5);
  /** What a step without a gradient of the loss makes of weights: w − RATE·2·0.5·w. */
  const shrunk = (weights: Float32Array) => weights.map((w) => w * (1 - RATE));

  test("have their regularizers: no row counts", () => {
    using net = stack([dense(1, { kernelRegularizer: l2 })]);
    const [before] = net.getWeights();
    const data = { x: [...X, X[0]!], y: [...Y, Y[0]!], sampleWeight: [0, 0, 0, 0, 1] };
    net.fitSync(data, { batchSize: 4, stepsPerEpoch: 1, shuffle: false });
    expectAllclose(net.getWeights()[0]!, shrunk(before!), 1e-6);
  });

  test("all rows are ignored", () => {
    const layers = [dense(2, { kernelRegularizer: l2 })];
    using net = sequential(layers, { inputShape: [3], seed: 4 }).compile({
      optimizer: sgd({ learningRate: RATE }),
      loss: sparseCategoricalCrossentropy({ ignoreIndex: -1 }),
    });
    const [before] = net.getWeights();
    expect(net.trainOnBatch(X, [-1, -1, -1, -1]).loss).toBeCloseTo(l2Of([...before!], 0.5), 6);
    expectAllclose(net.getWeights()[0]!, shrunk(before!), 1e-6);
  });

  test("of one output, where another one has targets", async () => {
    const x = input([3]);
    const [a, b] = [dense(1, { name: "a", kernelRegularizer: l2 }), dense(1, { name: "b" })];
    using net = model({ inputs: x, outputs: { a: a(x), b: b(x) }, seed: 4 }).compile({
      optimizer: sgd({ learningRate: RATE }),
      loss: "meanSquaredError",
    });
    const before = net.getWeights();
    const sampleWeight = { a: [0, 0, 0, 0], b: [1, 0, 1, 1] };
    const data = { x: X, y: { a: Y, b: Y }, sampleWeight };
    expect(net.evaluate(data).a_loss).toBe(0);
    const { loss, b_loss } = net.trainOnBatch(data);
    expect(loss).toBeCloseTo(l2Of([...before[0]!], 0.5) + b_loss, 5);
    expectAllclose(net.getWeights()[0]!, shrunk(before[0]!), 1e-6);
    expect(await failure(() => net.fit({ ...data, sampleWeight: [0, 0, 0, 0] }))).toBe(
      'DataError: fit(): sampleWeight "a": expected a weight above 0 for some row, got 0 for all',
    );
    // Of rows that count it is what it was: in the mean once, here and in evaluate.
    const some = { x: X, y: { a: Y, b: Y }, sampleWeight: { a: [0, 2, 0, 1], b: [0, 1, 0, 0] } };
    expect(net.evaluate(some).loss).toBeCloseTo(net.trainOnBatch(some).loss, 5);
  });
});

describe("regularizers", () => {
  test.each<[string, Regularizer, (w: number[]) => number, (w: number) => number]>([
    ["l1", regularizers.l1(0.3), (w) => l1Of(w, 0.3), (w) => 0.3 * Math.sign(w)],
    ["l2", regularizers.l2(0.3), (w) => l2Of(w, 0.3), (w) => 0.6 * w],
    [
      "l1l2",
      regularizers.l1l2({ l1: 0.2, l2: 0.1 }),
      (w) => l1Of(w, 0.2) + l2Of(w, 0.1),
      (w) => 0.2 * Math.sign(w) + 0.2 * w,
    ],
  ])("%s joins the loss and its gradient", (name, rule, penalty, slope) => {
    using net = stack([dense(1, { kernelRegularizer: rule })]);
    const before = flatWeights(net);
    const { loss, gradient } = linear(before);
    const expected = loss + penalty(before.slice(0, 3));
    expectAllclose([net.evaluate(X, Y).loss], [expected]);
    expectAllclose([net.trainOnBatch(X, Y).loss], [expected]);
    const after = before.map((w, i) => w - RATE * (gradient[i]! + (i < 3 ? slope(w) : 0)));
    expectAllclose(flatWeights(net), after);
    expect(rule.name).toBe(name);
    expectAllclose([rule([[1, -2]]).item()], [penalty([1, -2])]);
  });

  test("of every variable that has a name for one", () => {
    const rule = regularizers.l2(0.5);
    const layers = [
      dense(2, { biasRegularizer: rule, biasInitializer: "ones" }),
      batchNormalization({
        gammaRegularizer: rule,
        betaRegularizer: rule,
        betaInitializer: "ones",
      }),
      preluLayer({ alphaRegularizer: rule, alphaInitializer: "ones" }),
      dense(1, { kernelInitializer: "zeros" }),
    ];
    using net = stack(layers);
    // Two ones each of bias, gamma, beta and alpha; what comes out is 0.
    const squares = Y.reduce((sum, [y]) => sum + y! * y!, 0) / 4;
    expectAllclose([net.evaluate(X, Y).loss], [squares + 0.5 * 8]);
    const ids = input([2], { dtype: "int32" });
    const table = embedding(4, 1, { embeddingsRegularizer: rule, embeddingsInitializer: "ones" });
    const end = dense(1, { kernelInitializer: "zeros" });
    using words = sequential([ids, table, flatten(), end]).compile({
      optimizer: "sgd",
      loss: "meanSquaredError",
    });
    expectAllclose([words.evaluate([[0, 1]], [[0]]).loss], [0.5 * 4]);
  });

  test("a layer that is called twice counts once; so does a model in a model", () => {
    const shared = dense(2, { kernelRegularizer: regularizers.l2(1), kernelInitializer: "ones" });
    const [a, b] = [input([3]), input([3])];
    const end = dense(1, { kernelInitializer: "zeros" });
    const both = layer(([u, v]: readonly Tensor[]) => add(u!, v!));
    using net = model({ inputs: [a, b], outputs: end(both([shared(a), shared(b)])) });
    const compiled = net.compile({ optimizer: "sgd", loss: "meanSquaredError" });
    const zeros = [[0], [0], [0], [0]];
    expectAllclose([compiled.evaluate([X, X] as never, zeros).loss], [6]);

    using inner = sequential([shared], { inputShape: [3] });
    using outer = sequential([inner, dense(1, { kernelInitializer: "zeros" })], {
      inputShape: [3],
    });
    const around = outer.compile({ optimizer: "sgd", loss: "meanSquaredError" });
    expectAllclose([around.evaluate(X, zeros).loss], [6]);
    shared.trainable = false; // as in Keras, what is frozen counts no longer
    expectAllclose([around.evaluate(X, zeros).loss], [0]);
  });

  test("what a layer gives counts by the rows of the batch, in chunks of any size", () => {
    const l1 = regularizers.l1(0.5);
    using net = stack([
      dense(2, { activation: "relu", activityRegularizer: l1, kernelInitializer: "ones" }),
      dense(1, { kernelInitializer: "zeros" }),
    ]);
    // relu of the sums of rows, twice: 2, 1.5, 0, 1.5
    const squares = Y.reduce((sum, [y]) => sum + y! * y!, 0) / 4;
    const expected = squares + (0.5 * 2 * (2 + 1.5 + 0 + 1.5)) / 4;
    expectAllclose([net.evaluate(X, Y).loss], [expected]);
    expectAllclose([net.trainOnBatch(X, Y).loss], [expected]);
    using beside = stack([
      dense(2, { activation: "relu", kernelInitializer: "ones" }),
      activityRegularization({ l1: 0.5 }),
      dense(1, { kernelInitializer: "zeros" }),
    ]);
    expectAllclose([beside.evaluate(X, Y).loss], [expected]);
    const many = (rows: unknown[][], times: number) =>
      Array.from({ length: times }, () => rows).flat();
    const [x, y] = [many(X, 150), many(Y, 150)] as [number[][], number[][]];
    expectAllclose([beside.evaluate(x, y).loss], [expected], 1e-5);
  });

  test("of outputs: of several losses the first that counts", () => {
    const x = input([3]);
    const rule = regularizers.l2(1);
    const a = dense(1, { kernelInitializer: "zeros", name: "a" })(x);
    const b = dense(1, { kernelInitializer: "ones", kernelRegularizer: rule, name: "b" })(x);
    using net = model({ inputs: x, outputs: { a, b } });
    const zeros = [[0], [0], [0], [0]];
    const compiled = net.compile({
      optimizer: "sgd",
      loss: "meanSquaredError",
      lossWeights: { a: 0, b: 0.5 },
    });
    const rows = X.map((row) => row.reduce((sum, v) => sum + v, 0) ** 2 / 4);
    const squares = rows.reduce((sum, v) => sum + v, 0);
    expectAllclose([compiled.evaluate(X, { a: zeros, b: zeros }).loss], [0.5 * squares + 3]);
  });
});

describe("regularizers in files", () => {
  const meanSquare = (config: { rate: number }) =>
    regularizer({ name: "meanSquare", config, call: (w) => mul(config.rate, mean(square(w))) });

  test("are saved with all of their options and made again", () => {
    using net = stack([
      dense(2, {
        kernelRegularizer: regularizers.l1l2({ l1: 0.1, l2: 0.2 }),
        biasRegularizer: regularizers.l1(0.3),
        activityRegularizer: regularizers.l2(0.4),
        biasInitializer: "ones",
      }),
      activityRegularization({ l1: 0.5, l2: 0.25 }),
      batchNormalization({ gammaRegularizer: regularizers.l2() }),
      dense(1, { kernelRegularizer: meanSquare({ rate: 0.7 }) }),
    ]);
    using loaded = loadModel(net.save(), { regularizers: { meanSquare } });
    expect(loaded.evaluate(X, Y)).toEqual(net.evaluate(X, Y));
    expect(loaded.trainOnBatch(X, Y)).toEqual(net.trainOnBatch(X, Y));
    expect(flatWeights(loaded)).toEqual(flatWeights(net));
    using again = loadModel(loaded.save(), { regularizers: { meanSquare } });
    expect(again.evaluate(X, Y)).toEqual(net.evaluate(X, Y));
  });

  test("of one's own in layers of one's own", () => {
    const scaled = (config: { by?: Regularizer; name?: string }) => {
      let w: Variable;
      return layer({
        type: "scaled",
        name: config.name,
        config: { ...(config.by && { by: config.by }) },
        build(shape, add) {
          w = add("w", [shape.at(-1)!], "ones", { regularizer: config.by });
        },
        call: (x) => mul(x, w),
      });
    };
    using net = stack([
      scaled({ by: meanSquare({ rate: 2 }) }),
      dense(1, { kernelInitializer: "zeros" }),
    ]);
    const zeros = [[0], [0], [0], [0]];
    expectAllclose([net.evaluate(X, zeros).loss], [2]);
    using loaded = loadModel(net.save(), { layers: { scaled }, regularizers: { meanSquare } });
    expectAllclose([loaded.evaluate(X, zeros).loss], [2]);
  });

  test("say what is missing, and what cannot be saved", async () => {
    using net = stack([dense(1, { kernelRegularizer: meanSquare({ rate: 0.7 }) })]);
    const bytes = net.save();
    expect(await failure(() => loadModel(bytes))).toBe(
      'FormatError: loadModel(): architecture: unknown regularizer "meanSquare"; expected one of "l1", "l2", "l1l2"; ' +
        "regularizers of your own are given to loadModel(bytes, { regularizers: { ... } })",
    );
    const wrong = { meanSquare: () => regularizers.l2() };
    expect(await failure(() => loadModel(bytes, { regularizers: wrong }))).toContain(
      'meanSquare: expected a function that makes such a regularizer, got one of type "l2"',
    );
    using plain = stack([dense(1, { kernelRegularizer: regularizer((w) => sum(square(w))) })]);
    plain.trainOnBatch(X, Y);
    expect(await failure(() => plain.save())).toContain(
      'layer "dense": expected kernelRegularizer: one with a name, got a function',
    );
  });
});

test("what is none is refused", async () => {
  expect(await failure(() => dense(1, { kernelRegularizer: 0.01 as never }))).toBe(
    "ArgumentError: dense(): kernelRegularizer: expected a regularizer such as regularizers.l2(1e-4), got 0.01",
  );
  const swapped = await failure(() =>
    dense(1, { biasConstraint: regularizers.l1() as never, useBias: false }),
  );
  expect(swapped).toContain("biasConstraint: expected a constraint such as constraints.maxNorm(2)");
  expect(await failure(() => regularizers.l2(-1))).toContain(
    "l2(): rate: expected a finite number",
  );
  expect(await failure(() => regularizers.l1l2({ l3: 1 } as never))).toContain(
    'unknown option "l3"',
  );
  const rows = regularizer((w) => square(w));
  expect(await failure(() => stack([dense(2, { kernelRegularizer: rows })]))).toMatch(
    /^ShapeError: .*dense.*expected a regularizer that gives one number, got float32 \[3, 2\] of \[3, 2\]/,
  );
  expect(await failure(() => regularizer({ name: "a/b", call: (w) => sum(w) }))).toContain("name:");
});

test("a penalty that is not finite names the layer and changes nothing", async () => {
  const huge = regularizer({ name: "huge", call: (w) => mul(1e38, sum(mul(1e10, square(w)))) });
  using net = stack([dense(2), dense(1, { kernelRegularizer: huge, kernelInitializer: "ones" })]);
  const before = flatWeights(net);
  expect(await failure(() => net.trainOnBatch(X, Y))).toMatch(/in layer "dense_1"/);
  expect(flatWeights(net)).toEqual(before);
});

test("a random net follows the sum of its losses", () => {
  const x = random([16, 3], 5);
  const y = random([16, 1], 6);
  using net = stack([
    dense(4, { activation: "tanh", kernelRegularizer: regularizers.l2(0.1) }),
    dense(1, { kernelRegularizer: regularizers.l1(0.05) }),
  ]);
  using bare = stack([dense(4, { activation: "tanh" }), dense(1)]);
  bare.setWeights(net.getWeights());
  const [first, , second] = net.getWeights().map((w) => [...w]);
  const expected = bare.evaluate(x, y).loss + l2Of(first!, 0.1) + l1Of(second!, 0.05);
  expectAllclose([net.evaluate(x, y).loss], [expected]);
});
