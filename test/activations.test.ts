import * as library from "ferrograd";
import {
  type ActivationName,
  type ActivationSpelling,
  activation,
  dense,
  glu,
  grad,
  hardSilu,
  logSoftmax,
  mean,
  mul,
  prelu,
  preluLayer,
  relu,
  ShapeError,
  sequential,
  silu,
  softmax,
  sum,
  type Tensor,
  tensor,
  transpose,
} from "ferrograd";
import { checkGradients } from "ferrograd/check";
import { activations as ACTIVATIONS } from "ferrograd/tables";
import { describe, expect, test } from "vitest";
import { expectAllclose, expectSameBits } from "./support/allclose.ts";
import { random } from "./support/numbers.ts";
import { expectReference } from "./support/reference.ts";

const names = Object.keys(ACTIVATIONS) as ActivationName[];
const special = [0, -0, Number.NaN, Infinity, -Infinity, 1e-45, -1e-45, 3e38, -3e38, 88, -88, -104];
/** Where a row has its kinks with the default parameters; finite differences keep away from them. */
const KINKS = [-3, -1, -0.5, 0, 0.5, 1, 3, 6];
const smooth = (n: number): Tensor => {
  const x = random([n], n, -8, 8).data();
  const away = (v: number) => KINKS.every((kink) => Math.abs(v - kink) > 0.05);
  return tensor(x.map((v) => (away(v) ? v : v + 0.11)).filter(away));
};

describe.each(names)("%s", (name) => {
  const layer = activation(name);

  test("is its formula", () => {
    for (const n of [1, 3, 4, 15, 17, 1000]) expectReference(layer(random([n], n, -10, 10)));
    expectReference(layer(random([500], 3, -100, 80)));
    expectReference(layer(tensor(special)));
  });

  test("has the slope of its formula, also at kinks and infinities", () => {
    const { derivativeFrom } = ACTIVATIONS[name];
    const x = tensor([
      ...special.filter((v) => !Number.isNaN(v)),
      ...KINKS,
      ...random([300], 1).data(),
    ]);
    const [dx] = grad(sum(layer(x)), [x]);
    expectReference(dx!, { what: `from ${derivativeFrom}` });
  });

  test("has the slope that finite differences have", () => {
    const check = checkGradients((x: Tensor) => sum(layer(x)), smooth(60));
    expect(check.maxError).toBeLessThan(1e-4);
  });

  test("has parameters within their bounds, by name", () => {
    for (const { name: param, min, max, default: value } of ACTIVATIONS[name].params) {
      const given = (v: number) => activation(name, { [param]: v } as never);
      expectSameBits(given(value)(special).data(), layer(special).data());
      for (const v of [min, max]) expectReference(given(v)(random([100], 1, -5, 5)));
      expect(() => given(max * 2 + 1)).toThrow(`${param}: expected a number from ${min} to ${max}`);
    }
  });

  test("is a function, a layer and part of dense", () => {
    const f = (library as unknown as Record<string, (x: Tensor) => Tensor>)[name];
    const x = random([5, 7], 1, -3, 3);
    if (name !== "linear") expectSameBits(f!(x).data(), layer(x).data());
    const kernel = random([7, 9], 2);
    const options = { kernelInitializer: () => kernel, biasInitializer: "ones" } as const;
    const fused = dense(9, { activation: name, ...options } as never);
    expectSameBits(fused(x).data(), layer(dense(9, options)(x)).data());
  });
});

describe("other names", () => {
  test("swish is silu and hardSwish hardSilu, also in files", () => {
    const x = random([4, 3]);
    expectSameBits(activation("swish")(x).data(), silu(x).data());
    expectSameBits(activation("hardSwish")(x).data(), hardSilu(x).data());
    expect(activation("swish").config).toEqual({ activation: "silu" });
    expect(dense(2, { activation: "swish" }).config).toMatchObject({ activation: "silu" });
  });

  test("an unknown name is refused with the nearest, other names among them", () => {
    const wrong = (name: string) => () => activation(name as ActivationSpelling);
    expect(wrong("swihs")).toThrow('unknown activation "swihs"; did you mean "swish"?');
    expect(wrong("leakyrelu")).toThrow('did you mean "leakyRelu"?');
  });
});

