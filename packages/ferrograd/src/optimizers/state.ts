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

type Variables = readonly Variable<Shape, DType>[];

/** The key of one slot of a variable. */
export const slotKey = (slot: string, variable: Variable<Shape, DType>): string =>
  `${slot}/${variable.name}`;

/** A copy of an optimizer's state for these variables. */
export function stateOf(optimizer: Optimizer, variables: Variables): OptimizerState {
  const { name, steps } = optimizer;
  const { slots } = optimizer.spec;
  const values = variables.flatMap((variable) =>
    slots.map(
      (slot, i) => [slotKey(slot, variable), optimizer.slotOf(variable, i).slice()] as const,
    ),
  );
  return { name, slots, steps, values: new Map(values) };
}

/**
 * Is this the optimizer that the state is of, with no steps of its own? Its numbers may differ: a rate
 * means the same to any state.
 */
export function canTakeUp(optimizer: Optimizer, { name, slots }: OptimizerState): boolean {
  const own = optimizer.spec.slots;
  const sameSlots = own.length === slots.length && own.every((slot, i) => slot === slots[i]);
  return (name === undefined || name === optimizer.name) && sameSlots && optimizer.steps === 0;
}

/**
 * Gives the state to an optimizer that can take it up.
 * @throws FormatError where what is made of squares is negative; the optimizer is as it was then
 */
export function takeUp(optimizer: Optimizer, variables: Variables, state: OptimizerState): void {
  const squares = optimizer.spec.squares ?? [];
  for (const key of variables.flatMap((variable) =>
    squares.map((slot) => slotKey(slot, variable)),
  )) {
    const bad = state.values.get(key)!.findIndex((value) => value < 0);
    if (bad >= 0) {
      throw new FormatError(
        `compile(): the file's tensor "optimizer/${key}": element ${bad}: expected 0 or more, got ${state.values.get(key)![bad]}`,
      );
    }
  }
  optimizer.core().step.view().u32[0] = state.steps;
  for (const variable of variables) {
    state.slots.forEach((slot, i) => {
      optimizer.restoreSlot(variable, i, state.values.get(slotKey(slot, variable))!);
    });
  }
}
