import {
  adam,
  conv1d,
  conv2d,
  dense,
  depthwiseConv2d,
  flatten,
  globalAveragePooling2d,
  type Layer,
  maxPooling1d,
  maxPooling2d,
  memory,
  sequential,
} from "ferrograd";
import { describe, expect, test } from "vitest";
import { floats } from "./support/numbers.ts";

const relu = { activation: "relu" } as const;
const same = { padding: "same", ...relu } as const;
const BATCH = 32;

/** Bytes of a step: the batch, what each layer gives, the gradient of the two largest, and of each weight its own four numbers. */
function bytesOf(shapes: readonly (readonly number[])[], weights: number): number {
  const sizes = shapes.map((shape) => BATCH * shape.reduce((a, b) => a * b));
  const [largest = 0, next = 0] = sizes.toSorted((a, b) => b - a);
  return 4 * (sizes.reduce((a, b) => a + b) + largest + next + 4 * weights);
}

describe("the memory of a training step", () => {
  test.each<[string, number[][], Layer[]]>([
    [
      "lenet",
      [[28, 28, 1], [24, 24, 8], [12, 12, 8], [8, 8, 16], [4, 4, 16], [10]],
      [
        ...[conv2d(8, 5, relu), maxPooling2d(2), conv2d(16, 5, relu), maxPooling2d(2)],
        ...[flatten(), dense(10)],
      ],
    ],
    [
      "vgg",
      [
        [32, 32, 3],
        [32, 32, 32],
        [32, 32, 32],
        [16, 16, 32],
        [16, 16, 64],
        [16, 16, 64],
        [8, 8, 64],
        [128],
        [10],
      ],
      [
        ...[conv2d(32, 3, same), conv2d(32, 3, same), maxPooling2d(2)],
        ...[conv2d(64, 3, same), conv2d(64, 3, same), maxPooling2d(2)],
        ...[flatten(), dense(128, relu), dense(10)],
      ],
    ],
    [
      "mobile",
      [[32, 32, 32], [32, 32, 32], [32, 32, 64], [16, 16, 64], [16, 16, 128], [128], [10]],
      [
        ...[depthwiseConv2d(3, same), conv2d(64, 1, same)],
        ...[depthwiseConv2d(3, { strides: 2, ...same }), conv2d(128, 1, same)],
        ...[globalAveragePooling2d(), dense(10)],
      ],
    ],
    [
      "conv1d",
      [[128, 9], [128, 64], [128, 64], [64, 64], [6]],
      [conv1d(64, 5, same), conv1d(64, 5, same), maxPooling1d(2), flatten(), dense(6)],
    ],
  ])("%s takes what its shapes say", (_name, shapes, layers) => {
    const [inputShape = []] = shapes;
    const before = memory();
    const model = sequential(layers, { inputShape, seed: 1 }).compile({
      optimizer: adam(),
      loss: "sparseCategoricalCrossentropy",
    });
    const size = inputShape.reduce((a, b) => a * b, BATCH);
    const labels = Int32Array.from({ length: BATCH }, (_, row) => row % 6);
    model.trainOnBatch({ data: floats(size, 1), shape: [BATCH, ...inputShape] }, labels);
    const after = memory();
    const taken = after.bytes - before.bytes + after.scratchBytes;
    const said = bytesOf(shapes, model.parameterCount);
    model.dispose();
    expect(taken).toBeLessThanOrEqual(1.25 * said + 2 ** 20);
    expect(memory().bytes).toBe(before.bytes);
  });
});
