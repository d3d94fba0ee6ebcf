import {
  collapse,
  dense,
  input,
  loadModel,
  memory,
  model,
  readSafetensors,
  sequential,
} from "ferrograd";
import { diagnose as diagnosed, health, whyStuck } from "ferrograd/diagnostics";
import { describe, expect, test } from "vitest";
import { failure, flatWeights } from "./support/model.ts";
import { random } from "./support/numbers.ts";
import { centered, embedding, sum } from "./support/own-layers.ts";

const layers = { embedding, centered, sum };

const encoding = () =>
  sequential([dense(6), dense(4)], { inputShape: [3], name: "encoder", seed: 5 });

/**
 * Two inputs, one of integers that are looked up in a table; two outputs; a shared and a frozen layer, a layer with a
 * running mean, and a model in the model, of two dense layers with nothing between them.
 */
function net(encoder = encoding()) {
  const word = input([], { dtype: "int32", name: "word" });
  const features = input([3], { name: "features" });
  const frozen = dense(4, { name: "frozen", activation: "tanh" });
  frozen.trainable = false;
  const shared = dense(4, { name: "shared", activation: "relu" });
  const code = centered({})(encoder.call(features));
  const joined = sum({})([shared(embedding({ count: 5, width: 4 })(word)), shared(frozen(code))]);
  return model({
    inputs: { word, features },
    outputs: {
      kind: dense(3, { name: "kind" })(joined),
      size: dense(1, { name: "size" })(joined),
    },
    seed: 3,
    name: "net",
  });
}

const rows = 24;
const x = {
  word: Int32Array.from({ length: rows }, (_, i) => (i * 7) % 5),
  features: random([rows, 3], 1),
};
const y = {
  kind: Int32Array.from({ length: rows }, (_, i) => (i * 5) % 3),
  size: random([rows, 1], 2),
};
const compiling = {
  optimizer: "adam",
  loss: { kind: "sparseCategoricalCrossentropy", size: "meanSquaredError" },
  metrics: { kind: ["accuracy"] },
  lossWeights: { size: 0.5 },
  warn: () => {},
} as const;
const compiled = () => net().compile(compiling);
const data = { x, y };

describe("a net of two inputs and two outputs, with all that a graph may have", () => {
  test("is built as it was said", () => {
    using one = net();
    expect(one.layers).toEqual([
      "encoder/dense",
      "encoder/dense_1",
      "centered",
      "embedding",
      "shared",
      "frozen",
      "shared_1",
      "sum",
      "kind",
      "size",
    ]);
    const text = one.summary();
    expect(text).toMatch(/^word \(int32\) +\(batch\)/m);
    expect(text).toMatch(/^frozen \(dense, tanh, frozen\) +\(batch, 4\) +20 +centered$/m);
    expect(text).toMatch(/^shared_1 \(dense, relu\) +\(batch, 4\) +shared +frozen$/m);
    expect(text).toMatch(/^sum \(sum\) +\(batch, 4\) +0 +shared, shared_1$/m);
    expect(text).toMatch(/, 24 of them not trained/);
  });

  test("trains: its losses fall, what is frozen stays, what runs is written", async () => {
    using one = compiled();
    const { frozen, running } = parts(one.save());
    const before = one.evaluate(data) as Record<string, number>;
    expect(before.loss).toBeCloseTo(before.kind_loss! + before.size_loss! / 2, 5);
    const { history } = await one.fit(data, { epochs: 40, batchSize: 8 });
    const after = one.evaluate(data) as Record<string, number>;
    expect(after.loss).toBeLessThan(before.loss! * 0.9);
    expect(after.kind_accuracy).toBeGreaterThan(before.kind_accuracy!);
    expect(Object.keys(history).sort()).toEqual([
      "kind_accuracy",
      "kind_loss",
      "loss",
      "size_loss",
    ]);
    const now = parts(one.save());
    expect(now.frozen).toEqual(frozen);
    expect(now.running).not.toEqual(running);
  });

  test("predicts by name", () => {
    using one = net();
    const { kind, size } = one.predict(x);
    expect([kind.shape, size.shape]).toEqual([
      [rows, 3],
      [rows, 1],
    ]);
    const called = one.predict([x.word, x.features]);
    expect(called.size.data()).toEqual(size.data());
    using codes = one.outputsOf("encoder/dense_1");
    expect(codes.predict(x.features).shape).toEqual([rows, 4]);
  });

  test("saves, loads, and goes on with the same bits", async () => {
    using whole = compiled();
    await whole.fit(data, { epochs: 4, batchSize: 10 });
    using half = compiled();
    await half.fit(data, { epochs: 2, batchSize: 10 });
    const bytes = half.save({ includeOptimizer: true });
    expect(readSafetensors(bytes).metadata.get("formatVersion")).toBe("2");
    using loaded = loadModel(bytes, { layers });
    expect(loaded.layers).toEqual(half.layers);
    expect(loaded.save({ includeOptimizer: true })).toEqual(bytes);
    await loaded.fit(data, { epochs: 2, batchSize: 10 });
    expect(flatWeights(loaded)).toEqual(flatWeights(whole));
    expect(loaded.optimizer.steps).toBe(whole.optimizer.steps);
  });

  test("is diagnosed, watched and asked why it is stuck", async () => {
    using one = compiled();
    const weights = flatWeights(one);
    const { layers: found, findings } = diagnosed(one as never, data);
    expect(flatWeights(one)).toEqual(weights);
    expect(found.map(({ name }) => name)).toEqual(one.layers);
    const byName = new Map(found.map((health) => [health.name, health]));
    expect(byName.get("frozen")!.weightGradientNorm).toBeUndefined();
    expect(byName.get("shared")!.gradientNorm).toBeGreaterThan(0);
    expect(byName.get("encoder/dense")!.gradientRatio).toBeGreaterThan(0);
    expect(findings.map(({ code, layer }) => `${code} ${layer}`)).toContain(
      "collapsed encoder/dense",
    );
    const stuck = whyStuck(one as never, data, { layer: "encoder/dense", unit: 0 });
    expect(stuck.path.map((at) => at.layer)).toEqual([
      "size",
      "kind",
      "sum",
      "shared_1",
      "frozen",
      "centered",
      "encoder/dense_1",
      "encoder/dense",
    ]);
    const watch = health();
    await one.fit(data, { epochs: 1, callbacks: watch });
    expect(watch.history).toHaveLength(1);
  });

  test("collapses where it can: the two layers of the model in it become one", () => {
    using one = net();
    using smaller = collapse(one);
    expect(smaller.layers).toEqual([
      "encoder/dense_1",
      ...one.layers.filter((name) => !name.startsWith("encoder")),
    ]);
    const [p, q] = [one.predict(x), smaller.predict(x)];
    for (const name of ["kind", "size"] as const) {
      const [a, b] = [p[name].data(), q[name].data()];
      a.forEach((value: number, i: number) => {
        expect(Math.abs(value - b[i]!)).toBeLessThan(1e-5);
      });
    }
  });

  test("warns of the layers without an activation between them", () => {
    const said: string[] = [];
    using one = net();
    one.compile({ ...compiling, warn: (message) => said.push(message) });
    expect(said.filter((message) => /dense\(6\) then dense\(4\)/.test(message))).toHaveLength(1);
  });

  test("leaves nothing when it is disposed", () => {
    const before = JSON.stringify(memory().owners);
    const encoder = encoding();
    const one = net(encoder).compile(compiling);
    one.trainOnBatch(x, y);
    one.dispose();
    expect(encoder.predict(x.features).shape).toEqual([rows, 4]);
    encoder.dispose();
    expect(JSON.stringify(memory().owners)).toBe(before);
  });
});

