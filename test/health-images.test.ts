import {
  activation,
  batchNormalization,
  conv1d,
  conv2d,
  dense,
  flatten,
  type Layer,
  maxPooling2d,
  sequential,
} from "ferrograd";
import { diagnose } from "ferrograd/diagnostics";
import { describe, expect, test } from "vitest";
import { integers, random } from "./support/numbers.ts";

const [x, y] = [random([20, 8, 8, 2], 1, 0, 1), integers([20], 3)];
const compiled = (layers: Layer[], inputShape = [8, 8, 2]) =>
  sequential([...layers, flatten(), dense(3)], { inputShape, seed: 1 }).compile({
    optimizer: "adam",
    loss: "sparseCategoricalCrossentropy",
  });
const codes = (model: ReturnType<typeof compiled>) =>
  diagnose(model, x, y).findings.map(({ code, layer }) => `${code} ${layer}`);

describe("convolutional nets, filter by filter", () => {
  test("filters are dead that are 0 at every place of every image", () => {
    using net = compiled([conv2d(6, 3, { activation: "relu" }), maxPooling2d(2)]);
    net.setWeights({ "conv2d/bias": [0, -50, 0, 0, -50, 0] });
    const { layers, findings } = diagnose(net, x, y);
    const [filters] = layers;
    expect(filters).toMatchObject({ name: "conv2d", units: 6 });
    expect(filters!.dead).toEqual({ count: 2, share: 1 / 3, units: [1, 4] });
    expect(filters!.perUnit.active.map((share) => share > 0)).toEqual(
      [0, 1, 2, 3, 4, 5].map((i) => i !== 1 && i !== 4),
    );
    expect(findings.find(({ code }) => code === "dying")).toMatchObject({ layer: "conv2d" });
  });

  test("the first weights are those that suit the activation, whatever the size of the window", () => {
    for (const [size, activation] of [
      [1, "relu"],
      [3, "tanh"],
      [5, "tanh"],
      [5, "selu"],
    ] as const) {
      using net = compiled([conv2d(32, size, { activation, padding: "same" })]);
      const { actual, suited } = diagnose(net, x, y).layers[0]!.kernelDeviation!;
      expect(Math.abs(actual / suited - 1)).toBeLessThan(0.15);
    }
    using line = compiled([conv1d(32, 5, { activation: "tanh" })], [16, 2]);
    const steps = diagnose(line, random([20, 16, 2], 1), y).layers[0]!.kernelDeviation!;
    expect(Math.abs(steps.actual / steps.suited - 1)).toBeLessThan(0.15);
  });

  test("deep sigmoids let the gradient vanish, batch normalization before each brings it back", () => {
    const deep = (normalized: boolean) =>
      compiled(
        Array.from({ length: 6 }, () => [
          conv2d(4, 3, { padding: "same", ...(!normalized && { activation: "sigmoid" }) }),
          ...(normalized ? [batchNormalization(), activation("sigmoid")] : []),
        ]).flat(),
      );
    using plain = deep(false);
    using normalized = deep(true);
    const flow = (net: ReturnType<typeof compiled>) => {
      const { layers } = diagnose(net, x, y);
      const norms = layers.flatMap(({ weightGradientNorm }) => weightGradientNorm ?? []);
      return norms[0]! / norms.at(-1)!;
    };
    expect(codes(plain).join()).toContain("vanishing conv2d");
    expect(flow(plain)).toBeLessThan(1e-3);
    expect(codes(normalized).join()).not.toContain("vanishing conv2d");
    expect(flow(normalized)).toBeGreaterThan(0.05);
  });
});
