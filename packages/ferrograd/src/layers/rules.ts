import { div } from "../graph/ops/elementwise.ts";
import { type Regularizer, ruleOf } from "../graph/rule.ts";
import type { Tensor } from "../graph/tensor.ts";
import type { LayerCall } from "./layer.ts";

/**
 * The options of a layer that are regularizers and constraints, by their names, checked: those that are given, as files
 * hold them.
 */
export function rulesOf<R extends Readonly<Record<string, unknown>>>(where: string, options: R): R {
  const given = Object.entries(options).filter(([, value]) => value !== undefined);
  for (const [name, value] of given) {
    ruleOf(where, name, name.endsWith("Constraint") ? "constraint" : "regularizer", value);
  }
  return Object.fromEntries(given) as R;
}

/** Adds to the loss what a regularizer says of outputs, by the rows of the batch as in Keras. */
export function penalize(
  outputs: Tensor,
  regularizer: Regularizer | undefined,
  { addLoss }: Pick<LayerCall, "addLoss">,
): Tensor {
  if (regularizer !== undefined) addLoss(div(regularizer(outputs), outputs.shape[0]!));
  return outputs;
}
