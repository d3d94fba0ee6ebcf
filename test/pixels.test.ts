import {
  ArgumentError,
  dense,
  flatten,
  fromPixels,
  type Pixels,
  resizing,
  ShapeError,
  sequential,
  toImageData,
} from "ferrograd";
import { describe, expect, test } from "vitest";
import { expectAllclose } from "./support/allclose.ts";
import { random } from "./support/numbers.ts";

/** Two pixels: one red with half the opacity, one of (0, 51, 255). */
const rgba: Pixels = {
  data: Uint8ClampedArray.of(255, 0, 0, 128, 0, 51, 255, 255),
  width: 2,
  height: 1,
};

test("bytes become 0 to 1, of as many channels as asked for", () => {
  expectAllclose(fromPixels(rgba).data(), [1, 0, 0, 0, 0.2, 1]);
  expect(fromPixels(rgba).shape).toEqual([1, 2, 3]);
  expectAllclose(fromPixels(rgba, { channels: 4 }).data(), [1, 0, 0, 128 / 255, 0, 0.2, 1, 1]);
  expectAllclose(fromPixels(rgba, { channels: 1 }).data(), [0.299, 0.587 * 0.2 + 0.114]);
  expectAllclose(fromPixels(rgba, { scale: false }).data(), [255, 0, 0, 0, 51, 255]);
  const gray = { data: Uint8Array.of(0, 255), width: 1, height: 2 };
  expect(fromPixels(gray).array()).toEqual([[[0, 0, 0]], [[1, 1, 1]]]);
  expect(fromPixels(gray, { channels: 4, scale: false }).array()).toEqual([
    [[0, 0, 0, 255]],
    [[255, 255, 255, 255]],
  ]);
});

test("floats are taken as they are", () => {
  const image = { data: Float32Array.of(0.25, 0.5, 2), width: 1, height: 1, channels: 3 };
  expect(fromPixels(image).array()).toEqual([[[0.25, 0.5, 2]]]);
});

test("several of one size are a batch, of several sizes an error that says what helps", () => {
  expect(fromPixels([rgba, rgba, rgba]).shape).toEqual([3, 1, 2, 3]);
  expectAllclose(fromPixels([rgba, rgba]).data().slice(6), fromPixels(rgba).data());
  const tall = { data: new Uint8Array(12), width: 1, height: 4 };
  expect(() => fromPixels([rgba, tall])).toThrow(
    new ShapeError(
      "fromPixels(): images[1]: expected 1 × 2 pixels as images[0], got 4 × 1; resizing(1, 2) makes them so, one by one",
    ),
  );
});

test("what is no image is refused", () => {
  const refused = (source: unknown, message: string) =>
    expect(() => fromPixels(source as Pixels)).toThrow(message);
  refused(null, "fromPixels(): image: expected ImageData");
  refused([], "fromPixels(): images: expected some, got none");
  refused({ width: 2, height: 2 }, "fromPixels(): image: expected ImageData");
  refused({ ...rgba, width: 0 }, "fromPixels(): image.width: expected a positive integer, got 0");
  refused(
    { ...rgba, width: 3 },
    "fromPixels(): image.data: expected 1 · 3 pixels of 1, 3 or 4 channels, got 8",
  );
  refused(
    { ...rgba, channels: 3 },
    "fromPixels(): image.data: expected 1 · 2 pixels of 3 channels, got 8",
  );
  refused(
    { ...rgba, data: new Float64Array(8) },
    "fromPixels(): image.data: expected a Uint8Array",
  );
  expect(() => fromPixels(rgba, { channels: 2 as 1 })).toThrow(ArgumentError);
});

test("a tensor becomes bytes again, rounded and cut", () => {
  expect([...toImageData(fromPixels(rgba, { channels: 4 })).data]).toEqual([...rgba.data]);
  const image = toImageData([[[-1], [0.5], [2], [Number.NaN]]] as never);
  expect([...image.data].filter((_, i) => i % 4 === 0)).toEqual([0, 128, 255, 0]);
  expect([image.width, image.height, image.colorSpace]).toEqual([4, 1, "srgb"]);
  expect([...toImageData([[[[1, 2, 3]]]] as never, { scale: false }).data]).toEqual([1, 2, 3, 255]);
  for (const shape of [
    [2, 2],
    [2, 2, 2],
    [2, 2, 2, 3],
    [0, 2, 3],
  ]) {
    expect(() => toImageData(random(shape))).toThrow(
      `toImageData(): expected (height, width, channels) of 1, 3 or 4 channels, got shape [${shape.join(", ")}]`,
    );
  }
});

describe("an image of another size than the model's", () => {
  const model = sequential([flatten(), dense(2)], { inputShape: [4, 4, 3], seed: 1 });

  test("is refused with what helps, and goes through once it was resized", () => {
    expect(() => model.predict(random([1, 8, 6, 3]))).toThrow(
      new ShapeError(
        "predict(): x: expected rows of shape [4, 4, 3], got [8, 6, 3]; resizing(4, 4)(images) makes images of that size",
      ),
    );
    expect(model.predict(resizing(4, 4)(random([1, 8, 6, 3]))).shape).toEqual([1, 2]);
  });

  test("says so where the channels come first, or a batch is missing", () => {
    expect(() => model.predict(random([1, 3, 4, 4]))).toThrow(
      "expected rows of shape [4, 4, 3], got [3, 4, 4]; transpose(images, [0, 2, 3, 1]) puts the channels last",
    );
    expect(() => model.predict(random([4, 4, 3]))).toThrow(
      "expected rows of shape [4, 4, 3], got [4, 3]; expandDims(image, 0) is a batch of one",
    );
  });
});

describe.runIf(typeof OffscreenCanvas !== "undefined")("in a browser", () => {
  const data = () => new ImageData(Uint8ClampedArray.of(255, 0, 0, 255, 0, 51, 255, 255), 2, 1);
  const expected = [1, 0, 0, 0, 0.2, 1];

  test("ImageData, canvases and bitmaps give the same, and toImageData goes onto a canvas", async () => {
    expectAllclose(fromPixels(data()).data(), expected);
    const offscreen = new OffscreenCanvas(2, 1);
    const context = offscreen.getContext("2d")!;
    const image = toImageData(fromPixels(data()));
    expect(image).toBeInstanceOf(ImageData);
    context.putImageData(image, 0, 0);
    expectAllclose(fromPixels(offscreen).data(), expected);
    const bitmap = await createImageBitmap(offscreen);
    expectAllclose(fromPixels(bitmap).data(), expected);
    expect(fromPixels([data(), offscreen, bitmap], { channels: 1 }).shape).toEqual([3, 1, 2, 1]);
  });

  test.runIf(typeof document !== "undefined")("a canvas and an <img> of the document", async () => {
    const canvas = Object.assign(document.createElement("canvas"), { width: 2, height: 1 });
    canvas.getContext("2d")!.putImageData(data(), 0, 0);
    expectAllclose(fromPixels(canvas).data(), expected);
    const img = new Image();
    img.src = canvas.toDataURL();
    await img.decode();
    expectAllclose(fromPixels(img).data(), expected);
    const gl = Object.assign(document.createElement("canvas"), { width: 2, height: 1 });
    if (gl.getContext("webgl") ?? gl.getContext("bitmaprenderer")) {
      expect(() => fromPixels(gl)).toThrow("expected a canvas with a 2d context");
    }
  });
});