describe("softmax and logSoftmax", () => {
  const shapes = [1, 2, 3, 7, 10, 16, 17, 33].flatMap((n) => [1, 3, 4, 9].map((rows) => [rows, n]));

  test.each(shapes)("are their formulas for %i rows of %i", (rows, n) => {
    const x = random([rows, n], rows * n, -5, 5);
    const dy = random([rows, n], 2);
    for (const f of [softmax, logSoftmax]) {
      expectReference(f(x));
      expectReference(grad(sum(mul(f(x), dy)), [x])[0]);
    }
  });

  test("go along any axis", () => {
    const x = random([3, 4, 5], 1, -3, 3);
    for (const f of [softmax, logSoftmax]) {
      for (const axis of [0, 1, -1]) {
        const order = [0, 1, 2].filter((i) => i !== (axis + 3) % 3).concat((axis + 3) % 3);
        const back = order.map((_, i) => order.indexOf(i));
        const expected = transpose(f(transpose(x, order)), back);
        expectSameBits(f(x, { axis }).data(), expected.data());
      }
    }
    expect(() => softmax(x, { axis: 3 })).toThrow("axis");
  });

  test("keep what softmax rounds away, and the infinities", () => {
    expect(
      logSoftmax([
        [0, 200],
        [-1e4, 1e4],
      ]).array(),
    ).toEqual([
      [-200, 0],
      [-2e4, 0],
    ]);
    expect(softmax([[0, -Infinity]]).array()).toEqual([[1, 0]]);
    expect(logSoftmax([[0, -Infinity]]).array()).toEqual([[0, -Infinity]]);
    expect(softmax([[0, Number.NaN, 1]]).array()).toEqual([[NaN, NaN, NaN]]);
  });
});

describe("glu", () => {
  test("halves any axis", () => {
    const x = random([4, 2, 6], 1);
    for (const axis of [0, 1, 2]) {
      const last = [0, 1, 2].filter((i) => i !== axis).concat(axis);
      const back = last.map((_, i) => last.indexOf(i));
      expectAllclose(glu(x, { axis }).data(), transpose(glu(transpose(x, last)), back).data());
    }
    expect(glu(x, { axis: 0 }).shape).toEqual([2, 2, 6]);
    const check = checkGradients((x: Tensor) => sum(mul(glu(x), glu(x))), random([3, 4]));
    expect(check.maxError).toBeLessThan(1e-4);
  });

  test("refuses an odd size", () => {
    expect(() => glu(random([2, 3]))).toThrow(ShapeError);
  });
});

describe("prelu", () => {
  test("has PyTorch's values and gradients, alpha at the kink", () => {
    const x = tensor([-2, 0, 3, Infinity], [2, 2]);
    const alpha = tensor([0.25, 0.5]);
    const [dx, dalpha] = grad(sum(prelu(x, alpha)), [x, alpha]);
    expect(prelu(x, alpha).array()).toEqual([
      [-0.5, 0],
      [3, Infinity],
    ]);
    expect(dx!.array()).toEqual([
      [0.25, 0.5],
      [1, 1],
    ]);
    expect(
      grad(
        sum(
          prelu(
            [
              [-2, 0],
              [3, 4],
            ],
            alpha,
          ),
        ),
        [alpha],
      )[0]!.array(),
    ).toEqual([-2, 0]);
    expect(dalpha!.shape).toEqual([2]);
  });

  test("does not ask for alpha above 0, infinite or NaN as it may be", () => {
    const alpha = tensor([Infinity, NaN, -Infinity]);
    const x = tensor([1, 2, Infinity]);
    const [dx, dalpha] = grad(sum(prelu(x, alpha)), [x, alpha]);
    expect(prelu(x, alpha).array()).toEqual([1, 2, Infinity]);
    expect(dx!.array()).toEqual([1, 1, 1]);
    expect(dalpha!.array()).toEqual([0, 0, 0]);
    expect(prelu([-1, 0, NaN], Infinity).array()).toEqual([-Infinity, NaN, NaN]);
  });

  test("trains one slope per channel, saves and loads", async () => {
    const model = sequential([dense(6), preluLayer(), dense(1)], { inputShape: [3], seed: 1 });
    const trained = model.compile({ optimizer: "sgd", loss: "meanSquaredError" });
    const layer = preluLayer();
    layer(random([2, 6]));
    expect(layer.variables.map((v) => v.shape)).toEqual([[6]]);
    const before = trained.predict(random([8, 3])).data();
    for (let i = 0; i < 20; i++) trained.trainOnBatch(random([8, 3], i), random([8, 1], i));
    const after = trained.predict(random([8, 3])).data();
    expect(after).not.toEqual(before);
    const loaded = library.loadModel(trained.save());
    expectSameBits(loaded.predict(random([8, 3])).data(), after);
    expect(() => preluLayer()(relu(tensor(3)))).toThrow("expected inputs (…, channels)");
  });

  test("refuses another number of channels", () => {
    const layer = preluLayer();
    layer(random([2, 6]));
    expect(() => layer(random([2, 5]))).toThrow("expected inputs (…, 6), got shape [2, 5]");
    expect(mean(layer(random([2, 6]))).shape).toEqual([]);
  });
});
