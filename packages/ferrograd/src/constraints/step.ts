import type { Effect } from "../graph/trace.ts";
import { linksOf } from "../optimizers/chain.ts";
import { inPlaceOfCore } from "../optimizers/composition.ts";
import type { Optimizer } from "../optimizers/optimizer.ts";
import type { StepParts } from "../optimizers/spec.ts";

/** Of optimizers whose rule is the core's: the same as links. */
const ofCore = inPlaceOfCore(linksOf);

/**
 * A step by operations on tensors, whatever the optimizer: what variables are about to be is there before anything is
 * committed, so that constraints change it and the step is refused where that is not finite.
 */
export const constrainedStep = (optimizer: Optimizer, parts: StepParts): Effect =>
  (optimizer.spec.composition ?? ofCore(optimizer)).effect(optimizer, parts);
