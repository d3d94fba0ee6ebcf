/** A net of windows, layer by layer, for the libraries that build it. */
import type { NetLayer, NetSpec } from "../types.ts";

export type Weight = NetSpec["weights"][number];

/** A layer with what belongs to it. */
export interface Part {
  readonly layer: NetLayer;
  /** Pixels along each axis, and channels, of what comes in; no pixels once there is one row for each sample. */
  readonly sizes: readonly number[];
  readonly channels: number;
  /** None where the layer has no weights. */
  readonly kernel: Weight;
  readonly bias: Weight;
  readonly relu: boolean;
}

const NONE: Weight = { shape: [], data: new Float32Array(0) };

export function partsOf({ inputShape, layers, weights }: NetSpec): Part[] {
  let sizes = inputShape.slice(0, -1);
  let channels = inputShape[inputShape.length - 1];
  let next = 0;
  return layers.map((layer, at) => {
    const has = layer.kind !== "maxPool" && layer.kind !== "globalMean";
    const [kernel, bias] = has ? [weights[next++], weights[next++]] : [NONE, NONE];
    const part = { layer, sizes, channels, kernel, bias, relu: has && at < layers.length - 1 };
    [sizes, channels] = outputOf(layer, sizes, channels);
    return part;
  });
}

function outputOf(layer: NetLayer, sizes: number[], channels: number): [number[], number] {
  switch (layer.kind) {
    case "conv":
      return [
        layer.padding === "same" ? sizes : sizes.map((size) => size - layer.kernelSize + 1),
        layer.filters,
      ];
    case "depthwise":
      return [sizes.map((size) => Math.ceil(size / layer.strides)), channels];
    case "maxPool":
      return [sizes.map((size) => size >> 1), channels];
    case "globalMean":
      return [[], channels];
    case "dense":
      return [[], layer.units];
  }
}

/** The axes in another order: axis i of the result is axis order[i]. */
export function transposed({ shape, data }: Weight, order: readonly number[]): Weight {
  const strides = shape.map((_, axis) => shape.slice(axis + 1).reduce((a, b) => a * b, 1));
  const result = order.map((axis) => shape[axis]);
  const out = new Float32Array(data.length);
  const index = order.map(() => 0);
  for (let at = 0; at < out.length; at++) {
    out[at] = data[order.reduce((sum, axis, i) => sum + index[i] * strides[axis], 0)];
    for (let i = order.length - 1; i >= 0 && ++index[i] === result[i]; i--) index[i] = 0;
  }
  return { shape: result, data: out };
}

/** The kernel for images whose channels come first: (outputs, inputs, …taps), and rows of a dense layer in their order. */
export function channelsFirst({ layer, kernel, sizes, channels }: Part): Weight {
  const taps = sizes.map((_, axis) => axis);
  const rank = taps.length;
  if (layer.kind === "conv") return transposed(kernel, [rank + 1, rank, ...taps]);
  if (layer.kind === "depthwise") return transposed(kernel, [rank, rank + 1, ...taps]);
  if (layer.kind !== "dense" || rank === 0) return kernel;
  const shaped = { ...kernel, shape: [...sizes, channels, layer.units] };
  return { ...transposed(shaped, [rank, ...taps, rank + 1]), shape: kernel.shape };
}

/** The batch with channels first. */
export function imagesFirst({ x, batchSize, inputShape }: NetSpec): Weight {
  const pixels = inputShape.slice(0, -1).map((_, axis) => axis + 1);
  return transposed({ shape: [batchSize, ...inputShape], data: x }, [
    ...[0, inputShape.length],
    ...pixels,
  ]);
}
