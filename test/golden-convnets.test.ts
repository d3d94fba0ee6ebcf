import {
  activation,
  averagePooling2d,
  batchNormalization,
  concatenateLayer,
  conv1d,
  conv2d,
  conv2dTranspose,
  dense,
  depthwiseConv2d,
  flatten,
  globalAveragePooling1d,
  globalAveragePooling2d,
  globalMaxPooling2d,
  input,
  type Layer,
  maxPooling1d,
  maxPooling2d,
  model,
  reshape,
  type SymbolicTensor,
  separableConv2d,
  sequential,
  softmaxLayer,
  type Tensor,
  transpose,
  type UncompiledModel,
  upSampling2d,
  zeroPadding2d,
} from "ferrograd";
import { describe, expect, test } from "vitest";
import convnets from "./golden/convnets.json" with { type: "json" };
import { expectAllclose } from "./support/allclose.ts";
import { asTensor, type GoldenTensor } from "./support/golden.ts";

type Weights = Readonly<Record<string, GoldenTensor>>;
interface Case {
  readonly name: string;
  readonly weights: Weights;
  readonly x: GoldenTensor;
  readonly y: GoldenTensor;
  readonly training: {
    readonly targets: GoldenTensor;
    readonly losses: readonly number[];
    readonly weights: Weights;
    readonly y: GoldenTensor;
  } | null;
}

/** A net, with the layers that have weights in their order. */
interface Net {
  readonly net: UncompiledModel;
  readonly layers: readonly Layer[];
}

const chained = (inputShape: number[], layers: readonly Layer[]): Net => ({
  net: sequential([...layers], { inputShape }),
  layers: layers.filter(({ variables }) => variables.length > 0),
});

const kerasConv2d = () => [
  conv2d(4, 3, { padding: "same", strides: 2, activation: "relu" }),
  conv2d(3, [2, 3]),
  activation("relu6"),
  zeroPadding2d([
    [1, 0],
    [0, 1],
  ]),
  maxPooling2d(2, { strides: 2, padding: "same" }),
  flatten(),
  dense(4, { activation: "softmax" }),
];

function depthwiseSeparable(): Net {
  const layers = [
    depthwiseConv2d(3, { depthMultiplier: 2, strides: 2, padding: "same", useBias: false }),
    batchNormalization(),
    separableConv2d(4, 3, { padding: "same", activation: "relu" }),
    conv2dTranspose(3, 3, { strides: 2, padding: "same" }),
    dense(2),
  ] as const;
  const [depthwise, norm, separable, transposed, last] = layers;
  const x = input([8, 8, 3]);
  let y: SymbolicTensor = activation("relu6")(norm(depthwise(x)));
  y = transposed(upSampling2d(2)(separable(y)));
  y = averagePooling2d(3, { strides: 2, padding: "same" })(y);
  const both = concatenateLayer()([globalAveragePooling2d()(y), globalMaxPooling2d()(y)]);
  return { net: model({ inputs: x, outputs: last(both) }), layers };
}

/** The nets as their libraries had them. */
const nets: Readonly<Record<string, () => Net>> = {
  "keras/conv1d": () =>
    chained(
      [16, 2],
      [
        conv1d(4, 3, { padding: "causal", dilationRate: 2, activation: "relu" }),
        conv1d(6, 4, { strides: 2, padding: "same", groups: 2 }),
        maxPooling1d(2),
        conv1d(3, 2, { useBias: false, activation: "tanh" }),
        globalAveragePooling1d(),
        dense(2),
      ],
    ),
  "keras/conv2d": () => chained([9, 8, 2], kerasConv2d()),
  "keras/depthwise-separable": depthwiseSeparable,
  "tfjs/conv1d": () =>
    chained(
      [16, 2],
      [
        conv1d(4, 3, { activation: "relu" }),
        conv1d(5, 4, { strides: 2, padding: "same" }),
        maxPooling1d(2),
        conv1d(3, 2, { useBias: false, activation: "tanh" }),
        globalAveragePooling1d(),
        dense(2),
      ],
    ),
  "tfjs/conv2d": () => chained([9, 8, 2], kerasConv2d()),
  "tfjs/conv-dilated": () =>
    chained(
      [9, 8, 2],
      [conv2d(3, 3, { dilationRate: 2, padding: "same" }), globalMaxPooling2d(), dense(2)],
    ),
  "tfjs/depthwise-separable": depthwiseSeparable,
  "pytorch/conv1d": () =>
    chained(
      [16, 2],
      [
        conv1d(4, 3, { dilationRate: 2, activation: "relu" }),
        conv1d(6, 4, { strides: 2, padding: 1, groups: 2 }),
        maxPooling1d(2),
        globalAveragePooling1d(),
        dense(2),
      ],
    ),
  "pytorch/conv2d": () =>
    chained(
      [9, 8, 2],
      [
        conv2d(4, 3, { padding: 1, strides: 2 }),
        batchNormalization({ epsilon: 1e-5, momentum: 0.9, unbiased: true }),
        activation("relu"),
        maxPooling2d(2, { padding: 1 }),
        flatten(),
        dense(4),
        softmaxLayer(),
      ],
    ),
  "pytorch/depthwise": () =>
    chained(
      [8, 8, 3],
      [
        conv2d(6, 3, { groups: 3, strides: 2, padding: 1, useBias: false }),
        batchNormalization({ epsilon: 1e-5, momentum: 0.9, unbiased: true }),
        activation("relu6"),
        conv2d(4, 1),
        activation("hardSilu"),
        conv2dTranspose(3, 3, { strides: 2, padding: 1, outputPadding: 1 }),
        averagePooling2d(2),
        globalAveragePooling2d(),
        dense(2),
      ],
    ),
};

