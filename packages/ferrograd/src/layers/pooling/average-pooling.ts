import { type AveragePoolOptions, averagePooled, poolConfig } from "../../graph/ops/pool.ts";
import { boolean, checkOptions } from "../../options/index.ts";
import { createLayer } from "../create.ts";
import type { Layer } from "../layer.ts";

/** Options of `averagePooling1d` and `averagePooling2d`. */
export interface AveragePoolingOptions extends AveragePoolOptions {
  readonly name?: string;
}

function averagePooling(
  rank: 1 | 2,
  poolSize: number | readonly number[],
  options: AveragePoolingOptions,
): Layer {
  const type = `averagePooling${rank}d`;
  const where = `${type}()`;
  checkOptions(where, options, ["strides", "padding", "countIncludePad", "name"]);
  const config = poolConfig(where, poolSize, options, rank);
  const { kernel, strides, padding } = config;
  const countIncludePad = boolean(where, "countIncludePad", options.countIncludePad ?? false);
  return createLayer({
    type,
    name: options.name,
    config: { poolSize: kernel, strides, padding, countIncludePad },
    sums: "linear",
    call: (x) => averagePooled(where, x, config, countIncludePad),
  });
}

/**
 * The mean of each window of so many steps (default 2): (batch, steps, channels) → (batch, windows, channels).
 * Keras's AveragePooling1D, torch.nn.AvgPool1d.
 *
 * @example sequential([averagePooling1d(2), flatten(), dense(3)], { inputShape: [8, 4] })
 * @throws ShapeError where a window is larger than the inputs
 */
export const averagePooling1d = (
  poolSize: number | readonly number[] = 2,
  options: AveragePoolingOptions = {},
): Layer => averagePooling(1, poolSize, options);

/**
 * The mean of each window of an image (default 2 × 2): (batch, height, width, channels) → (batch, windows down,
 * windows across, channels). Keras's AveragePooling2D, torch.nn.AvgPool2d.
 *
 * @example sequential([averagePooling2d(2), flatten(), dense(10)], { inputShape: [28, 28, 1] })
 * @throws ShapeError where a window is larger than the inputs
 */
export const averagePooling2d = (
  poolSize: number | readonly number[] = 2,
  options: AveragePoolingOptions = {},
): Layer => averagePooling(2, poolSize, options);
