import {
  activation,
  adam,
  dense,
  dropout,
  flatten,
  input,
  loadModel,
  readSafetensors,
  sequential,
  sgd,
  softmaxLayer,
} from "ferrograd";
import { describe, expect, test } from "vitest";
import { blobs, classifier, failure, flatWeights } from "./support/model.ts";
import { random } from "./support/numbers.ts";

const { x, y } = blobs();

/** A net of every built-in layer, trained a little. */
function trained() {
  const model = sequential(
    [
      input([2, 2]),
      flatten(),
      dense(6, { activation: "leakyRelu", negativeSlope: 0.2, name: "first" }),
      dropout(0.25),
      dense(5, { useBias: false, kernelInitializer: "lecunNormal" }),
      activation("tanh"),
      dense(3),
      softmaxLayer(),
    ],
    { seed: 2 ** 40 + 7, name: "all" },
  ).compile({
    optimizer: adam({ learningRate: 0.02, beta1: 0.8 }),
    loss: "sparseCategoricalCrossentropy",
    metrics: ["accuracy"],
  });
  model.fitSync({ data: x.data, shape: [60, 2, 2] }, y, { epochs: 2, batchSize: 16 });
  return model;
}

describe("a saved model", () => {
  test("comes back bit for bit, compiled as it was", () => {
    using model = trained();
    using loaded = loadModel(model.save());
    expect(flatWeights(loaded)).toEqual(flatWeights(model));
    expect(loaded.summary()).toBe(model.summary());
    expect([loaded.name, loaded.seed, loaded.layers, loaded.inputShape]).toEqual([
      model.name,
      model.seed,
      model.layers,
      model.inputShape,
    ]);
    const rows = random([9, 2, 2], 4);
    expect(loaded.predict(rows).data()).toEqual(model.predict(rows).data());
    const data = { data: x.data, shape: [60, 2, 2] };
    expect(loaded.evaluate(data, y)).toEqual(model.evaluate(data, y));
    expect(loaded.optimizer.learningRate).toBe(0.02);
  });

  test("is saved after its optimizer was disposed, but for the optimizer's state", async () => {
    using model = classifier().compile({
      optimizer: adam({ beta1: 0.7 }),
      loss: "sparseCategoricalCrossentropy",
    });
    model.fitSync(x, y);
    const { optimizer } = model;
    optimizer.learningRate = 0.25;
    const summary = model.summary();
    optimizer.dispose();
    expect(model.summary()).toBe(summary);
    using loaded = loadModel(model.save());
    expect(flatWeights(loaded)).toEqual(flatWeights(model));
    expect([loaded.summary(), loaded.optimizer.learningRate]).toEqual([summary, 0.25]);
    expect(await failure(() => model.save({ includeOptimizer: true }))).toBe(
      "DisposedError: adam: the optimizer was disposed",
    );
  });

  test("is the same bytes each time, and after loading", () => {
    using model = trained();
    const bytes = model.save({ includeOptimizer: true });
    expect(model.save({ includeOptimizer: true })).toEqual(bytes);
    using loaded = loadModel(bytes);
    expect(loaded.save({ includeOptimizer: true })).toEqual(bytes);
  });

  test("is plain safetensors, named by layer", () => {
    using model = trained();
    const names = (bytes: Uint8Array) => [...readSafetensors(bytes).tensors.keys()];
    const weights = ["first/kernel", "first/bias", "dense/kernel", "dense_1/kernel"];
    expect(names(model.save())).toEqual([...weights, "dense_1/bias"]);
    const state = names(model.save({ includeOptimizer: true }));
    expect(state).toContain("optimizer/m/first/kernel");
    expect(state).toContain("optimizer/v/dense_1/bias");
    expect(state).toHaveLength(5 * 3 + 2);
  });

  test("without compile comes back without", async () => {
    using model = sequential([dense(2)], { inputShape: [3], seed: 5 });
    using loaded = loadModel(model.save());
    expect(flatWeights(loaded)).toEqual(flatWeights(model));
    expect(await failure(() => loaded.evaluate([[1, 2, 3]], [0]))).toMatch(/^StateError: /);
  });

  test("with a loss of one's own comes back to be compiled", async () => {
    using model = sequential([dense(2)], { inputShape: [3] }).compile({
      optimizer: "sgd",
      loss: (yTrue) => yTrue,
    });
    using loaded = loadModel(model.save());
    expect(flatWeights(loaded)).toEqual(flatWeights(model));
    expect(loaded.summary()).toContain("not compiled");
  });

  test.each([
    ["adam", () => adam({ learningRate: 0.02 })],
    ["momentum", () => sgd({ learningRate: 0.05, momentum: 0.9, nesterov: true })],
    ["sgd", () => sgd({ learningRate: 0.05 })],
  ])("with its optimizer, %s, goes on as if never interrupted", (_name, optimizer) => {
    const net = () =>
      sequential([dense(8, { activation: "relu" }), dropout(0.3), dense(3)], {
        inputShape: [4],
        seed: 1,
      }).compile({ optimizer: optimizer(), loss: "sparseCategoricalCrossentropy" });
    const steps = (model: Pick<ReturnType<typeof net>, "trainOnBatch">, count: number) => {
      for (let i = 0; i < count; i++) model.trainOnBatch(x, y);
    };
    using whole = net();
    steps(whole, 10);
    using half = net();
    steps(half, 5);
    using resumed = loadModel(half.save({ includeOptimizer: true }));
    steps(resumed, 5);
    expect(flatWeights(resumed)).toEqual(flatWeights(whole));
    expect(resumed.optimizer.steps).toBe(10);
  });

  test("refuses layers that are functions", async () => {
    using custom = sequential([(t) => t, dense(2)], { inputShape: [3] });
    expect(await failure(() => custom.save())).toBe(
      'StateError: save(): layer "function": expected built-in layers, got a function, which a file ' +
        "cannot hold; keep getWeights() and build the model in code",
    );
    using model = classifier();
    expect(await failure(() => model.save({ includeOptimiser: true } as never))).toBe(
      'ArgumentError: save(): unknown option "includeOptimiser"; did you mean "includeOptimizer"?',
    );
  });
});
