import {
  averagePool1d,
  averagePooling1d,
  averagePooling2d,
  dense,
  flatten,
  globalAveragePooling1d,
  globalAveragePooling2d,
  globalMaxPooling1d,
  globalMaxPooling2d,
  grad,
  jit,
  type Layer,
  loadModel,
  maxPool2d,
  maxPooling1d,
  maxPooling2d,
  mul,
  ShapeError,
  sequential,
  sum,
  type Tensor,
} from "ferrograd";
import { describe, expect, test } from "vitest";
import { expectSameBits } from "./support/allclose.ts";
import { random } from "./support/numbers.ts";

/** Pooling layers with the shapes that they make of rows. */
const layers: Readonly<Record<string, readonly [() => Layer, from: number[], to: number[]]>> = {
  "maxPooling1d, overlapping": [
    () => maxPooling1d(3, { strides: 2, padding: "same" }),
    [7, 2],
    [4, 2],
  ],
  maxPooling2d: [() => maxPooling2d(), [5, 4, 3], [2, 2, 3]],
  "averagePooling1d, pads counted": [
    () => averagePooling1d(2, { padding: [[1, 0]], countIncludePad: true }),
    [7, 2],
    [4, 2],
  ],
  averagePooling2d: [() => averagePooling2d([2, 3], { strides: 1 }), [5, 4, 3], [4, 2, 3]],
  globalAveragePooling1d: [() => globalAveragePooling1d(), [7, 2], [2]],
  globalAveragePooling2d: [() => globalAveragePooling2d({ keepDims: true }), [5, 4, 3], [1, 1, 3]],
  globalMaxPooling1d: [() => globalMaxPooling1d({ keepDims: true }), [7, 2], [1, 2]],
  globalMaxPooling2d: [() => globalMaxPooling2d(), [5, 4, 3], [3]],
};

describe.each(Object.entries(layers))("%s", (_name, [make, from, to]) => {
  test("has the shape it should, of no rows too", () => {
    using model = sequential([make()], { inputShape: from, seed: 1 });
    expect(model.predict(random([2, ...from])).shape).toEqual([2, ...to]);
    expect(make()(random([0, ...from])).shape).toEqual([0, ...to]);
  });

  test("trains behind weights, and goes on the same when it was saved", () => {
    using model = sequential([dense(from.at(-1)!), make(), flatten(), dense(2)], {
      inputShape: from,
      seed: 1,
    }).compile({ optimizer: "adam", loss: "meanSquaredError" });
    const [x, y] = [random([6, ...from], 1), random([6, 2], 2)];
    const first = model.trainOnBatch(x, y).loss;
    using loaded = loadModel(model.save({ includeOptimizer: true }));
    for (let step = 0; step < 20; step++) {
      expect(model.trainOnBatch(x, y)).toEqual(loaded.trainOnBatch(x, y));
    }
    expect(model.evaluate(x, y).loss).toBeLessThan(first);
  });

  test("refuses rows of another number of axes", () => {
    expect(() => make()(random([2, 3]))).toThrow(ShapeError);
    expect(() => sequential([make()], { inputShape: [4] })).toThrow(ShapeError);
  });
});

test("the same bits traced as alone, forward and back, whatever the windows", () => {
  const x = random([3, 6, 7, 5], 1);
  for (const [size, strides, padding] of [
    [2, 2, "valid"],
    [3, 2, "same"],
    [3, 1, 2],
    [
      [1, 4],
      [3, 1],
      [
        [0, 0],
        [3, 1],
      ],
    ],
  ] as const) {
    const loss = (x: Tensor) => {
      const y = maxPool2d(x, size, { strides, padding });
      return sum(mul(y, random(y.shape, 3)));
    };
    const slope = (x: Tensor) => grad(loss(x), [x])[0]!;
    expectSameBits(jit(slope)(x).data(), slope(x).data());
  }
});

test("an image that a window does not fit into is refused before anything runs, with both sizes", () => {
  expect(() =>
    sequential([maxPooling2d(2), maxPooling2d(2), maxPooling2d(2)], { inputShape: [6, 6, 1] }),
  ).toThrow(
    "maxPooling2d(): expected a kernel no larger than the padded input, got 2 for 1 along axis 1",
  );
  expect(() => averagePool1d(random([1, 2, 1]), 2 ** 31, { padding: "same" })).toThrow(ShapeError);
});
