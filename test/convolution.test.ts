import {
  add,
  conv,
  conv1d,
  conv1dTranspose,
  conv2d,
  conv2dTranspose,
  convTranspose,
  depthwiseConv1d,
  depthwiseConv2d,
  flatten,
  grad,
  jit,
  type Layer,
  loadModel,
  memory,
  mul,
  relu,
  separableConv1d,
  separableConv2d,
  sequential,
  square,
  sum,
  type Tensor,
  tanh,
  tensor,
} from "ferrograd";
import { checkGradients } from "ferrograd/check";
import { describe, expect, test } from "vitest";
import { expectSameBits } from "./support/allclose.ts";
import { random } from "./support/numbers.ts";
import { expectReference } from "./support/reference.ts";
import { isOurs, ours } from "./support/shares.ts";

interface Case {
  readonly x: readonly [batch: number, height: number, width: number, channels: number];
  readonly kernel: readonly [height: number, width: number];
  readonly outputs: number;
  readonly strides: readonly [number, number];
  readonly dilation: readonly [number, number];
  readonly padding: readonly (readonly [number, number])[];
  readonly groups: number;
}

/** Shapes of all kinds, from a seed. */
function caseOf(seed: number): Case {
  let state = (seed + 1) * 2654435761;
  const below = (n: number) => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return (state >>> 8) % n;
  };
  const pair = (n: number) => [1 + below(n), 1 + below(n)] as const;
  const [groups, kernel, dilation] = [1 + below(3), pair(3), pair(3)];
  const reach = kernel.map((k, i) => (k - 1) * dilation[i]! + 1);
  const padding = reach.map((r) => [below(r + 1), below(r + 1)] as const);
  const sizes = reach.map((r, i) => Math.max(r - padding[i]![0] - padding[i]![1], 1) + below(6));
  return {
    x: [1 + below(2), sizes[0]!, sizes[1]!, groups * (1 + below(5))],
    ...{ kernel, outputs: groups * (1 + below(9)), strides: pair(3), dilation, padding, groups },
  };
}

const fround = Math.fround;

/** y, dx and dkernel in float32 by loops, in the order that defines the bits; a tap outside multiplies a zero. */
function naive(
  { kernel: [ky, kx], strides, dilation, padding, groups, ...c }: Case,
  x: Tensor,
  k: Tensor,
  dy?: Tensor,
) {
  const [batch, height, width, channels] = c.x;
  const [inputs, each] = [channels / groups, c.outputs / groups];
  const out = [height, width].map((size, i) => {
    const reach = ([ky, kx][i]! - 1) * dilation[i]! + 1;
    return Math.floor((size + padding[i]![0] + padding[i]![1] - reach) / strides[i]!) + 1;
  });
  const [xs, ks] = [x.data(), k.data()];
  const y = new Float32Array(batch * out[0]! * out[1]! * c.outputs);
  const dys = dy?.data() ?? y;
  const [dx, dk] = [new Float32Array(xs.length), new Float32Array(ks.length)];
  const at = (p: number) =>
    [Math.floor(p / out[1]! / out[0]!), Math.floor(p / out[1]!) % out[0]!, p % out[1]!] as const;
  const from = ([n, i, j]: readonly [number, number, number], tap: number) => {
    const a = i * strides[0] + Math.floor(tap / kx) * dilation[0] - padding[0]![0];
    const b = j * strides[1] + (tap % kx) * dilation[1] - padding[1]![0];
    return a < 0 || a >= height || b < 0 || b >= width
      ? -1
      : ((n * height + a) * width + b) * channels;
  };
  for (let p = 0; p < y.length / c.outputs; p++) {
    for (let o = 0; o < c.outputs; o++) {
      const first = Math.floor(o / each) * inputs;
      for (let tap = 0; tap < ky * kx; tap++) {
        const image = from(at(p), tap);
        for (let i = 0; i < inputs; i++) {
          const product =
            (image < 0 ? 0 : xs[image + first + i]!) * ks[(tap * inputs + i) * c.outputs + o]!;
          y[p * c.outputs + o] = fround(y[p * c.outputs + o]! + fround(product));
        }
      }
    }
  }
  if (dy === undefined) return { y, dx, dk };
  // The gradients: dx by outputs in order, so that its taps go backwards; dkernel by pixels in order.
  for (let p = 0; p < y.length / c.outputs; p++) {
    for (let tap = 0; tap < ky * kx; tap++) {
      const image = from(at(p), tap);
      for (let i = 0; i < channels; i++) {
        const group = Math.floor(i / inputs);
        for (let o = group * each; o < (group + 1) * each; o++) {
          const [d, w] = [dys[p * c.outputs + o]!, (tap * inputs + (i % inputs)) * c.outputs + o];
          const value = image < 0 ? 0 : xs[image + i]!;
          dk[w] = fround(dk[w]! + fround(value * d));
          if (image >= 0) dx[image + i] = fround(dx[image + i]! + fround(d * ks[w]!));
        }
      }
    }
  }
  return { y, dx, dk };
}

