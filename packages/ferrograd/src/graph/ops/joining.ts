import { ACTIVATIONS } from "../../engine/ops.generated.ts";
import type { Rule } from "../op.ts";
import { apply } from "../op.ts";
import type { AnyTensor, Node } from "../tensor.ts";
import { activationOp, binaryOps } from "./elementwise.ts";
import type { ActivationAttrs } from "./step.ts";

/** Attributes of an op that has no activation. */
export const PLAIN = { activation: "linear", p0: 0, p1: 0 } as const;

/** What makes a tensor, if it can take in what follows and nothing else reads what would be between. */
function open(x: AnyTensor, uses: (tensor: AnyTensor) => number): Node<ActivationAttrs> | null {
  if (x.source.kind !== "node" || uses(x) > 1) return null;
  const { node } = x.source as { node: Node<ActivationAttrs> };
  return node.op.joins?.(x) && node.attrs.activation === PLAIN.activation ? node : null;
}

/** Bias and activation join the product that they follow, where nothing else reads what was between. */
export const joiningRules: readonly Rule[] = [
  {
    op: binaryOps.add,
    apply({ inputs }, uses) {
      for (const [i, x] of inputs.entries()) {
        const node = open(x, uses);
        const bias = inputs[1 - i]!;
        if (node?.inputs.length !== 2) continue;
        if (bias.rank !== 1 || bias.shape[0] !== x.shape[x.rank - 1]) continue;
        return apply(node.op, [...node.inputs, bias], node.attrs);
      }
      return null;
    },
  },
  {
    op: activationOp,
    apply({ inputs, attrs }, uses) {
      const activation = attrs as ActivationAttrs;
      if (ACTIVATIONS[activation.activation].derivativeFrom === "x") return null;
      const node = open(inputs[0]!, uses);
      return node && apply(node.op, node.inputs, { ...node.attrs, ...activation });
    },
  },
];
