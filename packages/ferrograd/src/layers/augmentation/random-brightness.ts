import { add } from "../../graph/ops/elementwise.ts";
import { clip } from "../../graph/ops/math.ts";
import { uniformAt } from "../../graph/ops/random.ts";
import { checkOptions, nonNegativeFloat32 } from "../../options/index.ts";
import type { Layer } from "../layer.ts";
import { augmenting, boundsOf, perImage, share } from "./augmenting.ts";
import type { RandomLightOptions } from "./random-contrast.ts";

/**
 * While training adds to each image one number of up to factor times the width of `valueRange`, or takes it off, and
 * cuts pixels to that range. Keras's RandomBrightness.
 *
 * @example sequential([randomBrightness(0.1), flatten(), dense(10)], { inputShape: [28, 28, 1] })
 * @throws ArgumentError for a factor outside 0 to 1
 */
export function randomBrightness(factor: number, options: RandomLightOptions = {}): Layer {
  const where = "randomBrightness()";
  checkOptions(where, options, ["valueRange", "name"]);
  share(where, "factor", factor);
  const valueRange = boundsOf(where, "valueRange", options.valueRange ?? [0, 1]);
  const most = nonNegativeFloat32(where, "valueRange", factor * (valueRange[1] - valueRange[0]));
  const config = { factor, valueRange };
  return augmenting("randomBrightness", options, config, (images, random) => {
    const light = uniformAt(where, perImage(images), [-most, most], random);
    return clip(add(images, light), ...valueRange);
  });
}
