import type { ActivationName } from "../engine/ops.generated.ts";
import { ArgumentError } from "../errors.ts";
import {
  type ActivationFunction,
  type ActivationOption,
  activate,
  activationAttrs,
  paramsOf,
  SPELLINGS,
} from "../graph/ops/activation.ts";
import { knownName } from "../graph/ops/known.ts";
import { logSoftmax, softmax } from "../graph/ops/softmax.ts";
import { isTensor, type Tensor } from "../graph/tensor.ts";
import { oneOf, show } from "../options/index.ts";
import { isFloat } from "../values/dtype.ts";
import { isLayer } from "./layer.ts";

/** An activation as a layer takes it. */
export interface Activated {
  /** What makes it again: a name, or a function, which no file holds. */
  readonly option: ActivationOption | ActivationFunction;
  /** The row of the table; undefined for what is none. */
  readonly row: ActivationName | undefined;
  call(x: Tensor): Tensor;
}

/** Activations along the last axis, which are no rows. */
const SOFT = { softmax, logSoftmax } as const;
type Soft = keyof typeof SOFT;
const isSoft = (name: unknown): name is Soft => name === "softmax" || name === "logSoftmax";

/** Names of the numbers that an activation takes. */
export function numbersOf(where: string, value: unknown): string[] {
  const name = knownName(value) ?? value;
  return typeof name === "function" || isSoft(named(where, name)) ? [] : paramsOf(where, name);
}

/** An activation of a name, of one of our functions, or of a function of a tensor. */
export function activatedBy(
  where: string,
  value: unknown,
  params: Readonly<Record<string, unknown>>,
): Activated {
  const name = knownName(value) ?? value;
  if (typeof name === "function") return ofFunction(where, name as (x: Tensor) => Tensor);
  const spelling = named(where, name);
  if (isSoft(spelling)) {
    return { option: spelling, row: undefined, call: (x) => SOFT[spelling](x) };
  }
  const attrs = activationAttrs(where, spelling, params);
  const { activation } = attrs;
  return { option: activation, row: activation, call: (x) => activate(x, attrs) };
}

const named = (where: string, name: unknown) =>
  oneOf(where, "activation", name, [...SPELLINGS, "softmax", "logSoftmax"]);

function ofFunction(where: string, f: (x: Tensor) => Tensor): Activated {
  if (isLayer(f)) {
    throw new ArgumentError(
      `${where}: activation: expected a name or a function of a tensor, got a layer; put it behind this one`,
    );
  }
  const call = (x: Tensor): Tensor => {
    const y: unknown = f(x);
    if (isTensor(y) && isFloat(y)) return y as Tensor;
    throw new ArgumentError(
      `${where}: activation: expected a function that returns a float32 tensor, got ${isTensor(y) ? y.dtype : show(y)}`,
    );
  };
  return { option: f, row: undefined, call };
}
