import { FormatError } from "../errors.ts";
import type { Variable } from "../graph/leaf.ts";
import type { DType } from "../values/dtype.ts";
import type { Shape } from "../values/shape.ts";
import type { Optimizer } from "./optimizer.ts";

/** What an optimizer knows of a model's variables, apart from both: what a file holds. */
export interface OptimizerState {
  /** Of the optimizer; absent where a file does not tell it. */
  readonly name: string | undefined;
  /** State per variable: `m`, `v`. */
  readonly slots: readonly string[];
  /** Steps done. */
  readonly steps: number;
  /** By slot and variable: `m/dense/kernel`. */
  readonly values: ReadonlyMap<string, Float32Array>;
}

/** A variable with the name that it has in a model, and in its file: `encoder/dense/kernel`. */
export interface Named {
  readonly name: string;
  readonly variable: Variable<Shape, DType>;
}

/** The key of one slot of a variable. */
export const slotKey = (slot: string, { name }: Named): string => `${slot}/${name}`;

/** A copy of an optimizer's state for what it trains of these, or has trained before it was frozen. */
export function stateOf(optimizer: Optimizer, weights: readonly Named[]): OptimizerState {
  const { name, steps } = optimizer;
  optimizer.spec.composition?.checkSwapped("save()");
  const kept = weights.filter(({ variable }) => variable.trainable || optimizer.trains(variable));
  const values = kept.flatMap((named) =>
    slotNames(optimizer, named).map(
      (slot, i) => [slotKey(slot, named), optimizer.slotOf(named.variable, i).slice()] as const,
    ),
  );
  const slots = slotNamesOf(optimizer, weights);
  return { name, slots, steps, values: new Map(values) };
}

/**
 * Is this the optimizer that the state is of, with no steps of its own? Its numbers may differ: a rate
 * means the same to any state.
 */
export function canTakeUp(
  optimizer: Optimizer,
  weights: readonly Named[],
  { name, slots }: OptimizerState,
): boolean {
  const own = slotNamesOf(optimizer, weights);
  const sameSlots = own.length === slots.length && own.every((slot, i) => slot === slots[i]);
  return (name === undefined || name === optimizer.name) && sameSlots && optimizer.steps === 0;
}

/**
 * Gives the state to an optimizer that can take it up.
 * @throws FormatError where what is made of squares is negative; the optimizer is as it was then
 */
export function takeUp(
  optimizer: Optimizer,
  weights: readonly Named[],
  { values, steps }: OptimizerState,
): void {
  for (const named of weights) {
    for (const { name, least = Number.NEGATIVE_INFINITY } of optimizer.spec.slots(named.variable)) {
      const key = slotKey(name, named);
      const slot = values.get(key) ?? [];
      const bad = slot.findIndex((value: number) => value < least);
      if (bad >= 0) {
        throw new FormatError(
          `compile(): the file's tensor "optimizer/${key}": element ${bad}: expected 0 or more, got ${slot[bad]}`,
        );
      }
    }
  }
  optimizer.core().step.view().u32[0] = steps;
  for (const named of weights) {
    slotNames(optimizer, named).forEach((slot, i) => {
      const kept = values.get(slotKey(slot, named));
      if (kept !== undefined) optimizer.restoreSlot(named.variable, i, kept);
    });
  }
}

/** Names of what an optimizer keeps for a variable. */
const slotNames = (optimizer: Optimizer, { variable }: Named): string[] =>
  optimizer.spec.slots(variable).map(({ name }) => name);

/** The same of each of them. */
export const slotNamesOf = (optimizer: Optimizer, weights: readonly Named[]): string[] =>
  weights.slice(0, 1).flatMap((first) => slotNames(optimizer, first));
