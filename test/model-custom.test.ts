import {
  adam,
  add,
  dense,
  div,
  grad,
  jit,
  layer,
  matmul,
  mean,
  meanSquaredError,
  mul,
  randomNormal,
  sequential,
  sigmoid,
  sparseCategoricalCrossentropy,
  sqrt,
  square,
  sub,
  type Tensor,
  variable,
  zeros,
} from "ferrograd";
import { checkGradients } from "ferrograd/check";
import { describe, expect, test } from "vitest";
import { blobs, flatWeights } from "./support/model.ts";
import { random } from "./support/numbers.ts";

const { x, y } = blobs();

/** A gated, normalized layer: y = n·sigmoid(x·g), n = xW / √(1 + mean((xW)²)). */
function gated(inputs: number, units: number) {
  const w = variable(randomNormal([inputs, units], { seed: 1 }), { name: "w" });
  const g = variable(randomNormal([inputs, units], { seed: 2 }), { name: "g" });
  const layer = (t: Tensor): Tensor => {
    const h = matmul(t, w);
    const size = sqrt(add(1, mean(square(h), { axis: -1, keepDims: true })));
    return mul(div(h, size), sigmoid(matmul(t, g)));
  };
  return { layer, variables: [w, g] };
}

describe("a layer that is a plain function", () => {
  test("has a name that no minifier changes", () => {
    const doubled = (x: Tensor) => mul(x, 2);
    const layers = [doubled, layer(doubled, { name: "twice" }), dense(1)];
    const model = sequential(layers, { inputShape: [2] });
    expect(model.layers).toEqual(["function", "twice", "dense"]);
    expect(model.getLayer("twice").name).toBe("twice");
  });

  test("trains with its own variables", async () => {
    const { layer, variables } = gated(4, 8);
    using model = sequential([layer, dense(3)], { inputShape: [4] }).compile({
      optimizer: adam({ learningRate: 0.02 }),
      loss: "sparseCategoricalCrossentropy",
      metrics: ["accuracy"],
    });
    expect(model.getWeights().map(({ length }) => length)).toEqual([32, 32, 24, 3]);
    expect(model.layers).toEqual(["function", "dense"]);
    const before = variables.map((v) => v.data());
    await model.fit(x, y, { epochs: 30, batchSize: 16 });
    expect(model.evaluate(x, y).accuracy).toBeGreaterThan(0.95);
    variables.forEach((v, i) => {
      expect(v.data()).not.toEqual(before[i]);
    });
    for (const v of variables) v.dispose();
  });

  test("passes the gradient check, alone and in a whole net", () => {
    const { layer, variables } = gated(4, 5);
    const out = dense(3, { activation: "tanh" });
    const inputs = random([6, 4], 3);
    out(layer(inputs)).data();
    const alone = checkGradients((t: Tensor) => mean(layer(t)), inputs);
    expect(alone.maxError).toBeLessThan(1e-5);
    const labels = { data: Int32Array.of(0, 1, 2, 0, 1, 2), shape: [6] };
    const loss = () => mean(sparseCategoricalCrossentropy(labels, out(layer(inputs))));
    const { maxError } = checkGradients(loss, ...variables, ...out.variables);
    expect(maxError).toBeLessThan(1e-5);
    for (const v of [...variables, ...out.variables]) v.dispose();
  });

  test("keeps variables that are not trainable as they are", async () => {
    const frozen = variable(randomNormal([4, 4], { seed: 1 }), { trainable: false });
    const before = frozen.data();
    using model = sequential([(t) => matmul(t, frozen), dense(3)], { inputShape: [4] }).compile({
      optimizer: "sgd",
      loss: "sparseCategoricalCrossentropy",
    });
    await model.fit(x, y);
    expect(frozen.data()).toEqual(before);
    expect(model.parameterCount).toBe(15);
    frozen.dispose();
  });

  test("leaves its variables to their owner when the model is disposed", () => {
    const { layer, variables } = gated(4, 3);
    sequential([layer], { inputShape: [4] }).dispose();
    for (const v of variables) {
      expect(v.data()).toHaveLength(12);
      v.dispose();
    }
  });
});

describe("a loss that is a plain function", () => {
  test("trains like the built-in one of the same formula", async () => {
    const targets = { data: Float32Array.from(y), shape: [60, 1] };
    const mse = (yTrue: Tensor, yPred: Tensor) => mean(square(sub(yPred, yTrue)), { axis: -1 });
    const results = [];
    for (const loss of [mse, "meanSquaredError"] as const) {
      using model = sequential([dense(4, { activation: "tanh" }), dense(1)], {
        inputShape: [4],
        seed: 1,
      }).compile({ optimizer: "sgd", loss });
      const { history } = await model.fit(x, targets, { epochs: 5 });
      results.push({ history, weights: flatWeights(model) });
    }
    expect(results[0]!.history.loss[4]).toBeCloseTo(results[1]!.history.loss[4]!, 5);
    expect(results[0]!.weights.length).toBe(results[1]!.weights.length);
  });

  test("may be one number for the batch", async () => {
    const targets = { data: Float32Array.from(y), shape: [60, 1] };
    using model = sequential([dense(1)], { inputShape: [4] }).compile({
      optimizer: adam({ learningRate: 0.05 }),
      loss: (yTrue, yPred) => mean(meanSquaredError(yTrue, yPred)),
    });
    const { history } = await model.fit(x, targets, { epochs: 20 });
    expect(history.loss[19]!).toBeLessThan(history.loss[0]! / 2);
    expect(model.evaluate(x, targets).loss).toBeCloseTo(history.loss[19]!, 1);
  });
});

describe("layers outside models", () => {
  test("any intermediate can be a target of grad", () => {
    const [first, second] = [dense(5, { activation: "tanh" }), dense(1)];
    const hidden = first(random([3, 4], 1));
    const [dHidden] = grad(mean(second(hidden)), [hidden]);
    expect(dHidden!.shape).toEqual([3, 5]);
    const [kernel] = second.variables;
    const row = Array.from(kernel!.data(), (v) => Math.fround(v / 3));
    for (const got of dHidden!.array() as number[][]) {
      got.forEach((v, i) => {
        expect(v).toBeCloseTo(row[i]!, 6);
      });
    }
    for (const v of [...first.variables, ...second.variables]) v.dispose();
  });

  test("a model is callable in jit", () => {
    using model = sequential([dense(3)], { inputShape: [4], seed: 1 });
    using f = jit((t: Tensor) => model.call(t));
    expect(f(random([2, 4], 1)).data()).toEqual(model.predict(random([2, 4], 1)).data());
    expect(model.call(zeros([1, 4])).array()).toEqual([[0, 0, 0]]);
  });
});
