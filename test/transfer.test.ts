import {
  adam,
  addDecayedWeights,
  batchNormalization,
  chain,
  dense,
  flatten,
  input,
  layer,
  layerRates,
  loadModel,
  model,
  mul,
  sequential,
  sgd,
  square,
  sum,
  type Variable,
  variable,
} from "ferrograd";
import { describe, expect, test } from "vitest";
import { expectAllclose } from "./support/allclose.ts";
import { blobs, failure, flatWeights } from "./support/model.ts";
import { random } from "./support/numbers.ts";

const x = random([6, 4], 1);
const y = random([6, 2], 2);
const silent = { warn: () => {} };

describe("weights of a layer", () => {
  const net = () =>
    sequential([dense(3, { activation: "tanh" }), dense(2)], { inputShape: [4], seed: 1 });

  test("are read and replaced by order and by name", () => {
    using made = net();
    const first = made.getLayer("dense");
    const [kernel, bias] = first.getWeights();
    expect([kernel!.length, bias!.length]).toEqual([12, 3]);
    kernel!.fill(9); // a copy
    expect(first.getWeights()[0]![0]).not.toBe(9);
    first.setWeights([new Float32Array(12).fill(0.5), [1, 2, 3]]);
    expectAllclose(made.getWeights()[1]!, [1, 2, 3]);
    first.setWeights({ bias: [4, 5, 6] });
    expectAllclose(made.getWeights()[0]!, new Float32Array(12).fill(0.5));
    expect(Object.keys(made.namedWeights())).toEqual([
      ...["dense/kernel", "dense/bias", "dense_1/kernel", "dense_1/bias"],
    ]);
    made.setWeights({ "dense_1/bias": [7, 8], "dense/kernel": random([4, 3], 3) });
    expectAllclose(made.namedWeights()["dense_1/bias"]!, [7, 8]);
    expectAllclose(first.getWeights()[0]!, random([4, 3], 3).data());
    using other = net();
    other.setWeights(made.namedWeights());
    expect(flatWeights(other)).toEqual(flatWeights(made));
  });

  test("statistics and layers in it too", () => {
    using made = sequential([dense(3), batchNormalization()], { inputShape: [4] });
    expect(made.getLayer("batchNormalization").getWeights()).toHaveLength(4);
    const inner = dense(2, { name: "inner" });
    const outer = layer({ type: "outer", config: {}, layers: [inner], call: (x) => inner(x) });
    using around = sequential([outer], { inputShape: [4] });
    outer.setWeights({ "inner/bias": [1, 2] });
    expectAllclose(around.namedWeights()["outer/inner/bias"]!, [1, 2]);
    expectAllclose(inner.getWeights()[1]!, [1, 2]);
  });

  test.each<[string, (net: ReturnType<typeof loadModel>) => unknown, string]>([
    [
      "too few",
      (net) => net.getLayer("dense").setWeights([[1]]),
      'ShapeError: dense: setWeights(): expected 2 arrays ("kernel" [4, 3], "bias" [3]), got 1',
    ],
    [
      "another length",
      (net) => net.getLayer("dense_1").setWeights({ bias: [1, 2, 3] }),
      'ShapeError: dense_1: setWeights(): "bias": expected 2 values for shape [2], got 3',
    ],
    [
      "a transposed kernel",
      (net) => net.setWeights({ "dense_1/kernel": random([2, 3], 1) }),
      'ShapeError: setWeights(): "dense_1/kernel": expected 6 values for shape [3, 2], got shape [2, 3]',
    ],
    [
      "an unknown name, after one that is known",
      (net) => net.setWeights({ "dense/bias": [1, 2, 3], "dense/kernl": [1] }),
      'ArgumentError: setWeights(): unknown weight "dense/kernl"; did you mean "dense/kernel"?',
    ],
    [
      "NaN in the last",
      (net) => net.getLayer("dense").setWeights([new Float32Array(12), [0, 0, Number.NaN]]),
      'DataError: dense: setWeights(): "bias": weights: row 2: expected a finite number, got NaN',
    ],
    ["no list", (net) => net.setWeights(3 as never), "ShapeError: setWeights(): expected 4 arrays"],
    [
      "no layer",
      (net) => net.getLayer("dens"),
      'ArgumentError: getLayer(): unknown layer "dens"; did you mean "dense"?',
    ],
  ])("%s: refused, and nothing has changed", async (_what, body, message) => {
    using made = net();
    const before = flatWeights(made);
    expect(await failure(() => body(made as never))).toContain(message);
    expect(flatWeights(made)).toEqual(before);
  });

  test("need a layer that is built, of a model that lives", async () => {
    const one = dense(1);
    expect(one.getWeights()).toEqual([]);
    expect(await failure(() => one.setWeights([[1]]))).toMatch(
      /^StateError: dense: setWeights\(\)/,
    );
    const gone = sequential([one], { inputShape: [1] });
    gone.dispose();
    expect(await failure(() => one.getWeights())).toMatch(/^DisposedError/);
    expect(await failure(() => one.setWeights([[1], [1]]))).toMatch(/^DisposedError/);
    expect(await failure(() => gone.getLayer("dense"))).toMatch(/^DisposedError/);
  });
});

