import {
  activation,
  averagePooling2d,
  batchNormalization,
  conv1d,
  conv2d,
  dense,
  depthwiseConv2d,
  flatten,
  type Layer,
  maxPooling2d,
  permute,
  randomFlip,
  rescaling,
  sequential,
} from "ferrograd";
import { diagnose } from "ferrograd/diagnostics";
import { describe, expect, test } from "vitest";
import { integers, random } from "./support/numbers.ts";

const model = (layers: Layer[], inputShape: number[], said: string[] = []) =>
  sequential([...layers, flatten(), dense(3)], { inputShape, seed: 1 }).compile({
    optimizer: "adam",
    loss: "sparseCategoricalCrossentropy",
    warn: (message) => said.push(message),
  });
const saidOf = (layers: Layer[], inputShape: number[]): string[] => {
  const said: string[] = [];
  model(layers, inputShape, said).dispose();
  return said;
};
const relu = { activation: "relu" } as const;

describe("images whose channels seem to stand first", () => {
  test("compile says so once, with the transpose", () => {
    const same = { ...relu, padding: "same" } as const;
    for (const before of [[], [rescaling({ scale: 1 / 255 }), randomFlip()]]) {
      const said = saidOf([...before, conv2d(4, 3, same), conv2d(4, 3, same)], [3, 32, 32]);
      expect(said).toEqual([
        "compile(): conv2d takes inputs [3, 32, 32] as images 3 high and 32 wide with 32 channels; where the 3 channels " +
          "stand first, transpose(x, [0, 2, 3, 1]) of the data makes inputShape [32, 32, 3], or permute([2, 3, 1]) as the " +
          "first layer does",
      ]);
    }
    expect(saidOf([conv2d(4, 3, same)], [1, 28, 28])[0]).toContain(
      "where the channel stands first",
    );
  });

  test("a kernel that does not fit says so too", () => {
    expect(() => model([conv2d(4, 3)], [1, 28, 28])).toThrow(
      /expected a kernel no larger than the padded input, got 3 for 1 along axis 1.*transpose\(x, \[0, 2, 3, 1\]\)/,
    );
    expect(() => model([conv2d(4, 3)], [2, 28, 28])).toThrow(/or larger inputs$/);
  });

  test("nothing is said of other shapes, behind the transpose, and of layers further in", () => {
    const same = { ...relu, padding: "same" } as const;
    for (const shape of [
      [32, 32, 3],
      [28, 28, 1],
      [3, 32, 31],
      [5, 32, 32],
      [4, 4, 4],
      [1, 64, 1],
    ]) {
      expect(saidOf([conv2d(4, 3, same)], shape)).toEqual([]);
    }
    expect(saidOf([permute([2, 3, 1]), conv2d(4, 3, same)], [3, 32, 32])).toEqual([]);
    expect(saidOf([conv2d(8, 3, same), conv2d(4, 3, same)], [4, 8, 2])).toEqual([]);
    expect(saidOf([conv1d(8, 3, relu)], [3, 32])).toEqual([]);
  });
});

describe("convolutions without an activation between them", () => {
  const pair = (a: string, b: string) =>
    `compile(): ${a} then ${b} without an activation between them compute what one linear layer can; ` +
    `give ${a} an activation, such as "relu"`;

  test("compile names the two, through pooling that averages, normalization and flatten", () => {
    expect(saidOf([conv2d(4, 3), conv2d(8, 3, relu)], [8, 8, 2])).toEqual([
      pair("conv2d", "conv2d_1"),
    ]);
    expect(saidOf([conv2d(4, 3), conv2d(4, 1, relu)], [8, 8, 2])).toHaveLength(1);
    expect(saidOf([conv2d(4, 3)], [8, 8, 2])).toEqual([pair("conv2d", "dense")]);
    const between = [batchNormalization(), averagePooling2d(2)];
    expect(saidOf([conv2d(4, 3), ...between], [8, 8, 2])).toEqual([pair("conv2d", "dense")]);
    expect(saidOf([conv1d(4, 3), conv1d(4, 3, relu)], [8, 2])).toEqual([
      pair("conv1d", "conv1d_1"),
    ]);
  });

  test("an activation, the largest of a window, fewer channels and one filter for each are no mistake", () => {
    expect(saidOf([conv2d(4, 3), activation("tanh")], [8, 8, 2])).toEqual([]);
    expect(saidOf([conv2d(4, 3), maxPooling2d(2)], [8, 8, 2])).toEqual([]);
    expect(saidOf([conv2d(2, 1), conv2d(8, 3, relu)], [8, 8, 4])).toEqual([]);
    expect(saidOf([depthwiseConv2d(3), conv2d(8, 1, relu)], [8, 8, 4])).toEqual([]);
  });

  test("diagnose finds them collapsed", () => {
    using net = model([conv2d(4, 3), conv2d(8, 1, relu)], [8, 8, 2]);
    const { findings } = diagnose(net, random([16, 8, 8, 2], 1), integers([16, 1], 3));
    const found = findings.filter(({ code }) => code === "collapsed");
    expect(found.map(({ layer }) => layer)).toEqual(["conv2d"]);
    expect(found[0]!.sentence).toContain("compute what one linear layer can");
  });
});
