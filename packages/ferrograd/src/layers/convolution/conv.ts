import { ArgumentError } from "../../errors.ts";
import type { ActivationOption, OptionsOf } from "../../graph/ops/activation.ts";
import { convWindows } from "../../graph/ops/conv.ts";
import { positiveInteger, show } from "../../options/index.ts";
import type { Layer } from "../layer.ts";
import {
  type ConvLayerOptions,
  convolutionLayer,
  fansOf,
  kernelSizeOf,
  type PerAxis,
} from "./convolution.ts";

/**
 * Filters along time: f(x * W + b), (batch, steps, channels) → (batch, steps', filters). W, kernel, is (kernelSize, channels /
 * groups, filters), b, bias, (filters). Padding "causal" puts zeros before only, so that no output sees what comes later. As
 * Keras's Conv1D; torch.nn.Conv1d, whose channels stand first.
 *
 * @example sequential([conv1d(8, 5, { padding: "causal", activation: "relu" }), flatten(), dense(1)], { inputShape: [32, 2] })
 * @throws ArgumentError for options that are none; ShapeError for inputs of another rank, channels that the groups do not divide, and
 * a kernel larger than the padded input
 */
export function conv1d<N extends ActivationOption = "linear">(
  filters: number,
  kernelSize: PerAxis,
  options: ConvLayerOptions<N> & OptionsOf<N> = {} as ConvLayerOptions<N> & OptionsOf<N>,
): Layer {
  return convLayer("conv1d", 1, filters, kernelSize, options);
}

/**
 * Filters of images: f(x * W + b), (batch, height, width, channels) → (batch, height', width', filters). W, kernel, is (ky, kx,
 * channels / groups, filters), b, bias, (filters). height' = ⌊(height + zeros − (ky − 1)·dilation − 1) / stride⌋ + 1, with
 * padding "same" ⌈height / stride⌉. As Keras's Conv2D; torch.nn.Conv2d, whose channels stand first, with an initializer that
 * suits the activation.
 *
 * @example sequential([conv2d(8, 3, { activation: "relu" }), conv2d(16, 3, { strides: 2 }), flatten(), dense(10)], { inputShape: [28, 28, 1] })
 * @example conv2d(32, [3, 5], { padding: "same", dilationRate: 2, groups: 4 })
 * @throws ArgumentError for options that are none; ShapeError for inputs of another rank, channels that the groups do not divide, and
 * a kernel larger than the padded input
 */
export function conv2d<N extends ActivationOption = "linear">(
  filters: number,
  kernelSize: PerAxis,
  options: ConvLayerOptions<N> & OptionsOf<N> = {} as ConvLayerOptions<N> & OptionsOf<N>,
): Layer {
  return convLayer("conv2d", 2, filters, kernelSize, options);
}

/** Filters, which are the groups' to share. */
export function filtersOf(type: string, filters: unknown, groups: number): number {
  if (typeof filters === "object") {
    throw new ArgumentError(
      `${type}(): filters: expected a positive integer, got ${show(filters)}; write ${type}(32, 3, { ... })`,
    );
  }
  const count = positiveInteger(`${type}()`, "filters", filters);
  if (count % groups === 0) return count;
  throw new ArgumentError(
    `${type}(): filters: expected a multiple of the ${groups} groups, got ${count}`,
  );
}

function convLayer(
  type: string,
  rank: number,
  filters: unknown,
  kernelSize: unknown,
  options: ConvLayerOptions,
): Layer {
  const groups = positiveInteger(`${type}()`, "groups", options?.groups ?? 1);
  const count = filtersOf(type, filters, groups);
  const taps = kernelSizeOf(type, kernelSize, rank, `${type}(${count}, 3, { ... })`);
  return convolutionLayer(
    {
      ...{ type, rank, causal: rank === 1, separate: groups > 1 },
      own: { filters: count, kernelSize: taps, groups },
      options: ["groups"],
      kernels: [
        {
          ...{ name: "kernel", option: "kernel" },
          shape: (channels) => [...taps, inputsOf(type, channels, groups), count],
          fans: (channels) => fansOf(taps, channels / groups, count / groups),
        },
      ],
      outputs: () => count,
      apply: (where, x, [kernel], windows, finish) =>
        convWindows(where, x, kernel!, windows, finish),
    },
    options,
  );
}

/** Channels of a group. */
export function inputsOf(type: string, channels: number, groups: number): number {
  if (channels % groups === 0) return channels / groups;
  throw new ArgumentError(
    `${type}(): groups: expected a divisor of the ${channels} channels, got ${groups}`,
  );
}
