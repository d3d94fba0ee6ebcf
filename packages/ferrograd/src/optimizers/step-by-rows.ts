import { StateError } from "../errors.ts";
import type { Effect } from "../graph/trace.ts";
import { inPlaceOfCore } from "./composition.ts";
import type { Optimizer } from "./optimizer.ts";
import type { StepParts } from "./spec.ts";
import { usedRows } from "./used-rows.ts";

/** w − rate · g alone. */
const withoutLinks = inPlaceOfCore(() => []);

/** What a step is to do beside w − rate · g: weight decay, a clip. */
const others = (optimizer: Optimizer): string[] =>
  Object.keys(optimizer.spec.hyper).filter(
    (name) => name !== "learningRate" && optimizer.getHyper(name) !== 0,
  );

/**
 * A step of a rule of the core that leaves rows without gradients as they are, on the rows of tables that a batch has used:
 * w − rate · g by operations on tensors, with the rule's bits. Undefined where there is more to do, or no variable is such a
 * table.
 */
export function stepByRows(optimizer: Optimizer, parts: StepParts): Effect | undefined {
  const { core, name } = optimizer.spec;
  if (!core?.byRows || others(optimizer).length > 0) return undefined;
  if (!parts.gradients.some(usedRows)) return undefined;
  const effect = withoutLinks(optimizer).effect(optimizer, parts);
  const before = effect.before?.bind(effect);
  effect.before = () => {
    const [other] = others(optimizer); // a checkpoint may have brought it
    if (other === undefined) return before?.();
    throw new StateError(
      `${name}: ${other}: expected 0, as when its step was made, got ${optimizer.getHyper(other)}; compile the model anew`,
    );
  };
  return effect;
}