const sized = (c: Case) => ({
  x: random(c.x, 1),
  kernel: random([...c.kernel, c.x[3] / c.groups, c.outputs], 2),
  options: { strides: c.strides, dilation: c.dilation, padding: c.padding, groups: c.groups },
});

describe("conv", () => {
  test("has the bits of the naive loop, forward and gradients, for any shape", () => {
    for (let seed = 0; seed < 120; seed++) {
      if (!isOurs(seed)) continue;
      const c = caseOf(seed);
      const { x, kernel, options } = sized(c);
      const y = conv(x, kernel, options);
      const dy = random(y.shape, 3);
      const [dx, dk] = grad(sum(mul(y, dy)), [x, kernel]);
      const expected = naive(c, x, kernel, dy);
      const what = JSON.stringify(c);
      expectSameBits(y.data(), expected.y, `y ${what} `);
      expectSameBits(dk!.data(), expected.dk, `dkernel ${what} `);
      expectSameBits(dx!.data(), expected.dx, `dx ${what} `);
    }
  });

  test("and its gradients are those of the float64 references, by finite differences too", () => {
    for (let seed = 0; seed < 12; seed++) {
      if (!isOurs(seed)) continue;
      const c = caseOf(seed);
      const { x, kernel, options } = sized(c);
      expectReference(conv(x, kernel, options));
      const loss = (x: Tensor, kernel: Tensor) => sum(square(conv(x, kernel, options)));
      for (const g of grad(loss(x, kernel), [x, kernel])) expectReference(g, { tol: 1e-5 });
      expect(checkGradients(loss, x, kernel).maxError).toBeLessThan(1e-3);
    }
  });

  test.runIf(isOurs(0))("has second derivatives, which are convolutions again", () => {
    const { x, kernel, options } = sized(caseOf(5));
    const first = (x: Tensor, kernel: Tensor) => {
      const [dx, dk] = grad(sum(square(square(conv(x, kernel, options)))), [x, kernel]);
      return add(sum(square(dx!)), sum(square(dk!)));
    };
    for (const g of grad(first(x, kernel), [x, kernel])) expectReference(g, { tol: 1e-4 });
    expect(checkGradients(first, mul(x, 0.5), mul(kernel, 0.5)).maxError).toBeLessThan(1e-2);
  });

  test("takes in bias and activation after the sums", () => {
    for (const seed of [1, 4, 7]) {
      const c = caseOf(seed);
      const { x, kernel, options } = sized(c);
      const bias = random([c.outputs], 4);
      const f = jit((x: Tensor) => relu(add(conv(x, kernel, options), bias)));
      const b = bias.data();
      const expected = naive(c, x, kernel).y.map((sum, i) =>
        Math.max(fround(sum + b[i % c.outputs]!), 0),
      );
      expectSameBits(f(x).data(), expected);
      const loss = (x: Tensor, kernel: Tensor, bias: Tensor) =>
        sum(square(tanh(add(conv(x, kernel, options), bias))));
      for (const g of grad(loss(x, kernel, bias), [x, kernel, bias]))
        expectReference(g, { tol: 1e-5 });
      f.dispose();
    }
  });

  test("of one axis is that of images of height 1", () => {
    const [x, kernel] = [random([2, 9, 3], 1), random([4, 3, 5], 2)];
    for (const options of [{}, { strides: 2, dilation: 2 }, { padding: [[3, 1]] as const }]) {
      const { padding, ...rest } = options as { padding?: [[number, number]] };
      const line = conv(x, kernel, options);
      const image = conv(tensor(x.data(), [2, 1, 9, 3]), tensor(kernel.data(), [1, 4, 3, 5]), {
        ...Object.fromEntries(Object.entries(rest).map(([name, value]) => [name, [1, value]])),
        ...(padding && { padding: [[0, 0], padding[0]] as const }),
      });
      expectSameBits(line.data(), image.data());
    }
  });

  test("pads as Keras does", () => {
    const ones = (n: number) => tensor(new Float32Array(n).fill(1), [1, n, 1]);
    const sums = (n: number, k: number, options: object) =>
      conv(ones(n), tensor(new Float32Array(k).fill(1), [k, 1, 1]), options).data();
    expect([...sums(5, 3, { padding: "same" })]).toEqual([2, 3, 3, 3, 2]);
    expect([...sums(4, 2, { padding: "same" })]).toEqual([2, 2, 2, 1]); // an odd zero stands behind
    expect([...sums(5, 3, { padding: "same", strides: 2 })]).toEqual([2, 3, 2]);
    expect([...sums(5, 3, { padding: "causal" })]).toEqual([1, 2, 3, 3, 3]);
    expect([...sums(5, 2, { padding: "causal", dilation: 2 })]).toEqual([1, 1, 2, 2, 2]);
    expect([...sums(3, 3, { padding: 2 })]).toEqual([1, 2, 3, 2, 1]);
  });

  test("of no images has no outputs, and gradients of zeros", () => {
    const kernel = random([3, 3, 2, 4], 1);
    const y = conv(tensor(new Float32Array(0), [0, 5, 5, 2]), kernel);
    expect(y.shape).toEqual([0, 3, 3, 4]);
    const [dk] = grad(sum(y), [kernel]);
    expectSameBits(dk!.data(), new Float32Array(72));
  });
});

