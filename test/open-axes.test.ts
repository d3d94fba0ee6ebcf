/** Sizes of `null`: any, and another at each call. */
import {
  add,
  dense,
  flatten,
  input,
  type Layer,
  layer,
  loadModel,
  mean,
  memory,
  model,
  ShapeError,
  sequential,
  type Tensor,
} from "ferrograd";
import { diagnose } from "ferrograd/diagnostics";
import { describe, expect, it } from "vitest";
import { random } from "./support/numbers.ts";

/** Mean over the axis of any size: (batch, time, features) → (batch, features). */
const overTime = () =>
  layer({ type: "overTime", config: {}, call: (x: Tensor) => mean(x, { axis: 1 }) });
const series = (time: number, rows = 4) => random([rows, time, 3], time);
const labels = [0, 1, 1, 0];

const stack = (inputShape: (number | null)[] = [null, 3]) =>
  sequential([dense(5, { activation: "tanh" }), overTime(), dense(2)], { inputShape, seed: 1 });
const compiled = (inputShape?: (number | null)[]) =>
  stack(inputShape).compile({ optimizer: "adam", loss: "sparseCategoricalCrossentropy" });

describe("a model with an axis of any size", () => {
  it("says what is open", () => {
    using open = stack();
    expect(open.inputShape).toEqual([null, 3]);
    expect(open.outputShape).toEqual([2]);
    expect(open.outputsOf("dense").outputShape).toEqual([null, 5]);
    expect(open.summary()).toContain("(batch, null, 5)");
    open.compile({ optimizer: "sgd", loss: "sparseCategoricalCrossentropy" });
    expect(open.summary()).toContain("with 1 for each null");
  });

  it.each([1, 2, 7])("predicts %i steps as a model of that size does", (time) => {
    using open = stack();
    using fixed = stack([time, 3]);
    expect(open.predict(series(time)).array()).toEqual(fixed.predict(series(time)).array());
    using middle = open.outputsOf("dense");
    expect(middle.predict(series(time)).shape).toEqual([4, time, 5]);
  });

  it("trains on one size after another, with the bits of models of these sizes", async () => {
    using open = compiled();
    for (const time of [2, 6, 2]) {
      using fixed = compiled([time, 3]);
      fixed.setWeights(open.getWeights());
      expect(open.evaluate(series(time), labels)).toEqual(fixed.evaluate(series(time), labels));
      await open.fit(series(time), labels, { epochs: 2, batchSize: 3 });
    }
    using first = compiled();
    using same = compiled([5, 3]);
    for (let step = 0; step < 3; step++) {
      const losses = [first, same].map((one) => one.trainOnBatch(series(5), labels));
      expect(losses[0]).toEqual(losses[1]);
    }
    expect(first.getWeights()).toEqual(same.getWeights());
  });

  it("takes steps of different sizes in turns, and knows its programs again", () => {
    using open = compiled();
    const turn = () => [2, 5, 3].map((time) => open.trainOnBatch(series(time), labels).loss);
    turn();
    const { programs } = memory().owners;
    const losses = Array.from({ length: 20 }, turn);
    expect(memory().owners.programs).toEqual(programs);
    for (const i of [0, 1, 2]) expect(losses.at(-1)![i]).toBeLessThan(losses[0]![i]!);
  });

  it("measures rows as it goes, with validation of another size", async () => {
    using open = compiled();
    const { history } = await open.fit(series(4), labels, {
      epochs: 3,
      validationData: [series(9), labels],
    });
    expect(history.val_loss).toHaveLength(3);
  });

  it("refuses other sizes where they are said, before anything runs", () => {
    using open = compiled();
    expect(() => open.predict(random([4, 2, 4], 1))).toThrow(
      "predict(): x: expected rows of shape [null, 3], got [2, 4]",
    );
    expect(() => open.predict(random([4, 3], 1))).toThrow(ShapeError);
    expect(() => open.trainOnBatch(random([4, 2, 2, 3], 1), labels)).toThrow("[null, 3]");
  });

  it("is saved and loaded, and goes on with the same bits", async () => {
    using open = compiled();
    await open.fit(series(3), labels, { epochs: 2 });
    using loaded = loadModel(open.save({ includeOptimizer: true }), { layers: { overTime } });
    expect(loaded.inputShape).toEqual([null, 3]);
    for (const one of [open, loaded]) await one.fit(series(6), labels, { epochs: 2 });
    expect(loaded.getWeights()).toEqual(open.getWeights());
  });

  it("is diagnosed on rows of any size", () => {
    using open = compiled();
    for (const time of [2, 8]) {
      const { layers } = diagnose(open, series(time), labels);
      expect(layers.map(({ name }) => name)).toEqual(["dense", "overTime", "dense_1"]);
    }
  });

  it("has targets as long as its outputs", () => {
    using open = sequential([dense(4, { activation: "relu" }), dense(2)], {
      inputShape: [null, 3],
    }).compile({ optimizer: "sgd", loss: "sparseCategoricalCrossentropy", metrics: ["accuracy"] });
    for (const time of [2, 5]) {
      const steps = labels.map((label) => Array.from({ length: time }, (_, i) => (label + i) % 2));
      const { loss } = open.trainOnBatch(series(time), steps);
      expect(Number.isFinite(loss)).toBe(true);
      expect(open.evaluate(series(time), steps).accuracy).toBeGreaterThanOrEqual(0);
      // (rows, time) and (rows, time, 1) are the same numbers
      const columns = steps.map((row) => row.map((label) => [label]));
      expect(open.evaluate(series(time), columns)).toEqual(open.evaluate(series(time), steps));
    }
    expect(() =>
      open.trainOnBatch(series(2), [
        [0, 3],
        [0, 0],
        [0, 0],
        [0, 0],
      ]),
    ).toThrow("expected a class from 0 to 1, got 3");
  });
});

