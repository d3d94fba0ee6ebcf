import type { Door } from "./doors.ts";
import { door } from "./doors-layers.ts";

const pooling = { strides: 1, padding: "same", name: "a" };
const steps = [5, 3];
const image = [5, 4, 3];

/** Layers and functions of images, each with all of its options. */
export const IMAGE_DOORS: Readonly<Record<string, Door>> = {
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
  globalMaxPooling2d: door(() => [{ keepDims: true, name: "a" }], image),
};
