import { type TensorLike, toTensor } from "../graph/leaf.ts";
import type { AnyTensor, Tensor } from "../graph/tensor.ts";
import { callable } from "../options/index.ts";
import { isFloat } from "../values/dtype.ts";
import { gradients } from "./differentiate.ts";

/** A value and the gradient of it by each float32 argument. */
export interface ValueAndGrads {
  readonly value: Tensor;
  readonly grads: readonly Tensor[];
}

/**
 * A function that gives a scalar, as one that gives it with its gradients by its float32 arguments, in order
 * (jax.value_and_grad, tfjs.valueAndGrads). `jit` makes one program of it.
 *
 * @example
 * const loss = valueAndGrad((w: Tensor, x: Tensor) => sum(square(sub(mul(w, x), 1))));
 * const { value, grads } = loss([2], [3]); // value 25, grads [[30], [20]]
 * @throws as `grad`
 */
export function valueAndGrad<A extends readonly AnyTensor[]>(
  fn: (...args: A) => Tensor,
): (...args: { readonly [I in keyof A]: TensorLike }) => ValueAndGrads {
  const where = "valueAndGrad()";
  callable(where, "fn", fn);
  return (...args) => {
    const tensors = args.map((arg) => toTensor(where, arg));
    const value = fn(...(tensors as readonly AnyTensor[] as A));
    return { value, grads: gradients(value, tensors.filter(isFloat), where) };
  };
}
