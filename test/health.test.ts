import {
  add,
  dense,
  grad,
  initializers,
  type Layer,
  matmul,
  mean,
  relu,
  sequential,
  sigmoid,
  sparseCategoricalCrossentropy,
  sum,
  type Tensor,
  tanh,
  tensor,
} from "ferrograd";
import { digits, iris } from "ferrograd/datasets";
import { diagnose } from "ferrograd/diagnostics";
import { describe, expect, test } from "vitest";

const close = (actual: number | undefined, expected: number) =>
  expect(Math.abs(actual! - expected)).toBeLessThanOrEqual(1e-6 * Math.max(1, Math.abs(expected)));

const compiled = (layers: Layer[], inputShape: number[], optimizer: "adam" | "sgd" = "adam") =>
  sequential(layers, { inputShape, seed: 3 }).compile({
    optimizer,
    loss: "sparseCategoricalCrossentropy",
    metrics: ["accuracy"],
  });

const rms = (values: ArrayLike<number>) =>
  Math.sqrt(Array.from(values).reduce((total, value) => total + value * value, 0));

describe("every statistic equals one from activations and gradients read through the public API", () => {
  const { x, y } = iris().train;
  const layers = [
    dense(6, { activation: "sigmoid", kernelInitializer: initializers.normal({ stddev: 3 }) }),
    dense(5, { activation: "relu" }),
    dense(4, { activation: "tanh" }),
    dense(3),
  ];
  const model = compiled(layers, [4]);
  const { layers: health, loss } = diagnose(model, x, y, { probeRows: 1000 });
  const functions = [sigmoid, relu, tanh, (z: Tensor) => z];
  const rows = x.shape[0];
  const inputs: Tensor[] = [];
  const z: Tensor[] = [];
  const outputs: Tensor[] = [];
  let value: Tensor = tensor(x.data, x.shape as number[]);
  for (const [i, layer] of layers.entries()) {
    const [kernel, bias] = layer.variables as unknown as Tensor[];
    inputs.push(value);
    z.push(add(matmul(value, kernel!), bias!));
    outputs.push(functions[i]!(z[i]!));
    value = outputs[i]!;
  }
  const labels = tensor(y.data as Int32Array, y.shape as number[], "int32");
  const total = mean(sparseCategoricalCrossentropy(labels, value, { fromLogits: true }));
  const variables = layers.flatMap((layer) => layer.variables as unknown as Tensor[]);
  const gradients = grad(total, [...outputs, ...variables]).map((gradient) => gradient.data());
  const slopes = z.map((at, i) => (i < 3 ? grad(sum(outputs[i]!), [at])[0]!.data() : undefined));

  test("loss", () => close(loss, total.item()));

  test.each([0, 1, 2, 3])("layer %i", (i) => {
    const own = health[i]!;
    const units = outputs[i]!.shape[1]!;
    const flat = outputs[i]!.data();
    close(own.gradientNorm, rms(gradients[i]!));
    const [dW, db] = [gradients[4 + 2 * i]!, gradients[5 + 2 * i]!];
    close(own.weightGradientNorm, Math.hypot(rms(dW), rms(db)));
    close(own.sparsity, flat.filter((v) => v === 0).length / flat.length);
    expect(own.nonFinite).toBe(0);
    const slope = slopes[i];
    const dead = Array.from({ length: units }, (_, unit) => unit).filter(
      (unit) => slope?.every((s, at) => at % units !== unit || s === 0) ?? false,
    );
    expect(own.dead.units).toEqual(dead);
    close(own.dead.share, dead.length / units);
    const at = z[i]!.data();
    const flatter = [
      (v: number) => 4 * (1 / (1 + Math.exp(-v))) * (1 - 1 / (1 + Math.exp(-v))) < 0.027,
      () => false,
      (v: number) => 1 - Math.tanh(v) ** 2 < 0.027,
      () => false,
    ][i]!;
    close(own.saturation.low, at.filter((v) => v < 0 && flatter(v)).length / at.length);
    close(own.saturation.high, at.filter((v) => v > 0 && flatter(v)).length / at.length);
    if (i === 0) expect(own.saturation.share).toBeGreaterThan(0.1);
    const width = inputs[i]!.shape[1]!;
    const flatInput = inputs[i]!.data();
    let signs = 0;
    for (let row = 0; row < rows!; row++) {
      const values = Array.from(flatInput.slice(row * width, (row + 1) * width));
      const absolute = values.reduce((t, v) => t + Math.abs(v), 0);
      if (absolute > 0) signs += Math.abs(values.reduce((t, v) => t + v, 0)) / absolute;
    }
    close(own.zeroCentering.inputs, signs / rows!);
    const perUnit = Array.from({ length: units }, (_, unit) =>
      dW.filter((_, k) => k % units === unit),
    )
      .map(
        (column) =>
          [column.filter((v) => v > 0).length, column.filter((v) => v < 0).length] as const,
      )
      .filter(([p, n]) => p + n > 0)
      .map(([p, n]) => Math.max(p, n) / (p + n));
    close(own.zeroCentering.gradientSigns, perUnit.reduce((t, v) => t + v, 0) / perUnit.length);
    const { min, max, counts } = own.histograms.preActivations;
    expect([min, max]).toEqual([Math.min(...at), Math.max(...at)]);
    expect(counts.reduce((t, n) => t + n, 0)).toBe(at.length);
    const middle = at.filter((v) => v >= min && v < min + (max - min) / 2).length;
    expect(counts.slice(0, 16).reduce((t, n) => t + n, 0)).toBe(middle);
  });

  test("the size of one step equals that of a step on the probe", () => {
    const before = model.getWeights();
    const copy = compiled(
      layers.map((_, i) =>
        dense([6, 5, 4, 3][i]!, {
          activation: (["sigmoid", "relu", "tanh", "linear"] as const)[i]!,
        }),
      ),
      [4],
    );
    copy.setWeights(before);
    copy.trainOnBatch(x, y);
    const after = copy.getWeights();
    for (const i of [0, 1, 2, 3]) {
      const pair = [2 * i, 2 * i + 1];
      const change = Math.hypot(
        ...pair.map((v) => rms(after[v]!.map((w, k) => w - before[v]![k]!))),
      );
      const size = Math.hypot(...pair.map((v) => rms(before[v]!)));
      expect(Math.abs(health[i]!.updateRatio! / (change / size) - 1)).toBeLessThan(1e-4);
    }
  });
});

