import { CURVATURES } from "../../engine/ops.generated.ts";
import { evaluate, type Words } from "../formula.ts";
import { toTensor } from "../leaf.ts";
import { apply } from "../op.ts";
import type { Tensor } from "../tensor.ts";
import {
  abs,
  activationOp,
  add,
  div,
  exceeds,
  exp,
  magnitude,
  maximum,
  minimum,
  mul,
  neg,
  reaches,
  second,
  sqrt,
  sub,
} from "./elementwise.ts";
import type { ActivationAttrs } from "./step.ts";

const curvature = (xy: Tensor, { activation, p0, p1 }: ActivationAttrs): Tensor | number =>
  evaluate(CURVATURES[activation], { x: xy, p: p0, q: p1 }, words)[0]!;

/** What the words of a formula do; those for what a row is given at the end. @internal */
export const words: Words = {
  add,
  sub,
  mul,
  div,
  neg,
  abs,
  sqrt,
  pmin: minimum,
  pmax: maximum,
  lt: (a, b) => exceeds(b, a),
  le: (a, b) => reaches(b, a),
  bitselect: (yes, no, mask) => add(mul(mask, yes), mul(sub(1, mask), no)),
  exp,
  expm1: (x) => sub(exp(x), 1),
  exp_minus: (x) => exp(neg(magnitude(x))),
  tanh: (x) => apply(activationOp, [toTensor("tanh()", x)], { activation: "tanh", p0: 0, p1: 0 }),
};

/** Lets gradients of activations have gradients. */
export function provideCurvature(): void {
  second.curvature ??= curvature;
}
