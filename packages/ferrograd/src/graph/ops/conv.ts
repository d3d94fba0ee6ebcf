import { ArgumentError, ShapeError } from "../../errors.ts";
import { checkOptions, nonNegativeInteger, positiveInteger } from "../../options/index.ts";
import { type Dims, type Shape, showShape } from "../../values/shape.ts";
import { type TensorLike, toTensor } from "../leaf.ts";
import { apply } from "../op.ts";
import type { Tensor } from "../tensor.ts";
import { convolved, imageGradientOp } from "./convolution.ts";
import { requireFloat } from "./require.ts";
import { reshape } from "./shape.ts";
import {
  type CheckedPadding,
  LINE,
  type Padding,
  paddingOf,
  perAxis,
  reachOf,
  type WindowAxis,
  windowAxis,
} from "./window-shape.ts";
import { channelsLast } from "./windows.ts";

/** Options of `conv`. */
export interface ConvOptions {
  /** Pixels from one window to the next, for all axes or each (default 1). */
  readonly strides?: number | readonly number[];
  /** Default "valid". */
  readonly padding?: Padding;
  /** Pixels from one tap to the next, for all axes or each (default 1). */
  readonly dilation?: number | readonly number[];
  /** Into how many groups channels and outputs are cut, each for itself (default 1). */
  readonly groups?: number;
}

/** Options of `convTranspose`. */
export interface ConvTransposeOptions extends ConvOptions {
  /** Pixels that the output has more at its end, below the stride (default: those of "valid" or "same", else 0). */
  readonly outputPadding?: number | readonly number[] | undefined;
}

/** The checked options of a convolution of this rank. @internal */
export interface Windows {
  readonly strides: readonly number[];
  readonly padding: CheckedPadding;
  readonly dilation: readonly number[];
  readonly groups: number;
}

/** @internal */
export const windowsOf = (
  where: string,
  rank: number,
  { strides = 1, padding = "valid", dilation = 1, groups = 1 }: ConvOptions,
  { causal = rank === 1, dilationName = "dilation" } = {},
): Windows => ({
  strides: perAxis(where, "strides", strides, rank),
  padding: paddingOf(where, padding, rank, causal),
  dilation: perAxis(where, dilationName, dilation, rank),
  groups: positiveInteger(where, "groups", groups),
});

const NAMES = ["strides", "padding", "dilation", "groups"] as const;

/**
 * Convolution (cross-correlation): y[n, i, j, o] = Σ x[n, i·stride + ky·dilation − before, …, c] · kernel[ky, kx, c, o] over taps
 * and channels; (batch, height, width, channels) by (ky, kx, channels / groups, outputs) → (batch, height, width, outputs), or
 * one axis less: (batch, steps, channels) by (k, channels / groups, outputs). Sums run over ky, kx and c in order. keras.ops.conv;
 * torch.nn.functional.conv1d and conv2d, whose images and kernels have the channels first.
 *
 * @example conv([[[1], [2], [3]]], [[[1]], [[-1]]]).array() // [[[-1], [-1]]]
 * @example conv(ones([1, 28, 28, 1]), ones([5, 5, 1, 8]), { padding: "same", strides: 2 }).shape // [1, 14, 14, 8]
 * @throws ShapeError for other ranks, channels that are not the kernel's times the groups, and a kernel larger than the padded input
 */
export function conv(x: TensorLike, kernel: TensorLike, options: ConvOptions = {}): Tensor {
  const where = "conv()";
  checkOptions(where, options, NAMES);
  const [images, taps] = operands(where, x, kernel);
  return convWindows(where, images, taps, windowsOf(where, images.rank - 2, options));
}

