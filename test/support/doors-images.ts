import { dense, flatten, type Layer, ones, sequential } from "ferrograd";
import type { Door } from "./doors.ts";
import { door } from "./doors-layers.ts";

const pooling = { strides: 1, padding: "same", name: "a" };
const steps = [5, 3];
const image = [5, 4, 3];

/** A layer that does something while training: it is called and trained. */
const augmentation = (...args: unknown[]): Door => {
  const last = args.at(-1);
  const options = typeof last === "object" && !Array.isArray(last) ? last : {};
  const values = options === last ? args.slice(0, -1) : args;
  return door(() => [...values, { ...options, name: "a" }], image, {
    use: (layer: Layer) => {
      using model = sequential([layer, flatten(), dense(1)], {
        inputShape: image,
        seed: 1,
      }).compile({ optimizer: "sgd", loss: "meanSquaredError" });
      model.trainOnBatch(ones([2, ...image]), [[1], [2]]);
      model.save();
    },
  });
};

/** Layers and functions of images, each with all of its options. */
export const IMAGE_DOORS: Readonly<Record<string, Door>> = {
  fromPixels: {
    args: () => [
      { data: new Uint8Array(12), width: 2, height: 2, channels: 3 },
      { channels: 4, scale: false },
    ],
  },
  toImageData: { args: () => [ones([2, 2, 3]), { scale: false }] },
  maxPooling1d: door(() => [2, pooling], steps),
  maxPooling2d: door(
    () => [
      [2, 3],
      {
        ...pooling,
        padding: [
          [1, 0],
          [0, 1],
        ],
      },
    ],
    image,
  ),
  averagePooling1d: door(() => [2, { ...pooling, countIncludePad: true }], steps),
  averagePooling2d: door(() => [2, { ...pooling, countIncludePad: true }], image),
  globalAveragePooling1d: door(() => [{ keepDims: true, name: "a" }], steps),
  globalAveragePooling2d: door(() => [{ keepDims: true, name: "a" }], image),
  globalMaxPooling1d: door(() => [{ keepDims: true, name: "a" }], steps),
  upSampling1d: door(() => [2, { interpolation: "bilinear", name: "a" }], steps),
  upSampling2d: door(() => [[2, 3], { interpolation: "nearest", name: "a" }], image),
  resizing: door(() => [3, 7, { interpolation: "bilinear", name: "a" }], image),
  zeroPadding1d: door(() => [[1, 2], { name: "a" }], steps),
  zeroPadding2d: door(
    () => [
      [
        [1, 0],
        [0, 2],
      ],
      { name: "a" },
    ],
    image,
  ),
  reflectionPadding1d: door(() => [[1, 2], { name: "a" }], steps),
  reflectionPadding2d: door(
    () => [
      [
        [1, 0],
        [0, 2],
      ],
      { name: "a" },
    ],
    image,
  ),
  cropping1d: door(() => [[1, 2], { name: "a" }], steps),
  cropping2d: door(
    () => [
      [
        [1, 0],
        [0, 2],
      ],
      { name: "a" },
    ],
    image,
  ),
  randomFlip: augmentation("horizontal"),
  randomTranslation: augmentation(0.2, [-0.1, 0.3], { fillMode: "wrap", fillValue: 0.5 }),
  randomContrast: augmentation(0.2, { valueRange: [0, 2] }),
  randomBrightness: augmentation(0.2, { valueRange: [0, 2] }),
  randomErasing: augmentation(0.5, { scale: [0.1, 0.2], ratio: [0.5, 2], fillValue: 1 }),
  globalMaxPooling2d: door(() => [{ keepDims: true, name: "a" }], image),
};