describe("ten layers on digits", () => {
  const { train } = digits();
  const deep = (activation: "sigmoid" | "relu") =>
    compiled([...Array.from({ length: 9 }, () => dense(64, { activation })), dense(10)], [64]);

  test("sigmoid: the gradient vanishes, and the first layers are named", () => {
    const { layers, findings } = diagnose(deep("sigmoid"), train);
    const norms = layers.map((layer) => layer.weightGradientNorm!);
    expect(norms[9]! / norms[0]!).toBeGreaterThan(1000);
    const named = findings.filter(({ code }) => code === "vanishing").map(({ layer }) => layer);
    expect(named).toContain("dense");
    expect(named).not.toContain("dense_9");
  });

  test("relu with He: within a factor of 10, no warning", () => {
    const { layers, findings } = diagnose(deep("relu"), train);
    const norms = layers.map((layer) => layer.weightGradientNorm!);
    expect(Math.max(...norms) / Math.min(...norms)).toBeLessThan(10);
    expect(findings.filter(({ severity }) => severity !== "info")).toEqual([]);
  });
});

test("nothing of the model changes, and training goes on with the same bits", () => {
  const { x, y } = iris().train;
  const [watched, alone] = [0, 1].map(() =>
    compiled([dense(8, { activation: "relu" }), dense(3)], [4]),
  );
  for (let step = 0; step < 20; step++) {
    watched!.trainOnBatch(x, y);
    alone!.trainOnBatch(x, y);
    if (step % 5 === 0) diagnose(watched!, x, y);
  }
  expect(watched!.getWeights()).toEqual(alone!.getWeights());
});

test("options and data are checked before anything runs", () => {
  const { x, y } = iris().train;
  const model = compiled([dense(3)], [4]);
  expect(() => diagnose(model, x, y, { probeRows: 0 })).toThrow(
    /diagnose\(\): probeRows: expected/,
  );
  expect(() => diagnose(model, [[1, 2]], [0])).toThrow(
    /diagnose\(\): x: expected rows of shape \[4\]/,
  );
  // @ts-expect-error an unknown code
  expect(() => diagnose(model, x, y, { thresholds: { ded: 1 } })).toThrow(/"dead"/);
});