describe("convTranspose", () => {
  test("is the gradient of conv by its images", () => {
    for (let seed = 0; seed < 30; seed++) {
      if (!isOurs(seed)) continue;
      const c = caseOf(seed);
      const { x, kernel, options } = sized(c);
      const y = conv(x, kernel, options);
      const dy = random(y.shape, 3);
      const [dx] = grad(sum(mul(y, dy)), [x]);
      const outputPadding = c.strides.map((stride, i) => {
        const reach = (c.kernel[i]! - 1) * c.dilation[i]! + 1;
        return (c.x[i + 1]! + c.padding[i]![0] + c.padding[i]![1] - reach) % stride;
      });
      const back = convTranspose(dy, kernel, { ...options, outputPadding });
      expectSameBits(back.data(), dx!.data(), JSON.stringify(c));
      expect(back.shape).toEqual(x.shape);
    }
  });

  test("has the sizes of Keras", () => {
    const size = (options: object) =>
      convTranspose(random([1, 5, 2], 1), random([3, 4, 2], 2), options).shape[1];
    expect(size({})).toBe(7);
    expect(size({ strides: 2 })).toBe(11);
    expect(size({ strides: 4 })).toBe(20);
    expect(size({ strides: 2, padding: "same" })).toBe(10);
    expect(size({ strides: 2, padding: 1 })).toBe(9);
    expect(size({ strides: 2, padding: 1, outputPadding: 1 })).toBe(10);
    expect(size({ strides: 2, padding: "same", outputPadding: 0 })).toBe(9);
  });
});

/** Every layer, with rows that it takes. */
const layers: readonly (readonly [string, () => Layer, readonly number[], readonly number[]])[] = [
  [
    "conv1d",
    () => conv1d(6, 3, { padding: "causal", activation: "relu", groups: 2 }),
    [8, 4],
    [8, 6],
  ],
  ["conv2d", () => conv2d(5, [3, 2], { strides: 2, activation: "tanh" }), [9, 8, 3], [4, 4, 5]],
  [
    "conv2d of a function",
    () => conv2d(4, 3, { activation: "softmax", useBias: false }),
    [5, 5, 2],
    [3, 3, 4],
  ],
  [
    "conv1dTranspose",
    () => conv1dTranspose(3, 4, { strides: 2, activation: "gelu" }),
    [5, 2],
    [12, 3],
  ],
  [
    "conv2dTranspose",
    () => conv2dTranspose(3, 3, { strides: 2, padding: "same" }),
    [4, 5, 2],
    [8, 10, 3],
  ],
  ["depthwiseConv1d", () => depthwiseConv1d(3, { depthMultiplier: 2 }), [7, 3], [5, 6]],
  [
    "depthwiseConv2d",
    () => depthwiseConv2d(3, { padding: "same", activation: "relu" }),
    [6, 5, 4],
    [6, 5, 4],
  ],
  ["separableConv1d", () => separableConv1d(4, 3, { padding: "same" }), [7, 3], [7, 4]],
  [
    "separableConv2d",
    () => separableConv2d(4, 3, { depthMultiplier: 2, strides: 2 }),
    [7, 7, 3],
    [3, 3, 4],
  ],
];

