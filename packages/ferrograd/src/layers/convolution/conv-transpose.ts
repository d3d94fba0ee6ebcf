import type { ActivationOption, OptionsOf } from "../../graph/ops/activation.ts";
import { outputPaddingOf, transposedWindows } from "../../graph/ops/conv.ts";
import { transpose } from "../../graph/ops/shape.ts";
import { perAxis } from "../../graph/ops/window-shape.ts";
import type { Layer } from "../layer.ts";
import { filtersOf } from "./conv.ts";
import {
  type ConvLayerOptions,
  convolutionLayer,
  fansOf,
  kernelSizeOf,
  type PerAxis,
} from "./convolution.ts";

/** Options of `conv1dTranspose` and `conv2dTranspose`. */
export interface ConvTransposeLayerOptions<N extends ActivationOption = ActivationOption>
  extends Omit<ConvLayerOptions<N>, "groups"> {
  /** Pixels that the outputs have more at their end, below the stride (default: as `padding` says). */
  readonly outputPadding?: PerAxis | undefined;
}

/**
 * Filters that write along time, `strides` apart: (batch, steps, channels) → (batch, steps', filters), the gradient of `conv1d` by
 * its inputs. W, kernel, is (kernelSize, filters, channels), b, bias, (filters). steps' = steps · stride with padding "same",
 * and as many more as the kernel reaches beyond the stride with "valid". As Keras's Conv1DTranspose;
 * torch.nn.ConvTranspose1d, whose padding is a number here.
 *
 * @example sequential([conv1dTranspose(4, 3, { strides: 2, padding: "same" })], { inputShape: [16, 8] }) // (32, 4)
 */
export function conv1dTranspose<N extends ActivationOption = "linear">(
  filters: number,
  kernelSize: PerAxis,
  options: ConvTransposeLayerOptions<N> & OptionsOf<N> = {} as ConvTransposeLayerOptions<N> &
    OptionsOf<N>,
): Layer {
  return transposeLayer("conv1dTranspose", 1, filters, kernelSize, options);
}

/**
 * Filters that write into images, `strides` apart: (batch, height, width, channels) → (batch, height', width', filters), the
 * gradient of `conv2d` by its inputs. W, kernel, is (ky, kx, filters, channels), b, bias, (filters). height' = height · stride with
 * padding "same", and as many more as the kernel reaches beyond the stride with "valid". As Keras's Conv2DTranspose;
 * torch.nn.ConvTranspose2d, whose padding is a number here.
 *
 * @example sequential([conv2dTranspose(8, 3, { strides: 2, padding: "same", activation: "relu" })], { inputShape: [7, 7, 16] }) // (14, 14, 8)
 */
export function conv2dTranspose<N extends ActivationOption = "linear">(
  filters: number,
  kernelSize: PerAxis,
  options: ConvTransposeLayerOptions<N> & OptionsOf<N> = {} as ConvTransposeLayerOptions<N> &
    OptionsOf<N>,
): Layer {
  return transposeLayer("conv2dTranspose", 2, filters, kernelSize, options);
}

function transposeLayer(
  type: string,
  rank: number,
  filters: unknown,
  kernelSize: unknown,
  options: ConvTransposeLayerOptions,
): Layer {
  const count = filtersOf(type, filters, 1);
  const taps = kernelSizeOf(type, kernelSize, rank, `${type}(${count}, 3, { ... })`);
  const asked = options?.outputPadding;
  const strides = perAxis(`${type}()`, "strides", options?.strides ?? 1, rank);
  const outputPadding = outputPaddingOf(`${type}()`, { strides }, asked);
  return convolutionLayer(
    {
      ...{ type, rank },
      own: { filters: count, kernelSize: taps, ...(outputPadding && { outputPadding }) },
      options: ["outputPadding"],
      kernels: [
        {
          ...{ name: "kernel", option: "kernel" },
          shape: (channels) => [...taps, count, channels],
          fans: (channels) => fansOf(taps, channels, count),
          unitsLast: (kernel) => transpose(kernel, [...taps.keys(), rank + 1, rank]),
        },
      ],
      outputsAxis: -2,
      outputs: () => count,
      apply: (where, x, [kernel], windows, finish) =>
        finish(transposedWindows(where, x, kernel!, windows, outputPadding)),
    },
    options,
  );
}
