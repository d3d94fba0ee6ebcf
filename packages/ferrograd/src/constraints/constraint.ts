import type { TensorLike } from "../graph/leaf.ts";
import { makeRule, ownRule, type RuleKind, type RuleParts } from "../graph/make-rule.ts";
import type { Constraint, Rule } from "../graph/rule.ts";
import type { Tensor } from "../graph/tensor.ts";
import { sameShape } from "../values/shape.ts";
import { constrainedStep } from "./step.ts";

const KIND: RuleKind<"constraint"> = {
  kind: "constraint",
  gives: "the same shape",
  fits: sameShape,
};

const withStep = (rule: Rule<"constraint">): Constraint =>
  Object.assign(rule, { step: constrainedStep }) as unknown as Constraint;

/** A constraint of ours. @internal */
export const constraintFrom = (parts: RuleParts): Constraint => withStep(makeRule(KIND, parts));

/**
 * A constraint of one's own, with the rights of ours: what a variable becomes in each step, from what the optimizer would
 * make of it, by operations on tensors. It commits finite numbers or nothing. Of a plain function, models train with it,
 * but no file holds it. Keras's Constraint.
 *
 * @example
 * const bounded = (config: { most: number }) =>
 *   constraint({ name: "bounded", config, call: (w) => clip(w, -config.most, config.most) });
 * const net = sequential([dense(1, { kernelConstraint: bounded({ most: 1 }) })], { inputShape: [4] });
 * loadModel(net.save(), { constraints: { bounded } }).layers // ["dense"]
 * @example dense(8, { kernelConstraint: constraint((w) => relu(w)) })
 * @throws ArgumentError for parts that are not there, or of the wrong kind, and options that JSON cannot hold; ShapeError,
 * where a variable is made for it, for a function that gives another shape
 */
export function constraint(parts: RuleParts): Constraint;
export function constraint(call: (x: Tensor) => TensorLike): Constraint;
export function constraint(given: RuleParts | RuleParts["call"]): Constraint {
  return withStep(ownRule(KIND, given));
}
