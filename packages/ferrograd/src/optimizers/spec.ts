import type { Variable } from "../graph/leaf.ts";
import type { AnyTensor, Tensor } from "../graph/tensor.ts";
import type { Effect } from "../graph/trace.ts";
import type { Rate } from "../schedules/schedule.ts";
import type { DType } from "../values/dtype.ts";
import type { Shape } from "../values/shape.ts";
import type { Composition } from "./composition.ts";
import type { Optimizer } from "./optimizer.ts";
import type { CoreRule } from "./update.ts";

/** Floats that are kept for a variable: `momentum`, `m`, `v`. */
export interface Slot {
  readonly name: string;
  readonly shape: Shape;
  /** None is below it. */
  readonly least?: number | undefined;
}

/** An optimizer as its file and its options make it: its numbers, its state, its step. */
export interface OptimizerSpec {
  readonly name: string;
  /**
   * Numbers that may change between steps without compiling again: rate, weight decay, the three
   * clips, then the rule's own.
   */
  readonly hyper: Readonly<Record<string, number>>;
  /** Checks a number, as when it was given as an option. */
  check(name: string, value: number): number;
  /** Options that are not numbers of the core, for files. */
  readonly fixed: Readonly<Record<string, unknown>>;
  /** Steps for each that changes variables (default 1). */
  readonly period?: number;
  /** What is kept for a variable, in the order of its memory. */
  slots(variable: AnyVariable): readonly Slot[];
  /** Values that a slot begins with, where they are not 0. */
  begin?(variable: AnyVariable): readonly ArrayLike<number>[];
  /** A step as an effect of a program. */
  effect(optimizer: Optimizer, step: StepParts): Effect;
  /** Nothing is trained any more: gives back what is not of a variable. */
  forget?(optimizer: Optimizer): void;
  /** Of a rule of the core: which. */
  readonly core?: CoreRule;
  /** Of a chain of transforms: what it is made of. */
  readonly composition?: Composition;
  /** The same once more, with no steps done, where no file has all of it. */
  again?(rate: Rate): Optimizer;
  /** Is it one's own, made again by what `loadModel` is given? */
  readonly own?: true;
}

export type AnyVariable = Variable<Shape, DType>;

/** A loss, variables, and its gradients with respect to them. */
export interface StepParts {
  readonly loss: AnyTensor;
  readonly variables: readonly AnyVariable[];
  readonly gradients: readonly Tensor[];
}
