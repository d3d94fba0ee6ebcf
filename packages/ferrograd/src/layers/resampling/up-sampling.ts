import {
  INTERPOLATIONS,
  type Interpolation,
  repeatedPixels,
  resized,
} from "../../graph/ops/resize.ts";
import { perAxis } from "../../graph/ops/window-shape.ts";
import { requireImages, requirePixels } from "../../graph/ops/windows.ts";
import type { Tensor } from "../../graph/tensor.ts";
import { checkOptions, oneOf, shapeOf } from "../../options/index.ts";
import { createLayer } from "../create.ts";
import type { Layer } from "../layer.ts";

/** Options of `upSampling1d` and `upSampling2d`. */
export interface UpSamplingOptions {
  /** Default "nearest": each pixel again and again. */
  readonly interpolation?: Interpolation;
  readonly name?: string;
}

function upSampling(
  rank: 1 | 2,
  size: number | readonly number[],
  options: UpSamplingOptions,
): Layer {
  const type = `upSampling${rank}d`;
  const where = `${type}()`;
  const times = perAxis(where, "size", size, rank);
  checkOptions(where, options, ["interpolation", "name"]);
  const { interpolation: asked = "nearest" } = options;
  const interpolation = oneOf(where, "interpolation", asked, INTERPOLATIONS);
  return createLayer({
    type,
    name: options.name,
    config: { size: times, interpolation },
    ...(interpolation === "nearest" && { elementwise: "linear" }),
    call(x) {
      const images = requirePixels(where, requireImages(where, x, rank) as Tensor);
      const sizes = times.map((count, i) => count * x.shape[i + 1]!);
      shapeOf(where, "size", [x.shape[0]!, ...sizes, x.shape.at(-1)!]);
      if (interpolation === "nearest") return repeatedPixels(images, times);
      return resized(images, sizes, interpolation);
    },
  });
}

/**
 * Each step so often (default 2): (batch, steps, channels) → (batch, steps · size, channels). Keras's UpSampling1D.
 *
 * @example upSampling1d(2)([[[1], [2]]]).array() // [[[1], [1], [2], [2]]]
 */
export const upSampling1d = (
  size: number | readonly number[] = 2,
  options: UpSamplingOptions = {},
): Layer => upSampling(1, size, options);

/**
 * Each pixel so often along both axes or each (default 2), or with lines between them: (batch, height, width,
 * channels) → (batch, height · size, width · size, channels). Keras's UpSampling2D, torch.nn.Upsample.
 *
 * @example upSampling2d(2)([[[[1], [2]]]]).array() // [[[[1], [1], [2], [2]], [[1], [1], [2], [2]]]]
 */
export const upSampling2d = (
  size: number | readonly number[] = 2,
  options: UpSamplingOptions = {},
): Layer => upSampling(2, size, options);
