import {
  activation,
  add,
  dense,
  dropout,
  flatten,
  gelu,
  grad,
  initializers,
  type LayerLike,
  matmul,
  mean,
  preluLayer,
  relu,
  relu6,
  rescaling,
  sequential,
  sigmoid,
  softmaxLayer,
  sparseCategoricalCrossentropy,
  sum,
  type Tensor,
  tanh,
  tensor,
} from "ferrograd";
import { digits, iris } from "ferrograd/datasets";
import { BINS, diagnose } from "ferrograd/diagnostics";
import { describe, expect, test } from "vitest";
import { compiled } from "./support/model.ts";

const close = (actual: number | undefined, expected: number) =>
  expect(Math.abs(actual! - expected)).toBeLessThanOrEqual(1e-6 * Math.max(1, Math.abs(expected)));

/** Where |f'| is 2.7 % of its largest value, from f in f64 and bisection; infinite where f does not saturate. */
const NEVER = [Number.NEGATIVE_INFINITY, Number.POSITIVE_INFINITY] as const;
const logistic = (v: number) => 1 / (1 + Math.exp(-v));
const sigmoidEnd = bisect((v) => 4 * logistic(v) * (1 - logistic(v)), 0, 20);
const tanhEnd = bisect((v) => 1 - Math.tanh(v) ** 2, 0, 20);
const density = (v: number) => Math.exp((-v * v) / 2) / Math.sqrt(2 * Math.PI);
const GELU_MOST = 1.1289; // f' at sqrt(2)
const geluEnd = -bisect((v) => Math.abs(normalTail(v) - v * density(v)) / GELU_MOST, 1.5, 20);
const flatEnds = [
  [-sigmoidEnd, sigmoidEnd],
  NEVER,
  [geluEnd, Number.POSITIVE_INFINITY],
  [-tanhEnd, tanhEnd],
  [Number.NEGATIVE_INFINITY, 6], // below 0 a relu6 is off, not saturated
  NEVER,
] as const;

/** Where a falling function passes 0.027. */
function bisect(f: (v: number) => number, low: number, high: number): number {
  for (let i = 0; i < 60; i++) {
    const middle = (low + high) / 2;
    if (f(middle) > 0.027) low = middle;
    else high = middle;
  }
  return low;
}

/** 1 − Φ(v), by Simpson's rule over the density. */
function normalTail(v: number): number {
  const [n, end] = [2000, v + 12];
  const h = (end - v) / n;
  let total = density(v) + density(end);
  for (let i = 1; i < n; i++) total += (i % 2 === 1 ? 4 : 2) * density(v + i * h);
  return (total * h) / 3;
}

const rms = (values: ArrayLike<number>) =>
  Math.sqrt(Array.from(values).reduce((total, value) => total + value * value, 0));

