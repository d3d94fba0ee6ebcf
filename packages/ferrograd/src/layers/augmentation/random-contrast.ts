import { add, mul, sub } from "../../graph/ops/elementwise.ts";
import { clip } from "../../graph/ops/math.ts";
import { uniformAt } from "../../graph/ops/random.ts";
import { mean } from "../../graph/ops/reduce.ts";
import { checkOptions } from "../../options/index.ts";
import type { Layer } from "../layer.ts";
import {
  type AugmentationOptions,
  augmenting,
  type Bounds,
  boundsOf,
  perImage,
  share,
} from "./augmenting.ts";

/** Options of `randomContrast` and `randomBrightness`. */
export interface RandomLightOptions extends AugmentationOptions {
  /** What pixels are kept within (default [0, 1]). */
  readonly valueRange?: Bounds;
}

/**
 * While training spreads each image's pixels about the mean of their channel, by a factor between 1 − factor and
 * 1 + factor, and cuts them to `valueRange`. Keras's RandomContrast.
 *
 * @example sequential([randomContrast(0.2), flatten(), dense(10)], { inputShape: [28, 28, 1] })
 * @throws ArgumentError for a factor outside 0 to 1
 */
export function randomContrast(factor: number, options: RandomLightOptions = {}): Layer {
  const where = "randomContrast()";
  checkOptions(where, options, ["valueRange", "name"]);
  share(where, "factor", factor);
  const valueRange = boundsOf(where, "valueRange", options.valueRange ?? [0, 1]);
  const config = { factor, valueRange };
  return augmenting("randomContrast", options, config, (images, random) => {
    const spread = uniformAt(where, perImage(images), [1 - factor, 1 + factor], random);
    const middle = mean(images, { axis: [1, 2], keepDims: true });
    return clip(add(mul(sub(images, middle), spread), middle), ...valueRange);
  });
}
