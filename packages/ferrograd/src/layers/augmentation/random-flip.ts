import { flip } from "../../graph/ops/axes.ts";
import { where as choose, less } from "../../graph/ops/compare.ts";
import { part } from "../../graph/ops/pieces.ts";
import { uniformAt } from "../../graph/ops/random.ts";
import { reshape } from "../../graph/ops/shape.ts";
import type { Tensor } from "../../graph/tensor.ts";
import { checkOptions, oneOf } from "../../options/index.ts";
import type { Layer } from "../layer.ts";
import { type AugmentationOptions, augmenting, perImage } from "./augmenting.ts";

/** In which directions images are mirrored. */
export type FlipMode = "horizontal" | "vertical" | "horizontalAndVertical";

const AXES: { readonly [mode in FlipMode]: readonly number[] } = {
  horizontal: [2],
  vertical: [1],
  horizontalAndVertical: [1, 2],
};

/**
 * While training mirrors every second image, by chance, along each of the axes (default both): left and right, up and
 * down. Keras's RandomFlip.
 *
 * @example sequential([randomFlip("horizontal"), flatten(), dense(10)], { inputShape: [32, 32, 3] })
 */
export function randomFlip(
  mode: FlipMode = "horizontalAndVertical",
  options: AugmentationOptions = {},
): Layer {
  const where = "randomFlip()";
  checkOptions(where, options, ["name"]);
  const axes = AXES[oneOf(where, "mode", mode, Object.keys(AXES) as FlipMode[])];
  return augmenting("randomFlip", options, { mode }, (images, random) => {
    const [batch] = images.shape as [number];
    const chances = uniformAt(where, [axes.length, batch], [0, 1], random);
    return axes.reduce((x: Tensor, axis, i) => {
      const chance = reshape(part(chances, 0, i, 1, 1), perImage(x));
      return choose(less(chance, 0.5), flip(x, { axis }), x);
    }, images);
  });
}
