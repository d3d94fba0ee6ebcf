import * as write from "../../engine/writers.generated.ts";
import { ArgumentError } from "../../errors.ts";
import { boolean, checkOptions } from "../../options/index.ts";
import { INT } from "../../values/dtype.ts";
import type { Shape } from "../../values/shape.ts";
import { type TensorLike, toTensor } from "../leaf.ts";
import { ends, mixes } from "../meaning.ts";
import { apply, floats, type OpDef, type Spec } from "../op.ts";
import type { AnyTensor, Tensor } from "../tensor.ts";
import { takeAlongOp } from "./along.ts";
import { reshape } from "./shape.ts";
import {
  type CheckedPadding,
  LINE,
  outputsOf,
  type Padding,
  paddingOf,
  perAxis,
  type WindowAxis,
  windowAxis,
} from "./window-shape.ts";
import { requireImages } from "./windows.ts";

/** @internal */
export interface PoolAttrs {
  readonly rows: WindowAxis;
  readonly columns: WindowAxis;
}

/** @internal */
export interface AveragePoolAttrs extends PoolAttrs {
  readonly countsPads: boolean;
}

const pooledShape = (
  { shape: [batch, , , channels] }: Spec,
  { rows, columns }: PoolAttrs,
): Shape => [batch!, outputsOf(rows), outputsOf(columns), channels!];

const wholeShape = (
  { shape: [batch, , , channels] }: Spec,
  { rows, columns }: PoolAttrs,
): Shape => [batch!, rows.size, columns.size, channels!];

/** What instructions of pooling say of their windows; `either` is (batch, …, channels) of x or y. */
const fields = ({ shape }: Spec, { rows, columns }: PoolAttrs) => ({
  batch: shape[0]!,
  height: rows.size,
  width: columns.size,
  channels: shape[3]!,
  outHeight: outputsOf(rows),
  outWidth: outputsOf(columns),
  kernelHeight: rows.kernel,
  kernelWidth: columns.kernel,
  strideHeight: rows.stride,
  strideWidth: columns.stride,
  padsHeight: rows.before + rows.after,
  padsWidth: columns.before + columns.after,
  top: rows.before,
  left: columns.before,
});

/** The largest of each window, and where in its image it stands, as one number over (y, x). */
export const maxPoolOp: OpDef<PoolAttrs> = {
  name: "maxPool",
  infer: ([x], attrs) => {
    const shape = pooledShape(x!, attrs);
    return [floats(shape), { shape, dtype: INT }];
  },
  meaning: mixes,
  gradient: ({ outputs, attrs, dy }) => [apply(maxPoolBackwardOp, [dy, outputs[1]!], attrs)],
  emit: ({ w, attrs, inputs, outputs, inputSpecs }) =>
    write.maxPool(w, {
      ...fields(inputSpecs[0]!, attrs),
      x: inputs[0]!,
      y: outputs[0]!,
      at: outputs[1]!,
    }),
};

/** The sum of dy of the windows whose largest an element is; its gradient takes dy from where that stood. */
export const maxPoolBackwardOp: OpDef<PoolAttrs> = {
  name: "maxPoolBackward",
  infer: ([dy], attrs) => [floats(wholeShape(dy!, attrs))],
  meaning: ends,
  gradient: ({ inputs: [dy, at], dy: g }) => {
    const flat = (x: AnyTensor) =>
      reshape(x, [x.shape[0]!, x.shape[1]! * x.shape[2]!, x.shape[3]!]);
    const taken = apply(takeAlongOp, [flat(g), flat(at!)], { axis: 1 });
    return [reshape(taken, dy!.shape), null];
  },
  emit: ({ w, attrs, inputs, outputs, inputSpecs }) =>
    write.maxPoolBackward(w, {
      ...fields(inputSpecs[0]!, attrs),
      dy: inputs[0]!,
      at: inputs[1]!,
      dx: outputs[0]!,
    }),
};

/** The mean of each window. */
export const averagePoolOp: OpDef<AveragePoolAttrs> = {
  name: "averagePool",
  infer: ([x], attrs) => [floats(pooledShape(x!, attrs))],
  meaning: mixes,
  gradient: ({ attrs, dy }) => [apply(averagePoolBackwardOp, [dy], attrs)],
  emit: ({ w, attrs, inputs, outputs, inputSpecs }) =>
    write.averagePool(w, {
      ...fields(inputSpecs[0]!, attrs),
      countsPads: attrs.countsPads,
      x: inputs[0]!,
      y: outputs[0]!,
    }),
};

/** An element's share of dy of the windows that it is in. */
export const averagePoolBackwardOp: OpDef<AveragePoolAttrs> = {
  name: "averagePoolBackward",
  infer: ([dy], attrs) => [floats(wholeShape(dy!, attrs))],
  meaning: ends,
  gradient: ({ attrs, dy }) => [apply(averagePoolOp, [dy], attrs)],
  emit: ({ w, attrs, inputs, outputs, inputSpecs }) =>
    write.averagePoolBackward(w, {
      ...fields(inputSpecs[0]!, attrs),
      countsPads: attrs.countsPads,
      dy: inputs[0]!,
      dx: outputs[0]!,
    }),
};

/** Options of `maxPool1d` and `maxPool2d`. */
export interface PoolOptions {
  /** How far apart windows begin, along all axes or each (default: their size, so that they don't overlap). */
  readonly strides?: number | readonly number[];
  /** Default "valid". */
  readonly padding?: Exclude<Padding, "causal">;
}

/** Options of `averagePool1d` and `averagePool2d`. */
export interface AveragePoolOptions extends PoolOptions {
  /** Do zeros of the padding count, as in PyTorch (default false, as in Keras)? */
  readonly countIncludePad?: boolean;
}

