import {
  ArgumentError,
  add,
  cast,
  dense,
  dropout,
  grad,
  jit,
  layer,
  memory,
  ones,
  randomNormal,
  randomUniform,
  sequential,
  sgd,
  sum,
  type Tensor,
  tensor,
  truncatedNormal,
  variable,
} from "ferrograd";
import { evaluateF64 } from "ferrograd/check";
import { describe, expect, test } from "vitest";
import { expectSameBits } from "./support/allclose.ts";
import { expectReference } from "./support/reference.ts";

const N = 40_000;

/** Mean, variance, and fourth moment over the variance squared. */
function moments(x: Float32Array): { mean: number; variance: number; kurtosis: number } {
  const average = (f: (v: number) => number) => x.reduce((total, v) => total + f(v), 0) / x.length;
  const mean = average((v) => v);
  const variance = average((v) => (v - mean) ** 2);
  return { mean, variance, kurtosis: average((v) => (v - mean) ** 4) / variance ** 2 };
}

describe("distributions", () => {
  test("the words are those that Random123 publishes for philox4x32-10 of zeros", () => {
    const words = [0x6627e8d5, 0xe169c58d, 0xbc57ac4c, 0x9b00dbd8];
    const expected = words.map((word) => (word >>> 8) / 2 ** 24);
    expectSameBits(randomUniform([4], { seed: 0 }).data(), expected);
  });

  test("uniform: each number is that of the reference, within its bounds", () => {
    const x = randomUniform([1003], { seed: 2 ** 40 + 7, stream: 3 });
    const reference = Float32Array.from(evaluateF64(x));
    expectSameBits(x.data(), reference);
    const shifted = randomUniform([N], { seed: 5, min: -3, max: 1 }).data();
    expect(shifted.every((v) => v >= -3 && v < 1)).toBe(true);
    const { mean, variance, kurtosis } = moments(shifted);
    expect(Math.abs(mean + 1)).toBeLessThan(0.02);
    expect(Math.abs(variance - 16 / 12)).toBeLessThan(0.02);
    expect(Math.abs(kurtosis - 1.8)).toBeLessThan(0.03);
  });

  test("normal: the quantiles of the reference, the moments asked for", () => {
    expectReference(randomNormal([1003], { seed: 1, stream: 9 }), { tol: 3e-6 });
    const x = randomNormal([N], { seed: 3, mean: 2, stddev: 3 }).data();
    const { mean, variance, kurtosis } = moments(x);
    expect(Math.abs(mean - 2)).toBeLessThan(0.05);
    expect(Math.abs(variance / 9 - 1)).toBeLessThan(0.03);
    expect(Math.abs(kurtosis - 3)).toBeLessThan(0.1);
  });

  test("truncated normal: nothing beyond two deviations", () => {
    expectReference(truncatedNormal([1003], { seed: 1 }), { tol: 3e-6 });
    const x = truncatedNormal([N], { seed: 3, mean: 1, stddev: 0.5 }).data();
    expect(x.every((v) => v >= 0 && v <= 2)).toBe(true);
    const { mean, variance } = moments(x);
    expect(Math.abs(mean - 1)).toBeLessThan(0.01);
    expect(Math.abs(variance / (0.25 * 0.7737413) - 1)).toBeLessThan(0.03);
  });

  test("seed, stream and shape decide, and nothing else", () => {
    const draw = (seed: number, stream: number) => randomNormal([64], { seed, stream }).data();
    expectSameBits(draw(1, 2), draw(1, 2));
    expect(draw(1, 2)).not.toEqual(draw(2, 2));
    expect(draw(1, 2)).not.toEqual(draw(1, 3));
    expect(draw(1, 0)).not.toEqual(draw(1 + 2 ** 32, 0));
    expectSameBits(randomNormal([8, 8], { seed: 1, stream: 2 }).data(), draw(1, 2));
    expectSameBits(
      randomUniform([10], { seed: 4 }).data(),
      randomUniform([99], { seed: 4 }).data().slice(0, 10),
    );
  });

  test("options are checked by name", () => {
    expect(() => randomUniform([1], { seed: -1 })).toThrow(ArgumentError);
    expect(() => randomNormal([1], { seed: 1, stddev: -1 })).toThrow(ArgumentError);
    expect(() => randomNormal([1], { seed: 1, std: 1 } as never)).toThrow(/std/);
  });
});

