import type { Effect } from "../graph/trace.ts";
import { linksOf } from "../optimizers/chain.ts";
import { Composition } from "../optimizers/composition.ts";
import type { Optimizer } from "../optimizers/optimizer.ts";
import type { StepParts } from "../optimizers/spec.ts";

/** Of optimizers whose rule is the core's: the same as links, by what lasts while they train something. */
const compositions = new WeakMap<object, Composition>();

function compositionOf(optimizer: Optimizer): Composition {
  if (optimizer.spec.composition !== undefined) return optimizer.spec.composition;
  const lasting = optimizer.core();
  const made = compositions.get(lasting) ?? new Composition(linksOf(optimizer));
  compositions.set(lasting, made);
  return made;
}

/**
 * A step by operations on tensors, whatever the optimizer: what variables are about to be is there before anything is
 * committed, so that constraints change it and the step is refused where that is not finite.
 */
export const constrainedStep = (optimizer: Optimizer, parts: StepParts): Effect =>
  compositionOf(optimizer).effect(optimizer, parts);
