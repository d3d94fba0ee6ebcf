import {
  type ActivationName,
  activation,
  add,
  dense,
  dropout,
  flatten,
  type Initializer,
  initializers,
  type LayerLike,
  matmul,
  ones,
  randomNormal,
  relu,
  reshape,
  sequential,
  transpose,
} from "ferrograd";
import { diagnose } from "ferrograd/diagnostics";
import { describe, expect, test } from "vitest";
import { expectAllclose } from "./support/allclose.ts";
import { failure } from "./support/model.ts";
import { ours } from "./support/shares.ts";

/** The kernel that a layer starts with. */
function kernelOf(layer: ReturnType<typeof dense>, inputs = 400, seed = 1): Float32Array {
  using model = sequential([layer], { inputShape: [inputs], seed });
  return model.getWeights()[0]!;
}

const variance = (values: Float32Array): number => {
  const mean = values.reduce((sum, v) => sum + v, 0) / values.length;
  return values.reduce((sum, v) => sum + (v - mean) ** 2, 0) / values.length;
};

describe("initializers", () => {
  const he = Math.sqrt(2 / 400);
  const glorot = Math.sqrt(2 / (400 + 300));
  const lecun = Math.sqrt(1 / 400);
  const cut = 2 / 0.8796256610342398; // where the truncated normal of that stddev ends
  const rows: Record<string, { init: Initializer | string; stddev: number; bound: number }> = {
    heNormal: { init: "heNormal", stddev: he, bound: cut * he },
    heUniform: { init: "heUniform", stddev: he, bound: Math.sqrt(3) * he },
    glorotNormal: { init: "glorotNormal", stddev: glorot, bound: cut * glorot },
    glorotUniform: { init: "glorotUniform", stddev: glorot, bound: Math.sqrt(3) * glorot },
    lecunNormal: { init: "lecunNormal", stddev: lecun, bound: cut * lecun },
    lecunUniform: { init: "lecunUniform", stddev: lecun, bound: Math.sqrt(3) * lecun },
    uniform: { init: "uniform", stddev: 0.05 / Math.sqrt(3), bound: 0.05 },
    "uniform of a range": {
      init: initializers.uniform({ min: -3, max: 3 }),
      stddev: Math.sqrt(3),
      bound: 3,
    },
    normal: { init: "normal", stddev: 0.05, bound: 0.05 * 6 },
    truncatedNormal: { init: "truncatedNormal", stddev: 0.05 * 0.8796256610342398, bound: 0.1 },
    "varianceScaling of outputs": {
      init: initializers.varianceScaling({ scale: 3, mode: "fanOut", distribution: "uniform" }),
      stddev: Math.sqrt(3 / 300),
      bound: Math.sqrt(9 / 300),
    },
    "varianceScaling, cut": {
      init: initializers.varianceScaling({ mode: "fanAverage" }),
      stddev: Math.sqrt(1 / 350),
      bound: cut * Math.sqrt(1 / 350),
    },
    zeros: { init: "zeros", stddev: 0, bound: 0 },
  };

  test.each(ours(Object.keys(rows)))("%s has its moments and bounds", (name) => {
    const { init, stddev, bound } = rows[name]!;
    const values = kernelOf(dense(300, { kernelInitializer: init as Initializer }));
    const mean = values.reduce((sum, v) => sum + v, 0) / values.length;
    expect(Math.abs(mean)).toBeLessThanOrEqual(stddev * 0.02);
    expect(Math.abs(Math.sqrt(variance(values)) - stddev)).toBeLessThanOrEqual(stddev * 0.01);
    const largest = values.reduce((top, v) => Math.max(top, Math.abs(v)), 0);
    expect(largest).toBeLessThanOrEqual(bound * (1 + 1e-6));
    if (bound < 6 * stddev) expect(largest).toBeGreaterThanOrEqual(bound * 0.97);
  });

  test("ones and constant are the same everywhere", () => {
    expect(new Set(kernelOf(dense(3, { kernelInitializer: "ones" })))).toEqual(new Set([1]));
    const half = initializers.constant(0.5);
    expect(new Set(kernelOf(dense(3, { kernelInitializer: half })))).toEqual(new Set([0.5]));
  });

  test("the default suits the activation", () => {
    const suited = {
      linear: "glorotUniform",
      sigmoid: "glorotUniform",
      tanh: "glorotUniform",
      relu: "heNormal",
      leakyRelu: "heNormal",
    } as const;
    for (const [name, initializer] of Object.entries(suited)) {
      const layer = dense(20, { activation: name as ActivationName });
      const named = dense(20, {
        activation: name as ActivationName,
        kernelInitializer: initializer,
      });
      expect(kernelOf(layer)).toEqual(kernelOf(named));
    }
  });

  test("biases start at zero unless asked otherwise", () => {
    using model = sequential([dense(3), dense(2, { biasInitializer: "ones" })], {
      inputShape: [2],
    });
    expect(model.getWeights()[1]).toEqual(Float32Array.of(0, 0, 0));
    expect(model.getWeights()[3]).toEqual(Float32Array.of(1, 1));
  });

  test("the seed and the layer's path decide the bits", () => {
    expect(kernelOf(dense(20), 30, 1)).toEqual(kernelOf(dense(20), 30, 1));
    expect(kernelOf(dense(20), 30, 1)).not.toEqual(kernelOf(dense(20), 30, 2));
    expect(kernelOf(dense(20), 30, 2 ** 40 + 1)).not.toEqual(kernelOf(dense(20), 30, 1));
    expect(kernelOf(dense(20, { name: "a" }), 30)).not.toEqual(kernelOf(dense(20), 30));
    using model = sequential([dense(20), dense(20)], { inputShape: [20] });
    expect(model.getWeights()[0]).not.toEqual(model.getWeights()[2]);
  });

  test("refuse bad numbers", async () => {
    expect(
      await failure(() =>
        kernelOf(dense(3, { kernelInitializer: initializers.constant(Infinity) })),
      ),
    ).toBe(
      "ArgumentError: constant(): value: expected a finite number that float32 holds, got Infinity",
    );
  });
});