describe("first values of variables", () => {
  // Drawn where they lie, without a program: 4099 is no multiple of anything.
  const source = { seed: 2 ** 40 + 7, stream: 3 };
  const initial = {
    uniform: () => randomUniform([4099], { ...source, min: -3, max: 2 }),
    normal: () => randomNormal([4099], { ...source, mean: 1, stddev: 2 }),
    truncated: () => truncatedNormal([4099], source),
    none: () => randomNormal([0], source),
  };
  test.each(Object.entries(initial))("%s: the bits of the tensor", (_, make) => {
    const calls = memory().calls;
    using drawn = variable(make());
    expect(memory().calls).toBe(calls);
    expectSameBits(drawn.data(), make().data());
  });
});

describe("dropout", () => {
  const source = { seed: 11, stream: 4 };
  const at = (step: number) => tensor([step], [1], "int32");

  test("keeps its share, scaled so that the mean stays", () => {
    const y = dropout(ones([N]), 0.25, source).data();
    const kept = y.filter((v) => v !== 0);
    expect(Math.abs(kept.length / N - 0.75)).toBeLessThan(0.01);
    expect(kept.every((v) => v === Math.fround(4 / 3))).toBe(true);
    expectReference(dropout(ones([1003]), 0.25, source));
  });

  test("uses one mask in both directions", () => {
    const x = ones([500]);
    const y = dropout(x, 0.5, source);
    const [dx] = grad(sum(y), [x]);
    expectSameBits(dx!.data(), y.data());
  });

  test("has a mask per step", () => {
    const mask = (step: number) => dropout(ones([500]), 0.5, { ...source, step: at(step) }).data();
    expectSameBits(mask(7), mask(7));
    expect(mask(7)).not.toEqual(mask(8));
    const overlap = mask(7).filter((v, i) => v === mask(8)[i]).length;
    expect(Math.abs(overlap / 500 - 0.5)).toBeLessThan(0.1);
  });

  test("draws anew in a jitted function that counts its steps", () => {
    const step = variable(at(0));
    const draw = jit(() => {
      const y = dropout(ones([100]), 0.5, { ...source, step });
      step.assign(cast(add(cast(step, "float32"), 1), "int32"));
      return y;
    });
    expect(draw().data()).not.toEqual(draw().data());
    draw.dispose();
  });

  test("of rate 0 is the same tensor's values, NaN and infinity are kept or dropped, never mixed", () => {
    expect(dropout([1, -2, 3], 0, source).array()).toEqual([1, -2, 3]);
    const y = dropout(new Float32Array(100).fill(Number.NaN), 0.5, source).data();
    expect(y.every((v) => v === 0 || Number.isNaN(v))).toBe(true);
    for (const rate of [1, -0.1, Number.NaN]) {
      expect(() => dropout([1], rate, source)).toThrow(ArgumentError);
    }
  });
});

describe("numbers of a step", () => {
  const at = (step: number) => tensor([step], [1], "int32");

  test("are drawn anew at each, and step 0 is what is drawn without one", () => {
    for (const draw of [randomNormal, randomUniform, truncatedNormal]) {
      const of = (step: number) => draw([5], { seed: 3, step: at(step) }).array();
      expect(of(0)).toEqual(draw([5], { seed: 3 }).array());
      expect(of(2)).not.toEqual(of(1));
      expect(of(2)).toEqual(of(2));
      expect(variable(draw([5], { seed: 3, step: at(2) })).array()).toEqual(of(2));
      expect(
        jit((step: Tensor<readonly number[], "int32">) => draw([5], { seed: 3, step }))(
          at(2),
        ).array(),
      ).toEqual(of(2));
    }
    expect(() => randomNormal([5], { seed: 3, step: tensor([1, 2], [2], "int32") })).toThrow(
      "randomNormal(): step: expected one element, got shape [2]",
    );
    expect(() => randomNormal([5], { seed: 3, step: tensor([1]) as never })).toThrow(
      "randomNormal",
    );
  });

  test("are what a layer of one's own samples with, as a variational autoencoder does", () => {
    const made = () =>
      sequential(
        [
          dense(4),
          layer({
            type: "sampling",
            call: (mean, { random, training }) =>
              training ? add(mean, randomNormal(mean.shape, random)) : mean,
          }),
        ],
        { inputShape: [3], seed: 1 },
      ).compile({ optimizer: sgd({ learningRate: 0 }), loss: "meanSquaredError" });
    const [x, y] = [[[1, 2, 3]], [[0, 0, 0, 0]]];
    const losses = () => {
      using model = made();
      return Array.from({ length: 4 }, () => model.trainOnBatch(x, y).loss);
    };
    expect(new Set(losses()).size).toBe(4);
    expect(losses()).toEqual(losses());
    using model = made();
    expect(model.predict(x).array()).toEqual(model.predict(x).array());
  });
});
