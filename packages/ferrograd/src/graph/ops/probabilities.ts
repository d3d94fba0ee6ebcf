import type { MeaningRule, Squash } from "../meaning.ts";
import { inPlaceOf } from "../scope.ts";
import type { AnyTensor, Node, Tensor } from "../tensor.ts";
import { copy } from "./shape.ts";

/** Ops that make probabilities of their first input: along the last axis, if of several at once. */
export const squashes =
  <A>(by: Squash): MeaningRule<A> =>
  (node) => {
    const logits = asOf(node, node.inputs[0]!);
    return { kind: "probabilities", from: { by, logits, axis: logits.rank - 1 } };
  };

/** What a node read: a variable may change later, a copy of it that is dated back is refused then. */
function asOf(node: Pick<Node, "scope" | "version">, x: AnyTensor): Tensor {
  const isVariable = x.source.kind === "state";
  return (isVariable ? inPlaceOf(node, () => copy(x)) : x) as Tensor;
}
