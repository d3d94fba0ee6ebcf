import type { Fault } from "../engine/program.ts";
import type { Change } from "./composed-step.ts";
import type { Optimizer } from "./optimizer.ts";

/** Learning rates from here on are the first suspect. */
const SUSPECT = 1;

/** What of a step by transforms would not be finite, and the likely cause. */
export function explainComposed(
  { learningRate }: Optimizer,
  changes: readonly Change[],
  { operand, element }: Fault,
): { readonly where: string; readonly cause: string } {
  const change = changes[operand];
  const name = `"${change?.variable.name}"`;
  const isSlot = change?.slot !== undefined;
  const place = `element ${element}${change?.rows ? " of the rows used" : ""}`;
  return {
    where: `${isSlot ? `slot "${change.slot}" of ${name}` : name} (${place})`,
    cause:
      !isSlot && learningRate >= SUSPECT
        ? `the learning rate ${learningRate} is too high`
        : "a number in a transform that float32 cannot hold, or a division by 0; scale the data, or clip before it",
  };
}