/** What windows are like, whatever they go over. @internal */
export interface PoolWindows {
  readonly kernel: readonly number[];
  readonly strides: readonly number[];
  readonly padding: CheckedPadding;
}

/** Options as they are kept: what is not said has its default. @internal */
export function poolConfig(
  where: string,
  poolSize: unknown,
  options: PoolOptions,
  rank: 1 | 2,
): PoolWindows {
  const kernel = perAxis(where, "poolSize", poolSize, rank);
  const strides = perAxis(where, "strides", options.strides ?? kernel, rank);
  const padding = paddingOf(where, options.padding ?? "valid", rank, false);
  if (typeof padding === "string") return { kernel, strides, padding };
  kernel.forEach((size, axis) => {
    const wide = padding[axis]!.find((pad) => pad >= size);
    if (wide === undefined) return;
    throw new ArgumentError(
      `${where}: padding: expected less than the size of a window, ${size}, got ${wide}: one would lie outside`,
    );
  });
  return { kernel, strides, padding };
}

function pooled(
  where: string,
  x: AnyTensor,
  { kernel, strides, padding }: PoolWindows,
  pool: (x: AnyTensor, windows: PoolAttrs) => Tensor,
): Tensor {
  const rank = kernel.length as 1 | 2;
  const input = requireImages(where, x, rank);
  const axes = kernel.map((size, at) => {
    const window = { kernel: size, stride: strides[at]!, dilation: 1 };
    return windowAxis(where, input.shape[at + 1]!, window, padding, at);
  });
  if (rank === 2) return pool(input, { rows: axes[0]!, columns: axes[1]! });
  const [batch, steps, channels] = input.shape as [number, number, number];
  const line = reshape(input, [batch, 1, steps, channels]);
  const y = pool(line, { rows: LINE, columns: axes[0]! });
  return reshape(y, [batch, y.shape[2]!, channels]);
}

/** @internal */
export const maxPooled = (where: string, x: AnyTensor, config: PoolWindows): Tensor =>
  pooled(where, x, config, (x, windows) => apply(maxPoolOp, [x], windows));

/** @internal */
export const averagePooled = (
  where: string,
  x: AnyTensor,
  config: PoolWindows,
  countsPads: boolean,
): Tensor =>
  pooled(where, x, config, (x, windows) => apply(averagePoolOp, [x], { ...windows, countsPads }));

type PoolSize = number | readonly number[];

function maxPool(rank: 1 | 2, x: TensorLike, poolSize: PoolSize, options: PoolOptions): Tensor {
  const where = `maxPool${rank}d()`;
  checkOptions(where, options, ["strides", "padding"]);
  return maxPooled(where, toTensor(where, x), poolConfig(where, poolSize, options, rank));
}

function averagePool(
  rank: 1 | 2,
  x: TensorLike,
  poolSize: PoolSize,
  options: AveragePoolOptions,
): Tensor {
  const where = `averagePool${rank}d()`;
  checkOptions(where, options, ["strides", "padding", "countIncludePad"]);
  const countsPads = boolean(where, "countIncludePad", options.countIncludePad ?? false);
  const config = poolConfig(where, poolSize, options, rank);
  return averagePooled(where, toTensor(where, x), config, countsPads);
}

/**
 * The largest of each window of steps: (batch, steps, channels) → (batch, windows, channels). What lies outside is
 * left out; of equals the first has the gradient, and NaN is the largest. torch.nn.functional.max_pool1d.
 *
 * @example maxPool1d([[[1], [3], [2], [0]]], 2).array() // [[[3], [2]]]
 * @throws ShapeError where a window is larger than the inputs
 */
export const maxPool1d = (x: TensorLike, poolSize: PoolSize, options: PoolOptions = {}): Tensor =>
  maxPool(1, x, poolSize, options);

/**
 * The largest of each window of an image: (batch, height, width, channels) → (batch, windows down, windows across,
 * channels). What lies outside is left out; of equals the first has the gradient, and NaN is the largest.
 * keras.ops.max_pool, torch.nn.functional.max_pool2d.
 *
 * @example maxPool2d(reshape([1, 2, 3, 4], [1, 2, 2, 1]), 2).array() // [[[[4]]]]
 * @throws ShapeError where a window is larger than the inputs
 */
export const maxPool2d = (x: TensorLike, poolSize: PoolSize, options: PoolOptions = {}): Tensor =>
  maxPool(2, x, poolSize, options);

/**
 * The mean of each window of steps: (batch, steps, channels) → (batch, windows, channels).
 * torch.nn.functional.avg_pool1d.
 *
 * @example averagePool1d([[[1], [3], [2], [0]]], 2).array() // [[[2], [1]]]
 * @example averagePool1d([[[1], [3]]], 2, { padding: 1, countIncludePad: true }).array() // [[[0.5], [1.5]]]
 * @throws ShapeError where a window is larger than the inputs
 */
export const averagePool1d = (
  x: TensorLike,
  poolSize: PoolSize,
  options: AveragePoolOptions = {},
): Tensor => averagePool(1, x, poolSize, options);

/**
 * The mean of each window of an image: (batch, height, width, channels) → (batch, windows down, windows across,
 * channels). keras.ops.average_pool, torch.nn.functional.avg_pool2d.
 *
 * @example averagePool2d(reshape([1, 2, 3, 4], [1, 2, 2, 1]), 2).array() // [[[[2.5]]]]
 * @throws ShapeError where a window is larger than the inputs
 */
export const averagePool2d = (
  x: TensorLike,
  poolSize: PoolSize,
  options: AveragePoolOptions = {},
): Tensor => averagePool(2, x, poolSize, options);
