import {
  ACTIVATIONS,
  type ActivationName,
  type ActivationOptions,
} from "../../engine/ops.generated.ts";
import { ArgumentError } from "../../errors.ts";
import { checkOptions, oneOf, show } from "../../suggest.ts";
import { type TensorLike, toTensor } from "../leaf.ts";
import { apply } from "../op.ts";
import type { Tensor } from "../tensor.ts";
import { type ActivationAttrs, activationOp } from "./elementwise.ts";

const NAMES = Object.keys(ACTIVATIONS) as ActivationName[];

/** The row's numbers from options by name, checked against their bounds. @internal */
export function activationAttrs(
  where: string,
  name: unknown,
  options: Readonly<Record<string, unknown>> = {},
): ActivationAttrs {
  const activation = oneOf(where, "activation", name, NAMES);
  const { params } = ACTIVATIONS[activation];
  checkOptions(
    where,
    options,
    params.map((param) => param.name),
  );
  const [p0 = 0, p1 = 0] = params.map((param) => {
    const value = options[param.name] ?? param.default;
    if (typeof value !== "number" || !(value >= param.min && value <= param.max)) {
      const bounds = `a number from ${param.min} to ${param.max}`;
      throw new ArgumentError(`${where}: ${param.name}: expected ${bounds}, got ${show(value)}`);
    }
    return value;
  });
  return { activation, p0, p1 };
}

/** A row of the activation table, applied. @internal */
export function activate(x: TensorLike, attrs: ActivationAttrs): Tensor {
  const input = toTensor(`${attrs.activation}()`, x);
  return attrs.activation === "linear" ? (input as Tensor) : apply(activationOp, [input], attrs);
}

/** A row of the table as a function of a tensor. */
function row<N extends ActivationName>(name: N) {
  return (x: TensorLike, options?: ActivationOptions[N]): Tensor =>
    activate(x, activationAttrs(`${name}()`, name, options as Record<string, unknown>));
}

/** 1/(1 + e⁻ˣ): squashes to (0, 1), saturates on both sides, not zero-centered. */
export const sigmoid = row("sigmoid");
/** tanh x: squashes to (−1, 1), zero-centered, saturates on both sides. */
export const tanh = row("tanh");
/** max(0, x); slope 0 at 0. */
export const relu = row("relu");
/** x for x > 0, else `negativeSlope`·x (default 0.01). */
export const leakyRelu = row("leakyRelu");