describe("dense before a layer that is its activation", () => {
  const ahead: Record<string, LayerLike[]> = {
    "the layer behind it": [activation("relu")],
    "past dropout": [dropout(0.5), activation("relu")],
    "past flatten": [flatten(), activation("relu")],
    "past a linear one": [activation("linear"), activation("relu")],
    "a function": [relu],
    "a function of its own name, past one that reshapes": [
      (x) => reshape(x, [x.shape[0]!, -1]),
      (x) => relu(x),
    ],
  };
  const kernel = (layers: LayerLike[]) =>
    sequential(layers, { inputShape: [8], seed: 4 }).getWeights()[0]!;

  test.each(Object.entries(ahead))("begins as with the activation inside: %s", (_name, layers) => {
    expect(kernel([dense(16), ...layers])).toEqual(kernel([dense(16, { activation: "relu" })]));
    const glorot = { kernelInitializer: "glorotUniform" } as const;
    expect(kernel([dense(16, glorot), ...layers])).toEqual(kernel([dense(16)]));
    expect(kernel([dense(16), dense(16), ...layers])).toEqual(kernel([dense(16)]));
  });

  test("begins as alone before a function that does more, or that knows its own shapes only", () => {
    const matters: LayerLike[] = [(x) => relu(add(x, 1)), (x) => relu(matmul(x, ones([16, 16])))];
    for (const layer of matters) expect(kernel([dense(16), layer])).toEqual(kernel([dense(16)]));
  });

  test("is measured by what suits that activation", () => {
    using model = sequential([dense(400), activation("relu"), dense(2)], {
      inputShape: [20],
      seed: 1,
    }).compile({ optimizer: "sgd", loss: "meanSquaredError" });
    const x = randomNormal([40, 20], { seed: 2 });
    const { layers, findings } = diagnose(model, x, randomNormal([40, 2], { seed: 3 }));
    const { actual, suited, activation: by } = layers[0]!.kernelDeviation!;
    expect(by).toBe("relu");
    expectAllclose([actual / suited], [1], 0.05);
    expect(findings.map(({ code }) => code)).not.toContain("initMismatch");
  });
});

describe("matrices that keep lengths", () => {
  const source = { seed: 3 };
  test.each([
    [8, 8],
    [40, 12],
    [12, 40],
    [1, 5],
  ])("orthogonal of (%i, %i)", (rows, columns) => {
    const w = initializers.orthogonal({ gain: 2 })([rows, columns], source);
    const short = rows < columns ? matmul(w, transpose(w)) : matmul(transpose(w), w);
    const size = Math.min(rows, columns);
    const wanted = Array.from({ length: size * size }, (_, i) => (i % (size + 1) === 0 ? 4 : 0));
    expectAllclose(short.data(), wanted, 1e-6);
    const other = initializers.orthogonal()([rows, columns], { seed: 4 });
    expect(w.data()).not.toEqual(other.data());
  });

  test("identity has ones on its diagonal, and a layer of it gives what it takes", () => {
    const w = initializers.identity({ gain: 3 })([2, 3], source);
    expect(w.array()).toEqual([
      [3, 0, 0],
      [0, 3, 0],
    ]);
    using net = sequential([dense(3, { kernelInitializer: initializers.identity() })], {
      inputShape: [3],
    });
    expect(net.predict([[1, 2, 3]]).array()).toEqual([[1, 2, 3]]);
  });

  test("are refused where there is no matrix, and for numbers that are none", async () => {
    const bias = dense(2, { biasInitializer: initializers.orthogonal() });
    expect(await failure(() => sequential([bias], { inputShape: [2] }))).toBe(
      "ShapeError: orthogonal(): expected at least 2 axes, got shape [2]",
    );
    expect(await failure(() => initializers.identity()([2, 2, 2], source))).toBe(
      "ShapeError: identity(): expected 2 axes, got shape [2, 2, 2]",
    );
    expect(await failure(() => initializers.orthogonal({ gain: Number.NaN }))).toMatch(
      /^ArgumentError: orthogonal\(\): gain/,
    );
    expect(await failure(() => initializers.varianceScaling({ mode: "fan" as never }))).toMatch(
      /^ArgumentError: varianceScaling\(\): unknown mode "fan"/,
    );
  });
});
