import { checkOptions } from "../../options/index.ts";
import { createLayer } from "../create.ts";
import type { Layer } from "../layer.ts";
import { featureAxes, unitVectors } from "./normalize.ts";

/** Options of `unitNormalization`. */
export interface UnitNormalizationOptions {
  /** The axes that are one vector (default −1, the last). */
  readonly axis?: number | readonly number[];
  readonly name?: string;
}

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
    call: (x) => unitVectors(x, featureAxes(where, axis, x.rank)),
  });
}
