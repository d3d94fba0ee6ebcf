import type { ActivationOption, OptionsOf } from "../../graph/ops/activation.ts";
import { convWindows, type Windows } from "../../graph/ops/conv.ts";
import { reshape } from "../../graph/ops/shape.ts";
import type { Constraint, Regularizer } from "../../graph/rule.ts";
import type { Tensor } from "../../graph/tensor.ts";
import type { InitializerName } from "../../initializers/by-name.ts";
import type { Initializer } from "../../initializers/initializers.ts";
import { positiveInteger } from "../../options/index.ts";
import type { Layer } from "../layer.ts";
import {
  type ConvolutionOptions,
  convolutionLayer,
  fansOf,
  type KernelSpec,
  kernelSizeOf,
  type PerAxis,
} from "./convolution.ts";

/** Options of `depthwiseConv1d` and `depthwiseConv2d`. */
export interface DepthwiseConvOptions<N extends ActivationOption = ActivationOption>
  extends ConvolutionOptions<N> {
  /** Outputs of each channel (default 1). */
  readonly depthMultiplier?: number;
  /** Default: what suits the activation, as in `dense`; a unit's inputs are the taps. */
  readonly depthwiseInitializer?: InitializerName | Initializer;
  /** What is added to the loss for the kernel (default none). */
  readonly depthwiseRegularizer?: Regularizer;
  /** What each step makes of the kernel (default nothing). */
  readonly depthwiseConstraint?: Constraint;
}

/**
 * A filter for each channel along time: (batch, steps, channels) → (batch, steps', channels · depthMultiplier). The kernel is
 * (kernelSize, channels, depthMultiplier), b, bias, (channels · depthMultiplier); output c · depthMultiplier + m is channel c's. As
 * Keras's DepthwiseConv1D; torch.nn.Conv1d with as many groups as channels.
 *
 * @example sequential([depthwiseConv1d(3, { padding: "same" }), flatten(), dense(1)], { inputShape: [16, 4] })
 */
export function depthwiseConv1d<N extends ActivationOption = "linear">(
  kernelSize: PerAxis,
  options: DepthwiseConvOptions<N> & OptionsOf<N> = {} as DepthwiseConvOptions<N> & OptionsOf<N>,
): Layer {
  return depthwiseLayer("depthwiseConv1d", 1, kernelSize, options);
}

/**
 * A filter for each channel of images: (batch, height, width, channels) → (batch, height', width', channels ·
 * depthMultiplier). The kernel is (ky, kx, channels, depthMultiplier), b, bias, (channels · depthMultiplier); output c ·
 * depthMultiplier + m is channel c's. As Keras's DepthwiseConv2D; torch.nn.Conv2d with as many groups as channels.
 *
 * @example sequential([depthwiseConv2d(3, { padding: "same", activation: "relu" }), conv2d(16, 1)], { inputShape: [8, 8, 4] })
 */
export function depthwiseConv2d<N extends ActivationOption = "linear">(
  kernelSize: PerAxis,
  options: DepthwiseConvOptions<N> & OptionsOf<N> = {} as DepthwiseConvOptions<N> & OptionsOf<N>,
): Layer {
  return depthwiseLayer("depthwiseConv2d", 2, kernelSize, options);
}

/** Outputs of each channel. */
export const multiplierOf = (type: string, options: DepthwiseConvOptions | undefined): number =>
  positiveInteger(`${type}()`, "depthMultiplier", options?.depthMultiplier ?? 1);

/** The kernel of one that convolves each channel by itself. */
export const depthwiseKernel = (
  name: string,
  taps: readonly number[],
  multiplier: number,
): KernelSpec => ({
  ...{ name, option: "depthwise" },
  shape: (channels) => [...taps, channels, multiplier],
  fans: () => fansOf(taps, 1, multiplier),
  unitsLast: grouped,
});

/** (…taps, 1, channels · multiplier) */
const grouped = (kernel: Tensor): Tensor => reshape(kernel, [...kernel.shape.slice(0, -2), 1, -1]);

/** Each channel is a group. */
export function depthwise(
  where: string,
  x: Tensor,
  kernel: Tensor,
  windows: Windows,
  finish?: (y: Tensor) => Tensor,
): Tensor {
  const groups = kernel.shape.at(-2)!; // the channels
  return convWindows(where, x, grouped(kernel), { ...windows, groups }, finish);
}

function depthwiseLayer(
  type: string,
  rank: number,
  kernelSize: unknown,
  options: DepthwiseConvOptions,
): Layer {
  const taps = kernelSizeOf(type, kernelSize, rank, `${type}(3, { ... })`);
  const depthMultiplier = multiplierOf(type, options);
  return convolutionLayer(
    {
      ...{ type, rank, causal: rank === 1, separate: true },
      own: { kernelSize: taps, depthMultiplier },
      options: ["depthMultiplier"],
      kernels: [depthwiseKernel("kernel", taps, depthMultiplier)],
      outputs: (channels) => channels * depthMultiplier,
      apply: (where, x, [kernel], windows, finish) => depthwise(where, x, kernel!, windows, finish),
    },
    options,
  );
}