describe("every statistic equals one from activations and gradients read through the public API", () => {
  const { x, y } = iris().train;
  const wide = { kernelInitializer: initializers.normal({ stddev: 3 }) };
  const layers = [
    dense(6, { activation: "sigmoid", ...wide }),
    dense(5, { activation: "relu" }),
    dense(7, { activation: "gelu", ...wide }),
    dense(4, { activation: "tanh" }),
    dense(6, { activation: "relu6", ...wide }),
    dense(3),
  ];
  const functions = [sigmoid, relu, gelu, tanh, relu6, (z: Tensor) => z];
  const hidden = layers.length - 1;
  const model = compiled(layers, [4]);
  const { layers: health, loss } = diagnose(model, x, y, { probeRows: 1000 });
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
  const own = (i: number) => [
    gradients[layers.length + 2 * i]!,
    gradients[layers.length + 2 * i + 1]!,
  ];
  const slopes = z.map((at, i) =>
    i < hidden ? grad(sum(outputs[i]!), [at])[0]!.data() : undefined,
  );
  const weightGradient = (i: number) => Math.hypot(...own(i).map(rms));

  test("loss", () => close(loss, total.item()));

  test.each(layers.map((_, i) => i))("layer %i: gradients and weights", (i) => {
    const layer = health[i]!;
    close(layer.gradientNorm, rms(gradients[i]!));
    close(layer.weightGradientNorm, weightGradient(i));
    const weights = layers[i]!.variables.map((variable) => variable.data() as Float32Array);
    close(layer.weightNorm, Math.hypot(...weights.map(rms)));
    if (i === hidden) {
      expect([layer.gradientRatio, layer.weightGradientRatio]).toEqual([undefined, undefined]);
    } else {
      close(layer.gradientRatio, rms(gradients[i]!) / rms(gradients[i + 1]!));
      close(layer.weightGradientRatio, weightGradient(i) / weightGradient(i + 1));
    }
    const kernel = [...weights[0]!];
    const average = kernel.reduce((sum, w) => sum + w, 0) / kernel.length;
    close(
      layer.kernelDeviation!.actual,
      rms(kernel.map((w) => w - average)) / Math.sqrt(kernel.length),
    );
    const units = outputs[i]!.shape[1]!;
    const perUnit = Array.from({ length: units }, (_, unit) =>
      own(i)[0]!.filter((_, k) => k % units === unit),
    )
      .map(
        (column) =>
          [column.filter((v) => v > 0).length, column.filter((v) => v < 0).length] as const,
      )
      .filter(([p, n]) => p + n > 0)
      .map(([p, n]) => Math.max(p, n) / (p + n));
    expect(layer.perUnit.gradientSigns.filter((share) => !Number.isNaN(share))).toEqual(perUnit);
    close(layer.zeroCentering.gradientSigns, perUnit.reduce((t, v) => t + v, 0) / perUnit.length);
  });

  test.each(layers.map((_, i) => i))("layer %i: units", (i) => {
    const layer = health[i]!;
    const units = outputs[i]!.shape[1]!;
    const flat = outputs[i]!.data();
    close(layer.sparsity, flat.filter((v) => v === 0).length / flat.length);
    expect(layer.nonFinite).toBe(0);
    const slope = slopes[i];
    const dead = Array.from({ length: units }, (_, unit) => unit).filter(
      (unit) => slope?.every((s, at) => at % units !== unit || s === 0) ?? false,
    );
    expect(layer.dead.units).toEqual(dead);
    close(layer.dead.share, dead.length / units);
    const at = z[i]!.data();
    const share = (holds: (v: number) => boolean) => at.filter(holds).length / at.length;
    const [low, high] = flatEnds[i]!;
    close(
      layer.saturation.low,
      share((v) => v < low),
    );
    close(
      layer.saturation.high,
      share((v) => v > high),
    );
    close(
      layer.saturation.share,
      share((v) => v < low || v > high),
    );
    for (let unit = 0; unit < units; unit++) {
      const ofUnit = at.filter((_, k) => k % units === unit);
      const steep = slope?.filter((_, k) => k % units === unit) ?? ofUnit.map(() => 1);
      close(layer.perUnit.active[unit], steep.filter((v) => v !== 0).length / steep.length);
      const flatRows = ofUnit.filter((v) => v < low || v > high).length;
      close(layer.perUnit.saturated[unit], flatRows / ofUnit.length);
    }
    if (i === 0 || i === 2) expect(layer.saturation.share).toBeGreaterThan(0.1);
    const width = inputs[i]!.shape[1]!;
    const flatInput = inputs[i]!.data();
    let signs = 0;
    for (let row = 0; row < rows!; row++) {
      const values = Array.from(flatInput.slice(row * width, (row + 1) * width));
      const absolute = values.reduce((t, v) => t + Math.abs(v), 0);
      if (absolute > 0) signs += Math.abs(values.reduce((t, v) => t + v, 0)) / absolute;
    }
    close(layer.zeroCentering.inputs, signs / rows!);
  });

  test.each(layers.map((_, i) => i))("layer %i: histograms", (i) => {
    const { preActivations, activations, gradients: flows, weights } = health[i]!.histograms;
    const pairs = [
      [preActivations, z[i]!.data()],
      [activations, outputs[i]!.data()],
      [flows, gradients[i]!],
      [weights!, layers[i]!.variables.flatMap((variable) => [...variable.data()])],
    ] as const;
    for (const [{ min, max, counts }, values] of pairs) {
      // Gradients of a fused loss are those of z: for the last layer both are the same.
      close(min, Math.min(...values));
      close(max, Math.max(...values));
      expect(counts).toHaveLength(BINS);
      const expected = new Array<number>(BINS).fill(0);
      for (const v of values) {
        expected[Math.min(BINS - 1, Math.floor(((v - min) / (max - min)) * BINS))]! += 1;
      }
      const moved = counts.reduce((sum, n, bin) => sum + Math.abs(n - expected[bin]!), 0);
      expect(moved).toBeLessThanOrEqual(2); // a value on the edge of two bins
      expect(counts.reduce((sum, n) => sum + n, 0)).toBe(values.length);
    }
  });

  test("the size of one step equals that of a step on the probe", () => {
    const before = model.getWeights();
    const copy = compiled(
      layers.map((_, i) =>
        dense([6, 5, 7, 4, 6, 3][i]!, {
          activation: (["sigmoid", "relu", "gelu", "tanh", "relu6", "linear"] as const)[i]!,
        }),
      ),
      [4],
    );
    copy.setWeights(before);
    copy.trainOnBatch(x, y);
    const after = copy.getWeights();
    for (const i of layers.keys()) {
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

describe("collapsed", () => {
  const found = (layers: LayerLike[]) => {
    using model = sequential(layers, { inputShape: [4], seed: 1 }).compile({
      optimizer: "sgd",
      loss: "sparseCategoricalCrossentropy",
      warn: () => {},
    });
    const { findings } = diagnose(model, iris().train);
    return findings.flatMap(({ code, layer }) => (code === "collapsed" ? [layer] : []));
  };

  test.each<[string, LayerLike[]]>([
    ["beside", []],
    ["past dropout", [dropout(0.2)]],
    [
      "past flatten, rescaling and a linear one",
      [flatten(), rescaling({ scale: 2 }), activation("linear")],
    ],
  ])("is a layer that multiplies, as collapse() sees it: %s", (_name, between) => {
    expect(found([dense(8), ...between, dense(3)])).toEqual(["dense"]);
  });

  test.each<[string, LayerLike[]]>([
    ["an activation", [activation("relu")]],
    ["a function", [(x) => relu(x)]],
    ["softmax", [softmaxLayer()]],
    ["prelu", [preluLayer()]],
  ])("is none before %s", (_name, between) => {
    expect(found([dense(8), ...between, dense(3)])).toEqual([]);
  });
});