/** The kernel that is frozen and the mean that runs, out of a file. */
function parts(bytes: Uint8Array) {
  const { tensors } = readSafetensors(bytes);
  const values = (name: string) => [...(tensors.get(name)!.data as Float32Array)];
  return { frozen: values("frozen/kernel"), running: values("centered/mean") };
}

describe("data of a net are refused with the names of what is wrong", () => {
  const cases: readonly (readonly [(one: ReturnType<typeof compiled>) => unknown, string])[] = [
    [
      (one) => one.predict({ word: x.word } as never),
      'ArgumentError: predict(): x: expected something for input "features", got none',
    ],
    [
      (one) => one.predict({ ...x, feature: x.features } as never),
      'ArgumentError: predict(): x: unknown input "feature"; did you mean "features"?',
    ],
    [
      (one) => one.predict([x.word] as never),
      'ArgumentError: predict(): x: expected a list of 2, for "word", "features", or an object of these names, got an array of length 1',
    ],
    [
      (one) => one.predict({ word: [0.5], features: [[1, 2, 3]] }),
      'DataError: predict(): x "word": row 0: expected an int32, got 0.5',
    ],
    [
      (one) => one.predict({ word: [9], features: [[1, 2, 3]] }),
      "DataError: embedding: gather(): element 0: expected an index from 0 to 4, got 9",
    ],
    [
      (one) => one.fitSync(x, { kind: y.kind } as never),
      'ArgumentError: fitSync(): y: expected something for output "size", got none',
    ],
    [
      (one) => one.trainOnBatch({ word: [1], features: [[1, 2]] }, { kind: [0], size: [[1]] }),
      'ShapeError: trainOnBatch(): x "features": expected rows of shape [3], got [2]',
    ],
    [
      (one) => one.compile({ ...compiling, loss: { kind: "meanSquaredError" } as never }),
      'ArgumentError: compile(): loss: expected something for output "size", got none',
    ],
    [
      (one) => one.compile({ ...compiling, lossWeights: { sise: 1 } }),
      'ArgumentError: compile(): lossWeights: unknown output "sise"; did you mean "size"?',
    ],
    [
      (one) => one.compile({ ...compiling, lossWeights: { size: 1e39 } }),
      'ArgumentError: compile(): output "size": lossWeights: expected a finite number of 0 or more that float32 holds, got 1e+39',
    ],
  ];
  test.each(cases)("%#", async (call, message) => {
    using one = compiled();
    const weights = flatWeights(one);
    expect(await failure(() => call(one))).toBe(message);
    expect(flatWeights(one)).toEqual(weights);
  });
});