describe("a model that goes on from another", () => {
  const trained = () => {
    const { x, y } = blobs();
    const base = sequential(
      [
        dense(8, { activation: "relu", name: "features" }),
        batchNormalization({ name: "norm" }),
        dense(3, { name: "head" }),
      ],
      { inputShape: [4], seed: 1, name: "base" },
    ).compile({
      optimizer: adam({ learningRate: 0.05 }),
      loss: "sparseCategoricalCrossentropy",
      ...silent,
    });
    base.fitSync(x, y, { epochs: 5 });
    return base;
  };

  test.each(["sequential", "model"])("with a new head on frozen layers, made by %s", (made) => {
    using base = trained();
    const features = base.outputsOf("norm");
    features.trainable = false;
    const frozen = features.getWeights();
    const start = input([4]);
    const head = dense(2, { name: "new" });
    const fresh =
      made === "sequential"
        ? sequential([features, head], { seed: 2 })
        : model({ inputs: start, outputs: head(features.call(start)), seed: 2 });
    using net = fresh.compile({
      optimizer: adam({ learningRate: 0.05 }),
      loss: "meanSquaredError",
    });
    expect(net.layers).toEqual(["base/features", "base/norm", "new"]);
    expect(net.parameterCount).toBe(8 * 2 + 2);
    const before = net.evaluate(x, y).loss;
    net.fitSync(x, y, { epochs: 20 });
    expect(net.evaluate(x, y).loss).toBeLessThan(before);
    expect(features.getWeights()).toEqual(frozen); // statistics too

    using loaded = loadModel(net.save({ includeOptimizer: true }));
    expect(loaded.getLayer("base/features").trainable).toBe(false);
    expect(loaded.predict(x).array()).toEqual(net.predict(x).array());
    expect(loaded.parameterCount).toBe(net.parameterCount);
    loaded.fitSync(x, y, { epochs: 2, shuffle: false });
    net.fitSync(x, y, { epochs: 2, shuffle: false });
    expect(flatWeights(loaded)).toEqual(flatWeights(net));

    loaded.trainable = true; // fine tuning, the base a tenth as fast
    loaded.compile({
      optimizer: chain(sgd({ learningRate: 0.1 }), layerRates({ base: 0.1 })),
      loss: "meanSquaredError",
    });
    const [kernel] = loaded.getWeights();
    loaded.fitSync(x, y, { epochs: 2 });
    expect(loaded.getWeights()[0]).not.toEqual(kernel);
    expect(features.getWeights()).toEqual(frozen); // loaded layers are other ones
  });

  test("its inner layers, called on another input, are a model of the rest", () => {
    using auto = sequential(
      [dense(2, { activation: "tanh", name: "encoder" }), dense(4, { name: "decoder" })],
      { inputShape: [4], seed: 1 },
    );
    const code = input([2]);
    using decoder = model({ inputs: code, outputs: auto.getLayer("decoder")(code) });
    using encoder = auto.outputsOf("encoder");
    expect(decoder.predict(encoder.predict(x)).array()).toEqual(auto.predict(x).array());
  });

  test("lives on without the one that its layers are from", () => {
    const base = trained();
    using net = sequential([base.outputsOf("features"), dense(1)]);
    const before = net.predict(x).array();
    base.dispose();
    expect(net.predict(x).array()).toEqual(before);
  });
});

