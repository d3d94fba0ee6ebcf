import type { ActivationOption, OptionsOf } from "../../graph/ops/activation.ts";
import { convWindows, windowsOf } from "../../graph/ops/conv.ts";
import type { Constraint, Regularizer } from "../../graph/rule.ts";
import type { InitializerName } from "../../initializers/by-name.ts";
import type { Initializer } from "../../initializers/initializers.ts";
import type { Layer } from "../layer.ts";
import { filtersOf } from "./conv.ts";
import { convolutionLayer, fansOf, kernelSizeOf, type PerAxis } from "./convolution.ts";
import {
  type DepthwiseConvOptions,
  depthwise,
  depthwiseKernel,
  multiplierOf,
} from "./depthwise-conv.ts";

/** Options of `separableConv1d` and `separableConv2d`. */
export interface SeparableConvOptions<N extends ActivationOption = ActivationOption>
  extends DepthwiseConvOptions<N> {
  /** Default: what suits the activation; a unit's inputs are channels · depthMultiplier. */
  readonly pointwiseInitializer?: InitializerName | Initializer;
  /** What is added to the loss for the kernel of the mixtures (default none). */
  readonly pointwiseRegularizer?: Regularizer;
  /** What each step makes of it (default nothing). */
  readonly pointwiseConstraint?: Constraint;
}

/**
 * A filter for each channel along time, then `filters` mixtures of what they give, with nothing between: (batch, steps,
 * channels) → (batch, steps', filters). Its variables are depthwise_kernel (kernelSize, channels, depthMultiplier),
 * pointwise_kernel (1, channels · depthMultiplier, filters) and bias (filters). As Keras's SeparableConv1D.
 *
 * @example sequential([separableConv1d(8, 3, { activation: "relu" }), flatten(), dense(1)], { inputShape: [16, 4] })
 */
export function separableConv1d<N extends ActivationOption = "linear">(
  filters: number,
  kernelSize: PerAxis,
  options: SeparableConvOptions<N> & OptionsOf<N> = {} as SeparableConvOptions<N> & OptionsOf<N>,
): Layer {
  return separableLayer("separableConv1d", 1, filters, kernelSize, options);
}

/**
 * A filter for each channel of images, then `filters` mixtures of what they give, with nothing between: (batch, height,
 * width, channels) → (batch, height', width', filters). Its variables are depthwise_kernel (ky, kx, channels, depthMultiplier),
 * pointwise_kernel (1, 1, channels · depthMultiplier, filters) and bias (filters). As Keras's SeparableConv2D.
 *
 * @example sequential([separableConv2d(8, 3, { padding: "same", activation: "relu" })], { inputShape: [8, 8, 4] })
 */
export function separableConv2d<N extends ActivationOption = "linear">(
  filters: number,
  kernelSize: PerAxis,
  options: SeparableConvOptions<N> & OptionsOf<N> = {} as SeparableConvOptions<N> & OptionsOf<N>,
): Layer {
  return separableLayer("separableConv2d", 2, filters, kernelSize, options);
}

function separableLayer(
  type: string,
  rank: number,
  filters: unknown,
  kernelSize: unknown,
  options: SeparableConvOptions,
): Layer {
  const count = filtersOf(type, filters, 1);
  const taps = kernelSizeOf(type, kernelSize, rank, `${type}(${count}, 3, { ... })`);
  const one = taps.map(() => 1);
  const depthMultiplier = multiplierOf(type, options);
  const plain = windowsOf(`${type}()`, rank, {});
  return convolutionLayer(
    {
      ...{ type, rank, causal: rank === 1 },
      own: { filters: count, kernelSize: taps, depthMultiplier },
      options: ["depthMultiplier"],
      kernels: [
        depthwiseKernel("depthwise_kernel", taps, depthMultiplier),
        {
          ...{ name: "pointwise_kernel", option: "pointwise" },
          shape: (channels) => [...one, channels * depthMultiplier, count],
          fans: (channels) => fansOf(one, channels * depthMultiplier, count),
        },
      ],
      outputs: () => count,
      apply: (where, x, [each, mixed], windows, finish) =>
        convWindows(where, depthwise(where, x, each!, windows), mixed!, plain, finish),
    },
    options,
  );
}
