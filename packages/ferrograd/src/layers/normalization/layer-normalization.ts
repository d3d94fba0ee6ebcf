import { normalize } from "../../graph/ops/moments.ts";
import { checkOptions } from "../../options/index.ts";
import { createLayer } from "../create.ts";
import type { Layer } from "../layer.ts";
import {
  affinesOf,
  COMMON,
  featureAxes,
  keeping,
  knownSizes,
  type NormalizeOptions,
} from "./normalize.ts";

/** Options of `layerNormalization`. */
export interface LayerNormalizationOptions extends NormalizeOptions {
  /** The axes that are normalized together (default −1, the last), each with a gamma and beta of its own. */
  readonly axis?: number | readonly number[];
}

/**
 * gamma · (x − μ) / sqrt(σ² + epsilon) + beta with mean and biased variance over the axes of each row: the same while
 * training and after, whatever the batch (Ba et al. 2016). gamma and beta have the sizes of the axes. Keras's
 * LayerNormalization; torch.nn.LayerNorm with `{ epsilon: 1e-5 }`.
 *
 * @example sequential([dense(32), layerNormalization(), activation("relu"), dense(1)], { inputShape: [4] })
 * @throws ArgumentError for options that are none, and an axis that is the batch's
 */
export function layerNormalization(options: LayerNormalizationOptions = {}): Layer {
  const where = "layerNormalization()";
  checkOptions(where, options, ["axis", ...COMMON]);
  const { axis = -1 } = options;
  const affines = affinesOf(where, options);
  return createLayer({
    type: "layerNormalization",
    name: options.name,
    config: { axis, ...affines.config },
    build(rows, add) {
      affines.build(knownSizes(where, rows, featureAxes(where, axis, rows.length + 1)), add);
    },
    call(x) {
      const axes = featureAxes(where, axis, x.rank);
      const shape = keeping(x.shape, axes);
      return normalize(x, axes, affines.epsilon, affines.gamma(shape), affines.beta(shape)).y;
    },
  });
}