describe.each(ours(layers))("%s", (_name, make, row, shape) => {
  test("trains, saves, loads and gives what it says", async () => {
    const model = sequential([make(), flatten()], { inputShape: row, seed: 1 });
    expect(model.outputShape).toEqual([shape.reduce((a, b) => a * b)]);
    const x = random([6, ...row], 1);
    const y = random([6, ...model.outputShape] as number[], 2);
    const compiled = model.compile({ optimizer: "adam", loss: "meanSquaredError" });
    const { loss } = (await compiled.fit(x, y, { epochs: 20, batchSize: 3 })).history;
    expect(loss.at(-1)).toBeLessThan(loss[0]!);
    const loaded = loadModel(compiled.save());
    expectSameBits(
      loaded.predict(x).data() as Float32Array,
      compiled.predict(x).data() as Float32Array,
    );
    expect(loaded.summary()).toEqual(compiled.summary());
    compiled.dispose();
    loaded.dispose();
  });

  test("has right gradients", () => {
    const layer = make();
    const x = random([2, ...row], 1);
    layer(x);
    const loss = (x: Tensor) => sum(square(layer(x)));
    expect(checkGradients(loss, x).maxError).toBeLessThan(5e-3);
    const variables = layer.variables as readonly Tensor[];
    for (const g of grad(loss(x), variables)) expectReference(g, { tol: 1e-5 });
    for (const variable of layer.variables) variable.dispose();
  });
});

describe("layers of windows", () => {
  test("draw by the inputs and outputs of a unit", () => {
    const spread = (layer: Layer, row: readonly number[]) => {
      layer(random([1, ...row], 1));
      const values = layer.variables[0]!.data() as Float32Array;
      for (const variable of layer.variables) variable.dispose();
      return Math.max(...values.map(Math.abs));
    };
    const bound = (fanIn: number, fanOut: number) => Math.sqrt(6 / (fanIn + fanOut));
    expect(spread(conv2d(64, 3), [4, 4, 16]) / bound(144, 576)).toBeCloseTo(1, 2);
    expect(spread(conv2d(64, 3, { groups: 4 }), [4, 4, 16]) / bound(36, 144)).toBeCloseTo(1, 2);
    expect(
      spread(depthwiseConv2d(3, { depthMultiplier: 4 }), [4, 4, 64]) / bound(9, 36),
    ).toBeCloseTo(1, 2);
    expect(spread(conv2dTranspose(16, 3), [4, 4, 64]) / bound(576, 144)).toBeCloseTo(1, 2);
  });

  test("name what is wrong, with the sizes", () => {
    const said = (layer: () => Layer, row: readonly number[]) => () =>
      sequential([layer()], { inputShape: row });
    expect(said(() => conv2d(8, 5), [3, 28, 28])).toThrow(
      "conv2d(): expected a kernel no larger than the padded input, got 5 for 3 along axis 1, which leaves no output",
    );
    expect(said(() => conv2d(8, 3), [28, 28])).toThrow("reshapeLayer([28, 28, 1])");
    expect(said(() => conv2d(8, 3, { groups: 4 }), [8, 8, 6])).toThrow(
      "conv2d(): groups: expected a divisor of the 6 channels, got 4",
    );
    expect(() => conv2d(6, 3, { groups: 4 })).toThrow(
      "conv2d(): filters: expected a multiple of the 4 groups, got 6",
    );
    expect(() => conv2d({ filters: 8 } as never, 3)).toThrow("write conv2d(32, 3, { ... })");
    expect(() => conv2d(8, { kernelSize: 3 } as never)).toThrow("write conv2d(8, 3, { ... })");
    expect(() => conv2d(8, 3, { padding: "causal" })).toThrow(
      "causal is for convolutions along time",
    );
    expect(() => conv2d(8, [3, 3, 3])).toThrow(
      "kernelSize: expected a positive integer or 2 of them",
    );
    expect(() => conv2dTranspose(8, 3, { strides: 2, outputPadding: 2 })).toThrow(
      "less than the stride 2",
    );
    expect(said(() => conv1d(4, 9, { dilationRate: 2 }), [16, 2])).toThrow(
      "got 17 (9 taps, dilation 2) for 16",
    );
    const layer = conv2d(4, 3);
    layer(random([1, 8, 8, 3], 1));
    expect(() => layer(random([1, 3, 8, 8], 1))).toThrow("transpose(x, [0, 2, 3, 1])");
    expect(() => conv(random([2, 3, 8, 8], 1), random([3, 3, 3, 4], 2))).toThrow(
      "transpose(x, [0, 2, 3, 1])",
    );
    for (const variable of layer.variables) variable.dispose();
  });

  test("leave no memory behind", () => {
    const before = memory().bytes;
    {
      using model = sequential([conv2d(4, 3), flatten()], { inputShape: [8, 8, 2] });
      model.predict(random([3, 8, 8, 2], 1));
    }
    expect(memory().bytes).toBe(before);
  });
});
