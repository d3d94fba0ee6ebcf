import { max, mean, type ReduceOptions } from "../../graph/ops/reduce.ts";
import { requireImages } from "../../graph/ops/windows.ts";
import type { Tensor } from "../../graph/tensor.ts";
import { boolean, checkOptions } from "../../options/index.ts";
import { createLayer } from "../create.ts";
import type { Layer } from "../layer.ts";

/** Options of global pooling. */
export interface GlobalPoolingOptions {
  /** Keep the axes that are pooled, with size 1 (default false). */
  readonly keepDims?: boolean;
  readonly name?: string;
}

function globalPooling(
  type: string,
  rank: 1 | 2,
  reduce: (x: Tensor, options: ReduceOptions) => Tensor,
  options: GlobalPoolingOptions,
): Layer {
  const where = `${type}()`;
  checkOptions(where, options, ["keepDims", "name"]);
  const keepDims = boolean(where, "keepDims", options.keepDims ?? false);
  const axis = rank === 1 ? [1] : [1, 2];
  return createLayer({
    type,
    name: options.name,
    config: { keepDims },
    ...(reduce === mean && { sums: "linear" }),
    call: (x) => reduce(requireImages(where, x, rank) as Tensor, { axis, keepDims }),
  });
}

/**
 * The mean of all steps: (batch, steps, channels) → (batch, channels). Keras's GlobalAveragePooling1D.
 *
 * @example sequential([globalAveragePooling1d(), dense(3)], { inputShape: [8, 4] })
 */
export const globalAveragePooling1d = (options: GlobalPoolingOptions = {}): Layer =>
  globalPooling("globalAveragePooling1d", 1, mean, options);

/**
 * The mean of all of an image: (batch, height, width, channels) → (batch, channels). Keras's GlobalAveragePooling2D,
 * torch.nn.AdaptiveAvgPool2d(1).
 *
 * @example sequential([globalAveragePooling2d(), dense(10)], { inputShape: [7, 7, 64] })
 */
export const globalAveragePooling2d = (options: GlobalPoolingOptions = {}): Layer =>
  globalPooling("globalAveragePooling2d", 2, mean, options);

/**
 * The largest of all steps, of equals each with its share of the gradient: (batch, steps, channels) → (batch,
 * channels). Keras's GlobalMaxPooling1D.
 *
 * @example sequential([globalMaxPooling1d(), dense(3)], { inputShape: [8, 4] })
 */
export const globalMaxPooling1d = (options: GlobalPoolingOptions = {}): Layer =>
  globalPooling("globalMaxPooling1d", 1, max, options);

/**
 * The largest of all of an image, of equals each with its share of the gradient: (batch, height, width, channels) →
 * (batch, channels). Keras's GlobalMaxPooling2D.
 *
 * @example sequential([globalMaxPooling2d(), dense(10)], { inputShape: [7, 7, 64] })
 */
export const globalMaxPooling2d = (options: GlobalPoolingOptions = {}): Layer =>
  globalPooling("globalMaxPooling2d", 2, max, options);
