import {
  activation,
  dense,
  dropout,
  flatten,
  input,
  jit,
  leakyRelu,
  relu,
  sequential,
  sigmoid,
  softmax,
  softmaxLayer,
  type Tensor,
  tanh,
  tensor,
  zeros,
} from "ferrograd";
import { describe, expect, test } from "vitest";
import { expectAllclose } from "./support/allclose.ts";
import { failure } from "./support/model.ts";
import { random } from "./support/numbers.ts";

type Name = "linear" | "relu" | "leakyRelu" | "sigmoid" | "tanh";
const FUNCTIONS: Record<Name, (x: Tensor) => Tensor> = {
  linear: (x) => x,
  relu: (x) => relu(x),
  leakyRelu: (x) => leakyRelu(x),
  sigmoid: (x) => sigmoid(x),
  tanh: (x) => tanh(x),
};
const NAMES = Object.keys(FUNCTIONS) as Name[];

describe("dense", () => {
  test.each(NAMES)("is %s(x·W + b)", (name) => {
    using model = sequential([dense(2, { activation: name })], { inputShape: [3] });
    model.setWeights([
      [
        [1, 2],
        [3, 4],
        [5, -6],
      ],
      [0.5, -0.5],
    ]);
    const plain = tensor([1 - 5 + 0.5, 2 + 6 - 0.5]);
    expectAllclose(model.predict([[1, 0, -1]]).data(), FUNCTIONS[name](plain).data(), 1e-6);
  });

  test("without bias is x·W", () => {
    using model = sequential([dense(1, { useBias: false })], { inputShape: [2] });
    expect(model.getWeights()).toHaveLength(1);
    model.setWeights([[[2], [3]]]);
    expect(model.predict([[1, 10]]).array()).toEqual([[32]]);
  });

  test("takes the numbers of its activation", () => {
    using model = sequential([dense(1, { activation: "leakyRelu", negativeSlope: 0.25 })], {
      inputShape: [1],
    });
    model.setWeights([[[1]], [0]]);
    expect(model.predict([[-8], [8]]).array()).toEqual([[-2], [8]]);
  });

  test("works on the last axis of any rank", () => {
    using model = sequential([dense(5)], { inputShape: [2, 3, 4], seed: 1 });
    expect(model.outputShape).toEqual([2, 3, 5]);
    const x = random([7, 2, 3, 4], 1);
    using flat = sequential([dense(5)], { inputShape: [4], seed: 1 });
    const rows = { data: x.data(), shape: [42, 4] };
    expect(model.predict(x).data()).toEqual(flat.predict(rows).data());
  });

  test("called by itself is built at its first call", () => {
    const layer = dense(3, { name: "mine" });
    expect(layer.variables).toEqual([]);
    expect(layer(random([2, 4])).shape).toEqual([2, 3]);
    expect(layer.variables.map(({ name }) => name)).toEqual(["mine/kernel", "mine/bias"]);
    for (const variable of layer.variables) variable.dispose();
  });

  test("says what is wrong", async () => {
    const bad: [() => unknown, string][] = [
      [
        () => dense({ units: 64 } as never),
        "units: expected a positive integer, got an object; it has a place of its own: dense(64, { ... })",
      ],
      [() => dense(0), "units: expected a positive integer, got 0"],
      [() => dense(2.5), "units: expected a positive integer, got 2.5"],
      [
        () => dense(1, { activation: "rleu" as "relu" }),
        'unknown activation "rleu"; did you mean "relu"?',
      ],
      [
        () => dense(1, { actvation: "relu" } as never),
        'unknown option "actvation"; did you mean "activation"?',
      ],
      [
        () => dense(1, { activation: "relu", negativeSlope: 0.1 } as never),
        'unknown option "negativeSlope"; expected one of "activation", "useBias", "name", "activityRegularizer", "kernelInitializer", "kernelRegularizer", "kernelConstraint", "biasInitializer", "biasRegularizer", "biasConstraint"',
      ],
      [
        () => dense(1, { activation: "leakyRelu", negativeSlope: 2 }),
        "negativeSlope: expected a number from 0 to 1, got 2",
      ],
      [
        () => dense(1, { kernelInitializer: "heNromal" as "heNormal" }),
        'unknown kernelInitializer "heNromal"; did you mean "heNormal"?',
      ],
      [() => dense(1, { useBias: 1 as never }), "useBias: expected true or false, got 1"],
      [() => dense(1, { name: "a/b" }), 'name: expected text without "/", got "a/b"'],
      [() => dense(1, { name: 5 as never }), 'name: expected text without "/", got 5'],
    ];
    for (const [call, message] of bad) {
      expect(await failure(call)).toBe(`ArgumentError: dense(): ${message}`);
    }
    expect(await failure(() => jit((x: Tensor) => dense(1)(x))(random([1, 1])))).toBe(
      "StateError: dense: expected a built layer inside the function that jit traces; " +
        "call it once outside, or put it into a model",
    );
  });
});