describe("what is frozen and has statistics", () => {
  const still = () => batchNormalization({ center: false, scale: false, momentum: 0.5 });

  test("a model without variables that train learns its statistics", () => {
    const norm = still();
    using net = sequential([norm], { inputShape: [4] }).compile({
      optimizer: "adam",
      loss: "meanSquaredError",
    });
    const { history } = net.fitSync(x, x, { epochs: 30, batchSize: 6 });
    expect(history.loss.length).toBe(30);
    const data = x.data();
    const means = [0, 1, 2, 3].map(
      (j) => [0, 1, 2, 3, 4, 5].reduce((total, row) => total + data[row * 4 + j]!, 0) / 6,
    );
    expectAllclose(net.getWeights()[0]!, means, 1e-5);
    using loaded = loadModel(net.save({ includeOptimizer: true }));
    expect(loaded.trainOnBatch(x, x)).toEqual(net.trainOnBatch(x, x));
    norm.trainable = false;
  });

  test("freezing a layer that has statistics alone counts at once", () => {
    const norm = still();
    using net = sequential([norm, flatten()], { inputShape: [4] }).compile({
      optimizer: "adam",
      loss: "meanSquaredError",
    });
    using head = sequential([norm, dense(1)], { inputShape: [4] }).compile({
      optimizer: "adam",
      loss: "meanSquaredError",
    });
    net.trainOnBatch(x, x);
    const target = random([6, 1], 3);
    head.trainOnBatch(x, target);
    norm.trainable = false;
    const before = norm.getWeights();
    head.trainOnBatch(x, target);
    expect(norm.getWeights()).toEqual(before);
  });

  test("a loss that is not finite stops it, and statistics stay", async () => {
    const norm = still();
    const burst = layer({ type: "burst", config: {}, call: (x) => mul(mul(x, 1e38), 1e38) });
    using net = sequential([norm, burst], { inputShape: [4] }).compile({
      optimizer: "sgd",
      loss: "meanSquaredError",
    });
    const before = net.getWeights();
    expect(await failure(() => net.trainOnBatch(x, x))).toMatch(/^NumericError: .*"burst"/);
    expect(net.getWeights()).toEqual(before);
  });
});

describe("names in paths of variables", () => {
  const net = (optimizer: ReturnType<typeof chain>) =>
    sequential([dense(3, { name: "encoder" }), dense(2)], { inputShape: [4] }).compile({
      ...{ optimizer, loss: "meanSquaredError" },
      ...silent,
    });

  test("that none has are refused, with those there are", async () => {
    const rates = chain(sgd(), layerRates({ encodr: 0.1 }));
    expect(await failure(() => net(rates))).toBe(
      'ArgumentError: layerRates(): unknown name "encodr" in paths of variables; did you mean "encoder"?',
    );
    const decay = chain(sgd(), addDecayedWeights(0.1, { exclude: ["bias", "gamma"] }));
    expect(await failure(() => net(decay))).toMatch(
      /^ArgumentError: addDecayedWeights\(\): unknown name "gamma" in paths of variables; expected one of "encoder", "kernel", "bias", "dense"/,
    );
    using w = variable([1], { name: "a/b" });
    expect(await failure(() => rates.minimize(sum(square(w)), [w as Variable]))).toContain(
      '"encodr"',
    );
  });

  test("are those of the model too, where its layers were made for another", () => {
    using base = sequential([dense(3, { name: "features" })], { inputShape: [4], name: "base" });
    using made = sequential([base, dense(2)]).compile({
      optimizer: chain(sgd(), layerRates({ base: 0 })),
      loss: "meanSquaredError",
      warn: () => {},
    });
    const before = base.getWeights();
    made.trainOnBatch(x, y);
    expect(base.getWeights()).toEqual(before);
  });

  test("of frozen variables are known", () => {
    const made = net(chain(sgd(), layerRates({ "encoder/kernel": 0.1, bias: 0 })));
    made.getLayer("encoder").trainable = false;
    made.trainOnBatch(x, y);
    made.getLayer("encoder").trainable = true;
    const [, bias] = made.getWeights();
    made.trainOnBatch(x, y);
    expect(made.getWeights()[1]).toEqual(bias);
    made.dispose();
  });
});