/**
 * The gradient of `conv` by its images as a function of its own: each pixel of x adds its multiples of the kernel to the output,
 * `strides` apart. (batch, height, width, channels) by (ky, kx, outputs / groups, channels) → (batch, height, width, outputs).
 * "valid" keeps all that is reached, "same" gives inputs times stride pixels; zeros on both sides are as many pixels less. Of
 * one axis or two. keras.ops.conv_transpose, torch.nn.functional.conv_transpose1d and conv_transpose2d.
 *
 * @example convTranspose([[[1], [2]]], [[[1]], [[1]]], { strides: 2 }).array() // [[[1], [1], [2], [2]]]
 * @throws ShapeError for other ranks, and channels that are not the kernel's
 */
export function convTranspose(
  x: TensorLike,
  kernel: TensorLike,
  options: ConvTransposeOptions = {},
): Tensor {
  const where = "convTranspose()";
  checkOptions(where, options, [...NAMES, "outputPadding"]);
  const [images, taps] = operands(where, x, kernel);
  const windows = windowsOf(where, images.rank - 2, options, { causal: false });
  const more = outputPaddingOf(where, windows, options.outputPadding);
  return transposedWindows(where, images, taps, windows, more);
}

/** Images and kernel of the same rank, 3 or 4. */
function operands(where: string, x: TensorLike, kernel: TensorLike): [Tensor, Tensor] {
  const [images, taps] = [x, kernel].map((one) =>
    requireFloat(where.slice(0, -2), toTensor(where, one)),
  ) as [Tensor, Tensor];
  if ((images.rank === 3 || images.rank === 4) && taps.rank === images.rank) return [images, taps];
  throw new ShapeError(
    `${where}: expected (batch, steps, channels) by (k, channels, outputs), or (batch, height, width, channels) by ` +
      `(ky, kx, channels, outputs), got ${showShape(images.shape)} by ${showShape(taps.shape)}`,
  );
}

/** With a line of height 1, where there is one axis. */
const asImages = (x: Tensor): Tensor =>
  x.rank === 3 ? reshape(x, [x.shape[0]!, 1, x.shape[1]!, x.shape[2]!]) : x;
const asKernel = (kernel: Tensor): Tensor =>
  kernel.rank === 3 ? reshape(kernel, [1, ...kernel.shape]) : kernel;
const asLines = (y: Tensor, rank: number): Tensor =>
  rank === 3 ? reshape(y, [y.shape[0]!, y.shape[2]!, y.shape[3]!]) : y;

const twoAxes = (axes: readonly WindowAxis[]): readonly [WindowAxis, WindowAxis] =>
  axes.length === 1 ? [LINE, axes[0]!] : (axes as [WindowAxis, WindowAxis]);

/** Axes of windows over images of these sizes. @internal */
export const axesOfWindows = (
  where: string,
  sizes: Shape,
  kernel: readonly number[],
  { strides, padding, dilation }: Windows,
  remedy = "",
): WindowAxis[] =>
  sizes.map((size, at) => {
    const window = { kernel: kernel[at]!, stride: strides[at]!, dilation: dilation[at]! };
    return windowAxis(where, size, window, padding, at, remedy);
  });

/** `finish` sees what has four axes, so that bias and activation join it. @internal */
export function convWindows(
  where: string,
  x: Tensor,
  kernel: Tensor,
  windows: Windows,
  finish = (y: Tensor): Tensor => y,
): Tensor {
  const { groups } = windows;
  const [inputs, outputs] = kernel.shape.slice(-2) as readonly number[] as [number, number];
  const channels = x.shape[x.rank - 1]!;
  if (channels !== inputs * groups) {
    const all = groups === 1 ? `${inputs}` : `${inputs} · ${groups} groups = ${inputs * groups}`;
    throw new ShapeError(
      `${where}: expected ${all} channels, got ${channels} of shape ${showShape(x.shape)}${channelsFirst(x.shape, inputs * groups)}`,
    );
  }
  if (outputs % groups !== 0 || Math.min(inputs, outputs) === 0) {
    throw new ShapeError(
      `${where}: expected a kernel whose outputs are a positive multiple of the ${groups} groups, got ${showShape(kernel.shape)}`,
    );
  }
  const row = x.shape.slice(1);
  const axes = axesOfWindows(where, row.slice(0, -1), kernel.shape, windows, channelsLast(row));
  const attrs = { axes: twoAxes(axes), groups };
  return asLines(finish(convolved(asImages(x), asKernel(kernel), attrs)), x.rank);
}