describe("layers without weights", () => {
  const apply = (layer: (x: Tensor) => Tensor, x: Tensor) => {
    using model = sequential([layer], { inputShape: x.shape.slice(1) });
    return model.predict(x);
  };
  const x = random([3, 2, 4], 5);

  test.each(NAMES)("activation %s is its function", (name) => {
    expect(apply(activation(name), x).data()).toEqual(FUNCTIONS[name](x).data());
  });

  test("flatten keeps the batch", () => {
    expect(apply(flatten(), x).shape).toEqual([3, 8]);
    expect(apply(flatten(), x).data()).toEqual(x.data());
  });

  test("softmaxLayer is softmax of the last axis", () => {
    expect(apply(softmaxLayer(), x).data()).toEqual(softmax(x).data());
  });

  test("dropout does nothing outside training", () => {
    expect(apply(dropout(0.9), x).data()).toEqual(x.data());
  });

  test("dropout in training drops about its share, other elements each step", () => {
    using model = sequential([dropout(0.25), dense(1, { kernelInitializer: "zeros" })], {
      inputShape: [4000],
      seed: 1,
    }).compile({ optimizer: "sgd", loss: "meanSquaredError" });
    // The gradient of the kernel is -2·x, so the step of sgd shows what was kept.
    const step = () => {
      model.setWeights([zeros([4000, 1]), [0]]);
      model.trainOnBatch([new Float32Array(4000).fill(1)], [[1]]);
      return model.getWeights()[0]!;
    };
    const [first, second] = [step(), step()];
    const kept = first.filter((v) => v !== 0);
    expect(kept.length / 4000).toBeGreaterThan(0.72);
    expect(kept.length / 4000).toBeLessThan(0.78);
    expectAllclose(kept, kept.slice().fill((0.01 * 2) / 0.75), 1e-6);
    expect(second).not.toEqual(first);
  });

  test("two dropouts of one model have masks of their own", () => {
    const mask = (names: [string, string]) => {
      using model = sequential(
        [dropout(0.5, { name: names[0] }), dense(1, { kernelInitializer: "zeros", name: "d" })],
        { inputShape: [500], seed: 1 },
      ).compile({ optimizer: "sgd", loss: "meanSquaredError" });
      model.trainOnBatch([new Float32Array(500).fill(1)], [[1]]);
      return model.getWeights()[0]!;
    };
    expect(mask(["a", "b"])).toEqual(mask(["a", "c"]));
    expect(mask(["a", "b"])).not.toEqual(mask(["b", "a"]));
  });

  test("refuse options and rates that are wrong", async () => {
    const bad: [() => unknown, string][] = [
      [() => dropout(1), "dropout(): rate: expected a number from 0 to below 1, got 1"],
      [() => dropout(-0.1), "dropout(): rate: expected a number from 0 to below 1, got -0.1"],
      [
        () => dropout(0.5, { nam: "x" } as never),
        'dropout(): unknown option "nam"; did you mean "name"?',
      ],
      [
        () => activation("tahn" as "tanh"),
        'activation(): unknown activation "tahn"; did you mean "tanh"?',
      ],
      [
        () => flatten({ axis: 1 } as never),
        'flatten(): unknown option "axis"; expected one of "name"',
      ],
      [() => input([0]), "input(): shape[0]: expected a positive integer or null, got 0"],
    ];
    for (const [call, message] of bad) {
      expect(await failure(call)).toBe(`ArgumentError: ${message}`);
    }
  });
});

describe("sequential", () => {
  test("names layers once each", () => {
    using model = sequential([dense(2), dense(2, { name: "x" }), dense(2), dense(2)], {
      inputShape: [2],
    });
    expect(model.layers).toEqual(["dense", "x", "dense_1", "dense_2"]);
  });

  test("takes its input shape from an option or an input layer", () => {
    using a = sequential([dense(2)], { inputShape: [3] });
    using b = sequential([input([3]), dense(2)]);
    expect([a.inputShape, b.inputShape]).toEqual([[3], [3]]);
    expect([a.outputShape, b.outputShape]).toEqual([[2], [2]]);
  });

  test("refuses what is no model", async () => {
    const bad: [() => unknown, string][] = [
      [
        () => sequential([]),
        "ArgumentError: sequential(): layers: expected a list of layers, got an array of length 0; write sequential([dense(10)], { inputShape: [4] })",
      ],
      [
        () => sequential(dense(3) as never),
        "ArgumentError: sequential(): layers: expected a list of layers, got a layer; write sequential([dense(10)], { inputShape: [4] })",
      ],
      [
        () => sequential([dense(3)]),
        "ArgumentError: sequential(): inputShape: expected the shape of one row, got none; " +
          "write sequential([...], { inputShape: [64] })",
      ],
      [
        () => sequential([dense(3)], { inputShpae: [3] } as never),
        'ArgumentError: sequential(): unknown option "inputShpae"; did you mean "inputShape"?',
      ],
      [
        () => sequential([dense(3)], { inputShape: [3], seed: -1 }),
        "ArgumentError: sequential(): seed: expected an integer of 0 or more, got -1",
      ],
      [
        () => sequential([dense(3)], { inputShape: [3.5] }),
        "ArgumentError: sequential(): inputShape[0]: expected a positive integer or null, got 3.5",
      ],
      [
        () => sequential([dense(3)], { inputShape: [] }),
        "ShapeError: dense(): expected inputs (…, in), got scalars",
      ],
      [
        () => sequential([() => 3 as never], { inputShape: [3] }),
        "ArgumentError: sequential(): function: expected a function that returns a float32 tensor, got 3",
      ],
    ];
    for (const [call, message] of bad) expect(await failure(call)).toBe(message);
  });
});
