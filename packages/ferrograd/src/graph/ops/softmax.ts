import { write } from "../../engine/ops.generated.ts";
import { type TensorLike, toTensor } from "../leaf.ts";
import { apply, applyAll, type OpDef, type Spec } from "../op.ts";
import { type AnyTensor, sizeOf, type Tensor } from "../tensor.ts";
import { requireFloat, requireRank } from "./require.ts";

/** Rows and row length along the last axis. */
function rowsOf({ shape }: Spec): { rows: number; n: number } {
  const n = shape[shape.length - 1]!;
  return { rows: sizeOf(shape.slice(0, -1)), n };
}

const same = ([x]: readonly AnyTensor[]): readonly Spec[] => [
  { shape: x!.shape, dtype: "float32" },
];

/** @internal */
export const softmaxOp: OpDef<null> = {
  name: "softmax",
  infer: same,
  gradient: ({ outputs, dy }) => [apply(softmaxBackwardOp, [outputs[0]!, dy], null)],
  emit: ({ w, inputs, outputs, inputSpecs }) =>
    write.softmax(w, { ...rowsOf(inputSpecs[0]!), x: inputs[0]!, y: outputs[0]! }),
};

export const softmaxBackwardOp: OpDef<null> = {
  name: "softmaxBackward",
  infer: same,
  emit: ({ w, inputs, outputs, inputSpecs }) =>
    write.softmaxBackward(w, {
      ...rowsOf(inputSpecs[0]!),
      y: inputs[0]!,
      dy: inputs[1]!,
      dx: outputs[0]!,
    }),
};

/** The two kinds of targets: class numbers, or rows of probabilities. */
export type Targets = "labels" | "rows";

const emitters = { labels: write.crossEntropyLabels, rows: write.crossEntropyRows };
const backwardEmitters = {
  labels: write.crossEntropyLabelsBackward,
  rows: write.crossEntropyRowsBackward,
};

/** Loss of each row and, for the gradient, the softmax. Targets get no gradient. */
export const crossEntropyOp: OpDef<{ targets: Targets }> = {
  name: "crossEntropy",
  infer: ([logits]) => [
    { shape: logits!.shape.slice(0, -1), dtype: "float32" },
    { shape: logits!.shape, dtype: "float32" },
  ],
  gradient: ({ inputs, outputs, attrs, dy }) => [
    apply(crossEntropyBackwardOp, [outputs[1]!, inputs[1]!, dy], attrs),
    null,
  ],
  emit: ({ w, attrs, inputs, outputs, inputSpecs }) => {
    const [logits, targets] = inputs as [(typeof inputs)[0], (typeof inputs)[0]];
    const [loss, probs] = outputs as [(typeof inputs)[0], (typeof inputs)[0]];
    const op = { ...rowsOf(inputSpecs[0]!), logits, labels: targets, targets, loss, probs };
    emitters[attrs.targets](w, op);
  },
};

export const crossEntropyBackwardOp: OpDef<{ targets: Targets }> = {
  name: "crossEntropyBackward",
  infer: same,
  emit: ({ w, attrs, inputs, outputs, inputSpecs }) => {
    const [probs, targets, dloss] = inputs as [
      (typeof inputs)[0],
      (typeof inputs)[0],
      (typeof inputs)[0],
    ];
    const op = { ...rowsOf(inputSpecs[0]!), probs, labels: targets, targets, dloss };
    backwardEmitters[attrs.targets](w, { ...op, dlogits: outputs[0]! });
  },
};

/**
 * e^xᵢ / Σe^xⱼ along the last axis, computed from x − max x, so that it never overflows.
 *
 * @example softmax([[0, 0]]).array() // [[0.5, 0.5]]
 */
export function softmax(x: TensorLike): Tensor {
  const input = requireRank("softmax", requireFloat("softmax", toTensor("softmax()", x)), 1);
  return apply(softmaxOp, [input], null);
}

/** −log softmax(logits)[label] of each row, (…, classes) and int32 (…) → (…). @internal */
export function crossEntropyLabels(
  logits: Tensor,
  labels: Tensor<readonly number[], "int32">,
): Tensor {
  return applyAll(crossEntropyOp, [logits, labels as AnyTensor], {
    targets: "labels",
  })[0] as Tensor;
}

/** −Σ t·log softmax(logits) of each row. @internal */
export function crossEntropyRows(logits: Tensor, targets: Tensor): Tensor {
  return applyAll(crossEntropyOp, [logits, targets], { targets: "rows" })[0] as Tensor;
}