describe("of several inputs", () => {
  const twoOf = () => {
    const left = input([null, 3]);
    const right = input([null, 3]);
    const shared = dense(4);
    const both = layer(([a, b]: readonly Tensor[]) => add(a!, b!), { name: "both" });
    const y = dense(1)(both([overTime()(shared(left)), overTime()(shared(right))]));
    return model({ inputs: { left, right }, outputs: y, seed: 2 });
  };

  it("each has its own", () => {
    using two = twoOf().compile({ optimizer: "sgd", loss: "meanSquaredError" });
    const data = { left: series(2), right: series(5) };
    expect(two.predict(data).shape).toEqual([4, 1]);
    const before = two.evaluate(data, labels).loss;
    for (let i = 0; i < 20; i++) two.trainOnBatch(data, labels);
    expect(two.evaluate(data, labels).loss).toBeLessThan(before);
    expect(() => two.predict({ left: series(2), right: random([4, 5], 1) })).toThrow(
      'predict(): x "right": expected rows of shape [null, 3], got [5]',
    );
  });

  it("takes symbolic tensors of known and of unknown sizes", () => {
    using inner = stack();
    const x = input([6, 3]);
    using outer = model({ inputs: x, outputs: dense(1)(inner.call(x)) });
    expect(outer.predict(series(6)).shape).toEqual([4, 1]);
    using fixed = stack([6, 3]);
    const open = input([null, 3]);
    expect(() => fixed.call(open)).toThrow(
      'call(): input "x": expected float32 [6, 3], got float32 [null, 3]',
    );
  });
});

describe("layers that need the size", () => {
  it("say which they are", () => {
    const made = () =>
      sequential([dense(4), flatten(), dense(2, { name: "scores" })], { inputShape: [null, 3] });
    expect(made).toThrow(ShapeError);
    expect(made).toThrow(
      "scores: dense(): expected inputs (…, in) of a known size, got shape [null]",
    );
    const { variables } = memory().owners;
    expect(made).toThrow();
    expect(memory().owners.variables).toEqual(variables);
  });

  it("name a layer of one's own that has a variable of that size", () => {
    const own: Layer = layer({
      type: "own",
      build: (shape, add) => void add("w", [shape[0] as number], "zeros"),
      call: (x: Tensor) => x,
    });
    expect(() => sequential([own], { inputShape: [null] })).toThrow(
      'own: add("w"): shape[0]: expected an integer of 0 or more, got null',
    );
  });

  it("take what is flattened of known sizes", () => {
    using open = sequential([flatten()], { inputShape: [null, 3] });
    expect(open.outputShape).toEqual([null]);
    expect(open.predict(series(2)).shape).toEqual([4, 6]);
  });

  it.each([[[0]], [[-1, 3]], [[undefined]], [["3"]], [[Number.NaN]]])("refuse %j", (shape) => {
    expect(() => input(shape as number[])).toThrow(/^input\(\): shape\[0\]: expected a positive/);
    expect(() => stack(shape as number[])).toThrow(/^sequential\(\): inputShape\[0\]: expected/);
  });
});
