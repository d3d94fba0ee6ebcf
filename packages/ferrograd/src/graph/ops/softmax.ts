import * as write from "../../engine/writers.generated.ts";
import { sizeOf } from "../../values/shape.ts";
import { type TensorLike, toTensor } from "../leaf.ts";
import { ends } from "../meaning.ts";
import { apply, applyAll, floats, type OpDef, type Spec } from "../op.ts";
import type { AnyTensor, Tensor } from "../tensor.ts";
import { add, exp, mul, sub } from "./elementwise.ts";
import { oneHot } from "./indexing.ts";
import { known } from "./known.ts";
import { squashes } from "./probabilities.ts";
import { sum } from "./reduce.ts";
import {
  type AxisOptions,
  axisOf,
  checkAxisOptions,
  requireFloat,
  requireRank,
} from "./require.ts";
import { reshape, transpose } from "./shape.ts";

/** Rows and row length along the last axis. */
function rowsOf({ shape }: Spec): { rows: number; n: number } {
  const n = shape[shape.length - 1]!;
  return { rows: sizeOf(shape.slice(0, -1)), n };
}

/** Σ x along the last axis, which stays. */
const overRows = (x: Tensor): Tensor => sum(x, { axis: -1, keepDims: true });

const same = ([x]: readonly AnyTensor[]): readonly Spec[] => [floats(x!.shape)];

/** @internal */
export const softmaxOp: OpDef<null> = {
  name: "softmax",
  infer: same,
  meaning: squashes("softmax"),
  gradient: ({ outputs, dy }) => [apply(softmaxBackwardOp, [outputs[0]!, dy], null)],
  emit: ({ w, inputs, outputs, inputSpecs }) =>
    write.softmax(w, { ...rowsOf(inputSpecs[0]!), x: inputs[0]!, y: outputs[0]! }),
};

/** log softmax: dx = dy − softmax·Σdy. */
export const logSoftmaxOp: OpDef<null> = {
  name: "logSoftmax",
  infer: same,
  meaning: ends,
  gradient: ({ outputs, dy }) => [sub(dy, mul(exp(outputs[0] as Tensor), overRows(dy)))],
  emit: ({ w, inputs, outputs, inputSpecs }) =>
    write.logSoftmax(w, { ...rowsOf(inputSpecs[0]!), x: inputs[0]!, y: outputs[0]! }),
};

/** y·(dy − Σ dy·y) along the last axis. */
export const softmaxBackwardOp: OpDef<null> = {
  name: "softmaxBackward",
  infer: same,
  meaning: ends,
  gradient: ({ inputs, dy: g }) => {
    const [y, dy] = inputs as [Tensor, Tensor];
    const centered = sub(dy, overRows(mul(dy, y)));
    return [
      sub(mul(g, centered), mul(dy, overRows(mul(g, y)))),
      apply(softmaxBackwardOp, [y, g], null),
    ];
  },
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
  bound: ([logits]) => logits!.shape.at(-1)!,
  instead: "targets get none; −Σ t·logSoftmax(x) has one for t",
  infer: ([logits]) => [floats(logits!.shape.slice(0, -1)), floats(logits!.shape)],
  meaning: ends,
  gradient: ({ inputs, outputs, attrs, dOutputs: [dloss, dprobs] }) => {
    const [probs, targets] = [outputs[1]!, inputs[1]!];
    const flows = [
      dloss && apply(crossEntropyBackwardOp, [probs, targets, dloss], attrs),
      dprobs && apply(softmaxBackwardOp, [probs, dprobs], null),
    ].filter((flow) => flow != null);
    return [flows.reduce((total, flow) => add(total, flow)), null];
  },
  emit: ({ w, attrs, inputs, outputs, inputSpecs }) => {
    const [logits, targets] = inputs as [(typeof inputs)[0], (typeof inputs)[0]];
    const [loss, probs] = outputs as [(typeof inputs)[0], (typeof inputs)[0]];
    const op = { ...rowsOf(inputSpecs[0]!), logits, labels: targets, targets, loss, probs };
    emitters[attrs.targets](w, op);
  },
};

/** (probs·Σt − t)·dloss, t the targets as rows of weights. */
export const crossEntropyBackwardOp: OpDef<{ targets: Targets }> = {
  name: "crossEntropyBackward",
  infer: same,
  meaning: ends,
  gradient: ({ inputs, attrs, dy: g }) => {
    const [probs, targets, dloss] = inputs as [Tensor, Tensor, Tensor];
    const t = attrs.targets === "rows" ? targets : oneHot(targets, probs.shape[probs.rank - 1]!);
    const total = overRows(t);
    const slopes = overRows(mul(g, sub(mul(probs, total), t)));
    return [mul(mul(g, reshape(dloss, total.shape)), total), null, reshape(slopes, dloss.shape)];
  },
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

/** An op on rows, along any axis. */
function along(op: OpDef<null>, x: TensorLike, options: AxisOptions): Tensor {
  const input = requireRank(op.name, requireFloat(op.name, toTensor(`${op.name}()`, x)), 1);
  checkAxisOptions(op.name, options, ["axis"]);
  const last = input.rank - 1;
  const { axis: asked = last } = options;
  const axis = axisOf(op.name, asked, input.rank);
  if (input.size === 0) return input as Tensor;
  if (axis === last) return apply(op, [input], null);
  const swapped = input.shape.map((_, i) => (i === axis ? last : i === last ? axis : i));
  return transpose(apply(op, [transpose(input as Tensor, swapped)], null) as Tensor, swapped);
}

/**
 * e^xᵢ / Σe^xⱼ along an axis (default the last), computed from x − max x, so that it never
 * overflows.
 *
 * @example softmax([[0, 0]]).array() // [[0.5, 0.5]]
 */
export const softmax = /* @__PURE__ */ known(
  "softmax",
  (x: TensorLike, options: AxisOptions = {}): Tensor => along(softmaxOp, x, options),
);

/**
 * log softmax along an axis (default the last): xᵢ − max x − log Σe^(xⱼ − max x), finite where the
 * softmax itself would round to 0 (torch.nn.functional.log_softmax).
 *
 * @example logSoftmax([[0, 200]]).array() // [[-200, 0]]
 */
export const logSoftmax = /* @__PURE__ */ known(
  "logSoftmax",
  (x: TensorLike, options: AxisOptions = {}): Tensor => along(logSoftmaxOp, x, options),
);

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
