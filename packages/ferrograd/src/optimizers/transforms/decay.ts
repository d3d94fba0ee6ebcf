import { add, mul } from "../../graph/ops/elementwise.ts";
import { checkOptions, listOf, nonNegativeFloat32 } from "../../options/index.ts";
import { link, type Transform } from "../transform.ts";
import { isIn, pathPart } from "./paths.ts";

/** Options of `addDecayedWeights`. */
export interface DecayedWeightsOptions {
  /**
   * Which variables are left as they are: names in their paths, such as "bias", "encoder" or "dense_1/kernel"
   * (default none).
   */
  readonly exclude?: readonly string[];
}

/**
 * Adds weightDecay·w. Behind an optimizer it is decoupled decay, as in `adamW` (Loshchilov & Hutter 2019): the rate
 * multiplies it; before one it joins the gradient (L2) (optax.add_decayed_weights; keras exclude_from_weight_decay).
 *
 * @example chain(adam({ learningRate: 1e-3 }), addDecayedWeights(0.01, { exclude: ["bias"] }))
 * @throws ArgumentError for a decay that is no number of 0 or more, and for unknown options
 */
export function addDecayedWeights(
  weightDecay: number,
  options: DecayedWeightsOptions = {},
): Transform {
  const where = "addDecayedWeights()";
  const decay = nonNegativeFloat32(where, "weightDecay", weightDecay);
  checkOptions(where, options, ["exclude"]);
  const exclude = listOf(where, "exclude", options.exclude ?? [], pathPart);
  return link({
    name: "addDecayedWeights",
    options: { weightDecay: decay, exclude },
    paths: exclude,
    update(update, _state, { variable, names }) {
      if (exclude.some((part) => isIn(part, names))) return { update };
      return { update: add(update, mul(variable, decay)) };
    },
  });
}
