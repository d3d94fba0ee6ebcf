import { maxPooled, type PoolOptions, poolConfig } from "../../graph/ops/pool.ts";
import { checkOptions } from "../../options/index.ts";
import { createLayer } from "../create.ts";
import type { Layer } from "../layer.ts";

/** Options of `maxPooling1d` and `maxPooling2d`. */
export interface MaxPoolingOptions extends PoolOptions {
  readonly name?: string;
}

function maxPooling(
  rank: 1 | 2,
  poolSize: number | readonly number[],
  options: MaxPoolingOptions,
): Layer {
  const type = `maxPooling${rank}d`;
  const where = `${type}()`;
  checkOptions(where, options, ["strides", "padding", "name"]);
  const config = poolConfig(where, poolSize, options, rank);
  const { kernel, strides, padding } = config;
  return createLayer({
    type,
    name: options.name,
    config: { poolSize: kernel, strides, padding },
    call: (x) => maxPooled(where, x, config),
  });
}

/**
 * The largest of each window of so many steps (default 2): (batch, steps, channels) → (batch, windows, channels).
 * Keras's MaxPooling1D, torch.nn.MaxPool1d.
 *
 * @example sequential([maxPooling1d(2), flatten(), dense(3)], { inputShape: [8, 4] })
 * @throws ShapeError where a window is larger than the inputs
 */
export const maxPooling1d = (
  poolSize: number | readonly number[] = 2,
  options: MaxPoolingOptions = {},
): Layer => maxPooling(1, poolSize, options);

/**
 * The largest of each window of an image (default 2 × 2): (batch, height, width, channels) → (batch, windows down,
 * windows across, channels). Keras's MaxPooling2D, torch.nn.MaxPool2d.
 *
 * @example sequential([maxPooling2d(2), flatten(), dense(10)], { inputShape: [28, 28, 1] })
 * @throws ShapeError where a window is larger than the inputs
 */
export const maxPooling2d = (
  poolSize: number | readonly number[] = 2,
  options: MaxPoolingOptions = {},
): Layer => maxPooling(2, poolSize, options);
