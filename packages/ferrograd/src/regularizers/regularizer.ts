import type { TensorLike } from "../graph/leaf.ts";
import { makeRule, ownRule, type RuleKind, type RuleParts } from "../graph/make-rule.ts";
import type { Regularizer } from "../graph/rule.ts";
import type { Tensor } from "../graph/tensor.ts";
import { sizeOf } from "../values/shape.ts";

const KIND: RuleKind<"regularizer"> = {
  kind: "regularizer",
  gives: "one number",
  fits: (made) => sizeOf(made) === 1,
};

/** A regularizer of ours. @internal */
export const regularizerFrom = (parts: RuleParts): Regularizer => makeRule(KIND, parts);

/**
 * A regularizer of one's own, with the rights of ours: one number from the values of a variable, or from what a layer
 * gives, by operations on tensors. Of a plain function, models train with it, but no file holds it. Keras's Regularizer.
 *
 * @example
 * const meanSquare = (config: { rate: number }) =>
 *   regularizer({ name: "meanSquare", config, call: (w) => mul(config.rate, mean(square(w))) });
 * const net = sequential([dense(1, { kernelRegularizer: meanSquare({ rate: 0.1 }) })], { inputShape: [4] });
 * loadModel(net.save(), { regularizers: { meanSquare } }).layers // ["dense"]
 * @example dense(8, { kernelRegularizer: regularizer((w) => mul(0.01, sum(abs(w)))) })
 * @throws ArgumentError for parts that are not there, or of the wrong kind, and options that JSON cannot hold; ShapeError,
 * where a variable is made for it, for a function that gives more than one number
 */
export function regularizer(parts: RuleParts): Regularizer;
export function regularizer(call: (x: Tensor) => TensorLike): Regularizer;
export function regularizer(given: RuleParts | RuleParts["call"]): Regularizer {
  return ownRule(KIND, given);
}