/** What to do with images whose channels stand first, where they seem to. @internal */
export function channelsFirst(shape: Dims, channels: number): string {
  if (shape[1] !== channels) return "";
  const axes = shape.length === 3 ? "[0, 2, 1]" : "[0, 2, 3, 1]";
  return `; where the channels stand first, transpose(x, ${axes}) puts them last`;
}

/** Pixels more at the end of each axis, if said. @internal */
export function outputPaddingOf(
  where: string,
  { strides }: Pick<Windows, "strides">,
  value: unknown,
): number[] | undefined {
  if (value === undefined) return undefined;
  const rank = strides.length;
  const list: readonly unknown[] = Array.isArray(value) ? value : strides.map(() => value);
  if (list.length !== rank) {
    throw new ArgumentError(
      `${where}: outputPadding: expected an integer or ${rank} of them, got ${list.length}`,
    );
  }
  return list.map((one, at) => {
    const more = nonNegativeInteger(where, "outputPadding", one);
    if (more < strides[at]!) return more;
    throw new ArgumentError(
      `${where}: outputPadding: expected less than the stride ${strides[at]}, got ${more}`,
    );
  });
}

/** @internal */
export function transposedWindows(
  where: string,
  x: Tensor,
  kernel: Tensor,
  windows: Windows,
  outputPadding: readonly number[] | undefined,
): Tensor {
  const { groups } = windows;
  const [outputs, inputs] = kernel.shape.slice(-2) as readonly number[] as [number, number];
  const channels = x.shape[x.rank - 1]!;
  if (channels !== inputs || inputs % groups !== 0 || Math.min(inputs, outputs) === 0) {
    throw new ShapeError(
      `${where}: expected ${inputs} channels, a positive multiple of ${groups} groups, got ${channels} of shape ` +
        `${showShape(x.shape)}${channels === inputs ? "" : channelsFirst(x.shape, inputs)}`,
    );
  }
  const axes = x.shape.slice(1, -1).map((size, at) => {
    const { strides, dilation, padding } = windows;
    const window = { kernel: kernel.shape[at]!, stride: strides[at]!, dilation: dilation[at]! };
    return transposedAxis(where, size, window, padding, outputPadding?.[at], at);
  });
  const attrs = { axes: twoAxes(axes), groups };
  return asLines(apply(imageGradientOp, [asImages(x), asKernel(kernel)], attrs), x.rank);
}

/** The window whose outputs are the pixels of x. */
function transposedAxis(
  where: string,
  outputs: number,
  window: { readonly kernel: number; readonly stride: number; readonly dilation: number },
  padding: CheckedPadding,
  more: number | undefined,
  at: number,
): WindowAxis {
  const reach = reachOf(window);
  const beyond = Math.max(reach - window.stride, 0);
  const half = Math.floor(reach / 2);
  const sides =
    padding === "valid"
      ? ([0, 0] as const)
      : typeof padding !== "string"
        ? padding[at]!
        : more === undefined
          ? ([Math.floor(beyond / 2), Math.ceil(beyond / 2)] as const)
          : ([half, half] as const);
  const own =
    typeof padding === "string" && more === undefined
      ? Math.max(window.stride - reach, 0)
      : (more ?? 0);
  const size = (outputs - 1) * window.stride + reach - sides[0] - sides[1] + own;
  if (outputs === 0 || size < 1) {
    throw new ShapeError(
      `${where}: expected an output of at least one pixel along axis ${at + 1}, got (${outputs} − 1) · ${window.stride} + ${reach} − ` +
        `${sides[0] + sides[1]} + ${own} = ${size}; take less padding or larger inputs`,
    );
  }
  return windowAxis(
    where,
    size,
    window,
    [
      [0, 0],
      [0, 0],
    ].map(() => sides),
    at,
  );
}
