import { div, maximum, sqrt, square } from "../../graph/ops/elementwise.ts";
import { sum } from "../../graph/ops/reduce.ts";
import { checkOptions } from "../../options/index.ts";
import { createLayer } from "../create.ts";
import type { Layer } from "../layer.ts";
import { featureAxes } from "./normalize.ts";

/** Options of `unitNormalization`. */
export interface UnitNormalizationOptions {
  /** The axes that are one vector (default −1, the last). */
  readonly axis?: number | readonly number[];
  readonly name?: string;
}

/** The least sum of squares that is divided by, as in Keras: what is shorter than 1e-6 does not reach length 1. */
const LEAST = 1e-12;

/**
 * x / |x|₂ over the axes of each row, so that each has length 1; zeros stay zeros. Keras's UnitNormalization,
 * torch.nn.functional.normalize.
 *
 * @example sequential([unitNormalization(), dense(1)], { inputShape: [4] })
 * @throws ArgumentError for an axis that is the batch's
 */
export function unitNormalization(options: UnitNormalizationOptions = {}): Layer {
  const where = "unitNormalization()";
  checkOptions(where, options, ["axis", "name"]);
  const { axis = -1 } = options;
  return createLayer({
    type: "unitNormalization",
    name: options.name,
    config: { axis },
    build: (rows) => void featureAxes(where, axis, rows.length + 1),
    call(x) {
      const axes = featureAxes(where, axis, x.rank);
      return div(x, sqrt(maximum(sum(square(x), { axis: axes, keepDims: true }), LEAST)));
    },
  });
}
