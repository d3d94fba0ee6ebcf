import { where as choose, greaterEqual, less, logicalAnd } from "../../graph/ops/compare.ts";
import { add, div, exp, log, minimum, mul, sqrt, sub } from "../../graph/ops/elementwise.ts";
import { arange } from "../../graph/ops/make.ts";
import { part } from "../../graph/ops/pieces.ts";
import { uniformAt } from "../../graph/ops/random.ts";
import { reshape } from "../../graph/ops/shape.ts";
import type { Tensor } from "../../graph/tensor.ts";
import { checkOptions, finiteFloat32 } from "../../options/index.ts";
import type { Layer } from "../layer.ts";
import {
  type AugmentationOptions,
  augmenting,
  type Bounds,
  boundsOf,
  perImage,
  share,
} from "./augmenting.ts";

/** Options of `randomErasing`. */
export interface RandomErasingOptions extends AugmentationOptions {
  /** The part of the image's area that goes (default [0.02, 0.33]). */
  readonly scale?: Bounds;
  /** Height divided by width of what goes (default [0.3, 3.3]). */
  readonly ratio?: Bounds;
  /** What is put in its place (default 0). */
  readonly fillValue?: number;
}

/**
 * While training puts a rectangle of one value into each image with this probability (default 0.5), its area, shape
 * and place by chance (Zhong et al. 2020). Keras's RandomErasing, torchvision.transforms.RandomErasing.
 *
 * @example sequential([randomErasing(0.5), flatten(), dense(10)], { inputShape: [28, 28, 1] })
 * @throws ArgumentError for a probability or parts of the area outside 0 to 1, a ratio outside 0.001 to 1000
 */
export function randomErasing(probability = 0.5, options: RandomErasingOptions = {}): Layer {
  const where = "randomErasing()";
  checkOptions(where, options, ["scale", "ratio", "fillValue", "name"]);
  share(where, "probability", probability);
  const scale = boundsOf(where, "scale", options.scale ?? [0.02, 0.33], [0, 1]);
  const ratio = boundsOf(where, "ratio", options.ratio ?? [0.3, 3.3], [1e-3, 1e3]);
  const fillValue = finiteFloat32(where, "fillValue", options.fillValue ?? 0);
  const config = { probability, scale, ratio, fillValue };
  return augmenting("randomErasing", options, config, (images, random) => {
    const [batch, height, width] = images.shape as [number, number, number];
    const chances = uniformAt(where, [5, batch], [0, 1], random);
    const [chance, area, form, top, left] = [0, 1, 2, 3, 4].map((i) =>
      reshape(part(chances, 0, i, 1, 1), perImage(images)),
    ) as [Tensor, Tensor, Tensor, Tensor, Tensor];
    const between = (u: Tensor, [min, max]: Bounds) => add(mul(u, max - min), min);
    const root = sqrt(between(area, scale));
    // Evenly over the logarithm, so that tall is as likely as wide.
    const [low, high] = [log(ratio[0]), log(ratio[1])];
    const stretch = sqrt(exp(add(mul(form, sub(high, low)), low)));
    /** The pixels between where the rectangle begins and ends along an axis. */
    const inside = (size: number, axis: number, extent: Tensor, at: Tensor) => {
      const length = minimum(mul(extent, size), size);
      const start = mul(at, sub(size, length));
      const line = [1, 1, 1, 1].with(axis, size);
      const middle = reshape(arange(0.5, size + 0.5, 1), line);
      return logicalAnd(greaterEqual(middle, start), less(middle, add(start, length)));
    };
    const rows = inside(height, 1, mul(root, stretch), top);
    const columns = inside(width, 2, div(root, stretch), left);
    const erased = logicalAnd(logicalAnd(rows, columns), less(chance, probability));
    return choose(erased, fillValue, images);
  });
}
