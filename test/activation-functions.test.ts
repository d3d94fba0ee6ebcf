import {
  activation,
  collapse,
  dense,
  glu,
  loadModel,
  mul,
  preluLayer,
  relu,
  sequential,
  softmax,
  type Tensor,
  tanh,
} from "ferrograd";
import { describe, expect, test } from "vitest";
import { expectSameBits } from "./support/allclose.ts";
import { failure, flatWeights } from "./support/model.ts";
import { random } from "./support/numbers.ts";

const x = random([6, 3], 1);
const gated = (t: Tensor) => mul(t, tanh(t));

describe("dense takes an activation as a function", () => {
  test("one of ours is its row: the same kernel, the same bits, saved by its name", () => {
    using named = sequential([dense(4, { activation: "relu" })], { inputShape: [3], seed: 1 });
    using given = sequential([dense(4, { activation: relu })], { inputShape: [3], seed: 1 });
    expect(flatWeights(given)).toEqual(flatWeights(named));
    expectSameBits(given.predict(x).data(), named.predict(x).data());
    expect(given.save()).toEqual(named.save());
    expect(given.summary()).toBe(named.summary());
  });

  test.each(["softmax", "logSoftmax"] as const)("%s by its name, saved and loaded", (name) => {
    using model = sequential([dense(4, { activation: name })], { inputShape: [2, 3], seed: 1 });
    using loaded = loadModel(model.save());
    const rows = random([5, 2, 3], 2);
    expectSameBits(loaded.predict(rows).data(), model.predict(rows).data());
    using layer = sequential([dense(4), activation(name)], { inputShape: [2, 3], seed: 1 });
    expectSameBits(layer.predict(rows).data(), model.predict(rows).data());
    using ours = sequential([dense(4, { activation: softmax })], { inputShape: [2, 3], seed: 1 });
    expect(name !== "softmax" || ours.save().length === model.save().length).toBe(true);
  });

  test("softmax is known to the cross-entropy behind it", async () => {
    using model = sequential([dense(3, { activation: "softmax" })], { inputShape: [3] }).compile({
      optimizer: "sgd",
      loss: "sparseCategoricalCrossentropy",
    });
    expect(model.summary()).toContain("from the logits of the final softmax");
  });

  test("one's own trains, sees the outputs' shape, is in the summary, and save names the layer", async () => {
    using model = sequential(
      [dense(4, { activation: gated }), dense(6, { activation: (t) => glu(t) })],
      {
        inputShape: [3],
        seed: 1,
      },
    ).compile({ optimizer: "adam", loss: "meanSquaredError" });
    expect(model.outputShape).toEqual([3]);
    const { history } = await model.fit(x, x, { epochs: 20 });
    expect(history.loss.at(-1)!).toBeLessThan(history.loss[0]!);
    expect(model.summary()).toContain("dense (dense, gated)");
    expect(await failure(() => model.save())).toMatch(
      'StateError: save(): layer "dense": expected a built-in activation, got a function',
    );
    using copy = collapse(model);
    expectSameBits(copy.predict(x).data(), model.predict(x).data());
  });

  test("what is none is refused", async () => {
    const wrong = (value: unknown) => failure(() => dense(3, { activation: value } as never));
    expect(await wrong("sofmax")).toContain('did you mean "softmax"?');
    expect(await wrong(3)).toContain("activation: expected one of");
    expect(await wrong(preluLayer())).toBe(
      "ArgumentError: dense(): activation: expected a name or a function of a tensor, got a layer; put it behind this one",
    );
    expect(await failure(() => dense(3, { activation: gated, alpha: 1 } as never))).toContain(
      'unknown option "alpha"',
    );
    const number = sequential.bind(null, [dense(3, { activation: () => 3 as never })]);
    expect(await failure(() => number({ inputShape: [3] }))).toContain(
      "expected a function that returns a float32 tensor, got 3",
    );
  });
});
