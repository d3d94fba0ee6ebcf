import { checkOptions, nonNegativeFloat32 } from "../options/index.ts";
import { type L1L2Options, l1l2 } from "../regularizers/index.ts";
import { createLayer } from "./create.ts";
import { IDENTITY, type Layer } from "./layer.ts";
import { penalize } from "./rules.ts";

/** Options of `activityRegularization`. */
export interface ActivityRegularizationOptions extends L1L2Options {
  readonly name?: string;
}

/**
 * Gives its inputs as they are, and adds to the loss l1 · Σ|x| + l2 · Σx² of a row, in the mean over the batch. Keras's
 * ActivityRegularization.
 *
 * @example sequential([dense(8, { activation: "relu" }), activityRegularization({ l1: 1e-3 }), dense(4)], { inputShape: [4] })
 * @throws ArgumentError for all but finite numbers of 0 or more
 */
export function activityRegularization(options: ActivityRegularizationOptions = {}): Layer {
  const where = "activityRegularization()";
  checkOptions(where, options, ["l1", "l2", "name"]);
  const { name, l1 = 0, l2 = 0 } = options;
  const regularizer = l1l2({
    l1: nonNegativeFloat32(where, "l1", l1),
    l2: nonNegativeFloat32(where, "l2", l2),
  });
  return createLayer({
    type: "activityRegularization",
    name,
    config: regularizer.options,
    call: (x, info) => penalize(x, regularizer, info),
    affine: () => IDENTITY,
  });
}
