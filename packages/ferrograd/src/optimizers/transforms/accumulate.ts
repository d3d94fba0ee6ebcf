import { zeros } from "../../graph/constants.ts";
import { add, keep, mul, sub } from "../../graph/ops/elementwise.ts";
import { positiveInteger } from "../../options/index.ts";
import { link, type Transform } from "../transform.ts";

/**
 * The mean of the gradients of `steps` batches makes one step: variables, and the state of what comes after it, change in
 * each such step only; a schedule counts these. A batch as large as they are together needs more memory for the same
 * (keras gradient_accumulation_steps, optax.MultiSteps).
 *
 * @example chain(accumulateGradients(4), adam())
 * @throws ArgumentError for all but an integer from 1
 */
export function accumulateGradients(steps: number): Transform {
  const n = positiveInteger("accumulateGradients()", "steps", steps);
  return link({
    name: "accumulateGradients",
    options: { steps: n },
    every: n,
    init: (variable) => ({ mean: zeros(variable.shape) }),
    update(gradient, { mean }, { every }) {
      const update = add(mean!, mul(gradient, 1 / n));
      return { update, state: { mean: keep(update, sub(1, every(n))) } };
    },
  });
}
