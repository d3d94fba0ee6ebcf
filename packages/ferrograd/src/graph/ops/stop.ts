import { type TensorLike, toTensor } from "../leaf.ts";
import { moves } from "../meaning.ts";
import { apply, type OpDef } from "../op.ts";
import type { Tensor } from "../tensor.ts";

/** @internal */
export const stopGradientOp: OpDef<null> = {
  name: "stopGradient",
  view: true,
  infer: ([x]) => [{ shape: x!.shape, dtype: x!.dtype }],
  meaning: /* @__PURE__ */ moves((_node, axis) => axis),
  gradient: () => [0],
};

/**
 * The same values as a constant: the gradient of what they are computed from is 0 through them
 * (jax.lax.stop_gradient, torch's detach).
 *
 * @example
 * const x = tensor([2, 3]);
 * grad(sum(mul(x, stopGradient(x))), [x])[0].array() // [2, 3]
 */
export const stopGradient = (x: TensorLike): Tensor =>
  apply(stopGradientOp, [toTensor("stopGradient()", x)], null);
