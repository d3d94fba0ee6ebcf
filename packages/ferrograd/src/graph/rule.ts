import { Brand } from "../copies/shared.ts";
import { ArgumentError } from "../errors.ts";
import { show } from "../options/index.ts";
import type { TensorLike } from "./leaf.ts";
import type { Tensor } from "./tensor.ts";
import type { Effect } from "./trace.ts";

/** A function of the values of a variable, which files know by its name and its options. */
export interface Rule<K extends string = string> {
  (x: TensorLike): Tensor;
  readonly kind: K;
  readonly name: string;
  readonly options: Readonly<Record<string, unknown>>;
  /** @internal What a file has of it; absent of a function without a name, which none holds. */
  toJSON?(): Readonly<Record<string, unknown>>;
}

/**
 * What is added to the loss for a variable, or for what a layer gives: one number. Made by `regularizers.l2` and its kin, or
 * by `regularizer`; called on values it gives that number.
 */
export interface Regularizer extends Rule<"regularizer"> {}

/**
 * What a step makes of the values that a variable is about to have: others of the same shape. Made by
 * `constraints.maxNorm` and its kin, or by `constraint`; called on values it gives those.
 */
export interface Constraint extends Rule<"constraint"> {
  /** @internal The step of an optimizer that keeps to it. */
  readonly step: (optimizer: never, parts: never) => Effect;
}

/** What a variable may be given. */
export interface VariableRules {
  /** What training adds to the loss for it, while it trains. */
  readonly regularizer?: Regularizer | undefined;
  /** What each step makes of it. */
  readonly constraint?: Constraint | undefined;
  /** @internal Of a table: the step of an optimizer that changes the rows used alone; undefined where there is none. */
  readonly byRows?: ((optimizer: never, parts: never) => Effect | undefined) | undefined;
}

/** The marks of both kinds, with what makes one. @internal */
export const RULES = /* @__PURE__ */ (() => ({
  regularizer: { brand: new Brand("regularizer"), such: "regularizers.l2(1e-4)" },
  constraint: { brand: new Brand("constraint"), such: "constraints.maxNorm(2)" },
}))();

/** A regularizer or a constraint as an option, or none. @internal */
export function ruleOf<K extends keyof typeof RULES>(
  where: string,
  name: string,
  kind: K,
  value: unknown,
): VariableRules[K] {
  const { brand, such } = RULES[kind];
  if (value === undefined || brand.has(value)) return value as VariableRules[K];
  throw new ArgumentError(
    `${where}: ${name}: expected a ${kind} such as ${such}, got ${show(value)}`,
  );
}
