/** What there is by name, as data: all that compile takes as text is in the tables, and works from them. */
import { activation, dense, sequential } from "ferrograd";
import { activationsF64 } from "ferrograd/check";
import { activations, layers, losses, metrics, named, optimizers } from "ferrograd/tables";
import { describe, expect, it } from "vitest";

const small = (activation: "linear" | "softmax" = "linear") =>
  sequential([dense(2, { activation })], { inputShape: [3], seed: 1 });

describe("the tables", () => {
  it.each(Object.entries(activations))("have %s as an activation", (name, facts) => {
    expect(activation(name as never)([1]).shape).toEqual([1]);
    expect(Object.keys(activationsF64)).toContain(name);
    expect(["none", "low", "high", "both"]).toContain(facts.saturates);
    for (const { min, max, default: value } of facts.params) {
      expect(value).toBeGreaterThanOrEqual(min);
      expect(value).toBeLessThanOrEqual(max);
    }
  });

  it.each(Object.keys(optimizers) as (keyof typeof optimizers)[])("have %s", (name) => {
    const optimizer = optimizers[name]({ learningRate: 0.25 });
    expect(optimizer.learningRate).toBe(0.25);
    using model = small().compile({ optimizer, loss: "meanSquaredError" });
    const before = model.getWeights()[0]!.slice();
    model.trainOnBatch([[1, 2, 3]], [[1, 0]]);
    expect(model.getWeights()[0]).not.toEqual(before);
  });

  it.each(Object.keys(losses) as (keyof typeof losses)[])("have %s as text says it", (name) => {
    const rows = /^(hinge|squaredHinge)$/.test(name) ? [[-1, 1]] : [[0, 1]];
    const targets = name.startsWith("sparse") ? [1] : rows;
    const lossOf = (loss: unknown) => {
      // Divergences are of probabilities, and refuse what may be logits.
      const last = name === "klDivergence" ? "softmax" : "linear";
      using model = small(last).compile({
        optimizer: "sgd",
        loss: loss as "huber",
        warn: () => {},
      });
      return model.evaluate([[0.1, 0.2, 0.3]], targets).loss;
    };
    expect(lossOf(losses[name]())).toBe(lossOf(name));
  });

  it.each(metrics)("have %s as a metric", (metric) => {
    const loss =
      metric === "topKCategoricalAccuracy" ? "sparseCategoricalCrossentropy" : "binaryCrossentropy";
    using model = small().compile({ optimizer: "sgd", loss, metrics: [metric] });
    const targets = loss === "binaryCrossentropy" ? [[0, 1]] : [1];
    expect(model.evaluate([[1, 2, 3]], targets)).toHaveProperty(metric);
  });

  it("have layers as files name them", () => {
    const layer = layers.dense!({ units: 3, activation: "relu" }, "first");
    expect([layer.type, layer.name, layers[layer.type]]).toEqual(["dense", "first", layers.dense]);
    expect(() => layers.dense!({ units: 0 }, "first")).toThrow(
      "dense(): units: expected a positive",
    );
  });

  it("cannot be changed", () => {
    for (const table of [activations, activations.relu, optimizers, losses, metrics, layers]) {
      expect(Object.isFrozen(table)).toBe(true);
    }
  });

  it("name what is near", () => {
    const names = Object.keys(optimizers);
    expect(named("train.ts", "optimizer", "adam", names)).toBe("adam");
    expect(() => named("train.ts", "optimizer", "admm", names)).toThrow(
      'train.ts: unknown optimizer "admm"; did you mean "adam"?',
    );
  });
});
