import {
  cropping1d,
  cropping2d,
  dense,
  flatten,
  grad,
  jit,
  type Layer,
  loadModel,
  reflectionPadding1d,
  reflectionPadding2d,
  resizing,
  type Shape,
  ShapeError,
  sequential,
  square,
  sum,
  type Tensor,
  upSampling1d,
  upSampling2d,
  zeroPadding1d,
  zeroPadding2d,
} from "ferrograd";
import { checkGradients } from "ferrograd/check";
import { describe, expect, test } from "vitest";
import { expectAllclose, expectSameBits } from "./support/allclose.ts";
import { random } from "./support/numbers.ts";
import { isOurs } from "./support/shares.ts";

/** What is read at a place (y, x), which may lie between pixels, of an image of one channel. */
type Reader = (at: (y: number, x: number) => number, y: number, x: number) => number;

const between: Reader = (at, y, x) => {
  const [top, left] = [Math.floor(y), Math.floor(x)];
  const row = (y: number) => at(y, left) * (1 - (x - left)) + at(y, left + 1) * (x - left);
  return row(top) * (1 - (y - top)) + row(top + 1) * (y - top);
};
const nearest: Reader = (at, y, x) => at(Math.floor(y + 0.5), Math.floor(x + 0.5));

/** Pixel by pixel in float64, from the middles of pixels; edges go on outside. */
function reference(x: Tensor, [height, width]: readonly [number, number], read: Reader): number[] {
  const [batch, rows, columns, channels] = x.shape as [number, number, number, number];
  const data = x.data();
  const inside = (at: number, size: number) => Math.min(size - 1, Math.max(0, at));
  const result: number[] = [];
  for (let n = 0; n < batch; n++) {
    for (let i = 0; i < height; i++) {
      for (let j = 0; j < width; j++) {
        for (let c = 0; c < channels; c++) {
          const at = (y: number, x: number) =>
            data[((n * rows + inside(y, rows)) * columns + inside(x, columns)) * channels + c]!;
          const place = (at: number, to: number, size: number) => ((at + 0.5) * size) / to - 0.5;
          result.push(read(at, place(i, height, rows), place(j, width, columns)));
        }
      }
    }
  }
  return result;
}

const SIZES = [
  [5, 4],
  [3, 9],
  [1, 1],
  [10, 8],
  [7, 4],
] as const;

test.each(SIZES)(
  "images of 5 × 4 become %i × %i, as pixel by pixel in float64",
  (height, width) => {
    const x = random([2, 5, 4, 3], 1);
    const ways = [
      ["bilinear", between],
      ["nearest", nearest],
    ] as const;
    for (const [i, [interpolation, read]] of ways.entries()) {
      const layer = resizing(height, width, { interpolation });
      expect(layer(x).shape).toEqual([2, height, width, 3]);
      expectAllclose(layer(x).data(), reference(x, [height, width], read), 1e-6, interpolation);
      expectSameBits(jit((x: Tensor) => layer(x))(x).data(), layer(x).data());
      if (!isOurs(i + height)) continue;
      const loss = (x: Tensor) => sum(square(layer(x)));
      expect(checkGradients(loss, x).maxError).toBeLessThan(1e-4);
      const second = (x: Tensor) => sum(square(grad(loss(x), [x])[0]!));
      expect(checkGradients(second, x).maxError).toBeLessThan(1e-3);
    }
  },
);

test("twice as large, as Keras and PyTorch have it", () => {
  const row = (values: number[]) => [[values.map((value) => [value])]];
  const large = (layer: Layer, values: number[]) => [...layer(row(values)).data()];
  expect(large(upSampling2d([1, 2], { interpolation: "bilinear" }), [1, 2])).toEqual([
    1, 1.25, 1.75, 2,
  ]);
  expect(large(upSampling2d([2, 1]), [1, 2])).toEqual([1, 2, 1, 2]);
  expect(large(resizing(1, 2), [0, 1, 2, 3])).toEqual([0.5, 2.5]);
  expect(large(resizing(1, 2, { interpolation: "nearest" }), [0, 1, 2, 3])).toEqual([1, 3]);
});

/** Layers that put pixels elsewhere: what they make of a shape, and of the numbers 1, 2, … */
const moves: Readonly<
  Record<string, readonly [() => Layer, from: Shape, to: Shape, values: number[]]>
> = {
  upSampling1d: [() => upSampling1d(3), [2, 1], [6, 1], [1, 1, 1, 2, 2, 2]],
  upSampling2d: [() => upSampling2d(), [1, 2, 1], [2, 4, 1], [1, 1, 2, 2, 1, 1, 2, 2]],
  zeroPadding1d: [() => zeroPadding1d([0, 2]), [2, 2], [4, 2], [1, 2, 3, 4, 0, 0, 0, 0]],
  "zeroPadding2d, the same at both ends": [
    () => zeroPadding2d([0, 1]),
    [2, 1, 1],
    [2, 3, 1],
    [0, 1, 0, 0, 2, 0],
  ],
  "zeroPadding2d of each side": [
    () =>
      zeroPadding2d([
        [1, 0],
        [0, 2],
      ]),
    [1, 2, 1],
    [2, 4, 1],
    [0, 0, 0, 0, 1, 2, 0, 0],
  ],
  reflectionPadding1d: [() => reflectionPadding1d(2), [3, 1], [7, 1], [3, 2, 1, 2, 3, 2, 1]],
  reflectionPadding2d: [
    () =>
      reflectionPadding2d([
        [1, 0],
        [0, 1],
      ]),
    [2, 2, 1],
    [3, 3, 1],
    [3, 4, 3, 1, 2, 1, 3, 4, 3],
  ],
  cropping1d: [() => cropping1d(), [4, 1], [2, 1], [2, 3]],
  cropping2d: [
    () =>
      cropping2d([
        [0, 1],
        [1, 0],
      ]),
    [2, 3, 1],
    [1, 2, 1],
    [2, 3],
  ],
};

describe.each(Object.entries(moves))("%s", (_name, [make, from, to, values]) => {
  const size = from.reduce((a, b) => a * b);

  test("puts every pixel where it should", () => {
    const x = { data: Float32Array.from({ length: size }, (_, i) => i + 1), shape: [1, ...from] };
    expect(make()(x).shape).toEqual([1, ...to]);
    expect([...make()(x).data()]).toEqual(values);
  });

  test("has a gradient, trains, and is the same from a file", () => {
    const x = random([3, ...from], 1);
    expect(checkGradients((x: Tensor) => sum(square(make()(x))), x).maxError).toBeLessThan(1e-4);
    using model = sequential([make(), flatten(), dense(2)], { inputShape: from, seed: 1 });
    expect(make()(random([0, ...from])).shape).toEqual([0, ...to]);
    using loaded = loadModel(model.save());
    expectSameBits(loaded.predict(x).data(), model.predict(x).data());
  });
});

test("what is not there is neither mirrored nor cut off, and nothing is made of no pixels", () => {
  expect(() => reflectionPadding1d(3)(random([1, 3, 1]))).toThrow(
    new ShapeError(
      "reflectionPadding1d(): padding: expected less than the steps of the inputs, 3, got 3",
    ),
  );
  expect(() => cropping2d([1, 2])(random([1, 3, 4, 1]))).toThrow(
    new ShapeError(
      "cropping2d(): cropping: expected less than the width of the inputs, 4, got 2 + 2",
    ),
  );
  expect(() => resizing(2, 2)(random([1, 0, 4, 1]))).toThrow(
    new ShapeError("resizing(): expected images of at least one pixel, got shape [1, 0, 4, 1]"),
  );
});