const TORCH = ["weight", "bias", "running_mean", "running_var"];
const isTorch = (name: string) => name.startsWith("pytorch/");
/** Channels last. */
const last = (x: Tensor): Tensor =>
  x.rank < 3 ? x : transpose(x, x.rank === 3 ? [0, 2, 1] : [0, 2, 3, 1]);

/** A weight of PyTorch's where ours has it: outputs last, and the rows behind `flatten` with the channels last. */
function asOurs(x: Tensor, channels: number): Tensor {
  if (x.rank === 1) return x;
  if (x.rank > 2) return transpose(x, x.rank === 3 ? [2, 1, 0] : [2, 3, 1, 0]);
  const [out, rows] = x.shape as [number, number];
  const side = Math.sqrt(rows / channels);
  if (rows === channels || side === 1) return transpose(x);
  const image = reshape(x, [out, channels, side, side]);
  return reshape(transpose(image, [2, 3, 1, 0]), [rows, out]);
}

/** The weights of each layer, in our order. */
function weightsOf(name: string, weights: Weights): Tensor[] {
  const cut = isTorch(name) ? "." : "/";
  const groups = new Map<string, [own: string, value: Tensor][]>();
  for (const [path, value] of Object.entries(weights)) {
    const at = path.lastIndexOf(cut);
    const group = groups.get(path.slice(0, at)) ?? [];
    group.push([path.slice(at + 1), asTensor(value)]);
    groups.set(path.slice(0, at), group);
  }
  const all = [...groups].sort(([a], [b]) => (isTorch(name) ? Number(a) - Number(b) : 0));
  if (!isTorch(name)) return all.flatMap(([, group]) => group.map(([, value]) => value));
  let channels = 0;
  return all.flatMap(([, group]) => {
    const ordered = group.sort(([a], [b]) => TORCH.indexOf(a) - TORCH.indexOf(b));
    const ours = ordered.map(([, value]) => asOurs(value, channels));
    channels = ordered.at(-1)![1].size;
    return ours;
  });
}

/**
 * Its library's gradients are not those that differences give, nor those of Keras in the same net: that of the mean of
 * windows at an edge is divided by all of the window, of which the mean itself counts the pixels inside.
 */
const OUTPUTS_ONLY = "tfjs/depthwise-separable";

describe.each((convnets as unknown as { cases: readonly Case[] }).cases)("$name", (c) => {
  const x = isTorch(c.name) ? last(asTensor(c.x)) : asTensor(c.x);

  /** The net with these weights. */
  const made = () => {
    const { net, layers } = nets[c.name]!();
    const own = layers.flatMap(({ variables }) => variables);
    const values = weightsOf(c.name, c.weights);
    expect(values.map(({ shape }) => shape)).toEqual(own.map(({ shape }) => shape));
    own.forEach((variable, i) => {
      variable.assign(values[i]!);
    });
    return { net, own };
  };

  test("has the same outputs", () => {
    const { net } = made();
    expectAllclose(net.predict(x).data(), asTensor(c.y).data(), 1e-5);
    net.dispose();
  });

  test.runIf(c.training && c.name !== OUTPUTS_ONLY)(
    "has the same losses and weights in three steps of SGD",
    () => {
      const { net, own } = made();
      const { targets, losses, weights, y } = c.training!;
      using compiled = net.compile({
        optimizer: "sgd",
        loss: "meanSquaredError",
        warn() {},
      });
      compiled.optimizer.learningRate = 0.05;
      const found = losses.map(() => compiled.trainOnBatch(x, asTensor(targets)).loss);
      expectAllclose(found, losses, 1e-5, "losses");
      weightsOf(c.name, weights).forEach((value, i) => {
        expectAllclose(own[i]!.data(), value.data(), 1e-4, own[i]!.name);
      });
      expectAllclose(compiled.predict(x).data(), asTensor(y).data(), 1e-4, "outputs");
    },
  );
});
