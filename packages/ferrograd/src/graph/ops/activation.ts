import {
  ACTIVATIONS,
  type ActivationName,
  type ActivationOptions,
} from "../../engine/ops.generated.ts";
import { ArgumentError } from "../../errors.ts";
import { checkOptions, oneOf, show } from "../../options/index.ts";
import { type TensorLike, toTensor } from "../leaf.ts";
import { apply } from "../op.ts";
import type { Tensor } from "../tensor.ts";
import { activationOp } from "./elementwise.ts";
import { known } from "./known.ts";
import type { ActivationAttrs } from "./step.ts";

/** Other names of rows, for those who know them by these. */
const ALIASES = { swish: "silu", hardSwish: "hardSilu" } as const;
type Aliases = typeof ALIASES;

/** What an activation may be called: the name of a row, or another name of one. */
export type ActivationSpelling = ActivationName | keyof Aliases;

/** A function as an activation. */
export type ActivationFunction = (x: Tensor) => Tensor;

/** What a layer takes as its activation by name: beside rows, what goes along the last axis. */
export type ActivationOption = ActivationSpelling | "softmax" | "logSoftmax";

/** The options of an activation, whichever way it is called. */
export type OptionsOf<N extends ActivationOption> = N extends keyof Aliases
  ? ActivationOptions[Aliases[N] & ActivationName]
  : N extends ActivationName
    ? ActivationOptions[N]
    : unknown;

/** @internal */
export const SPELLINGS = [
  ...Object.keys(ACTIVATIONS),
  ...Object.keys(ALIASES),
] as ActivationSpelling[];

/** The row that goes by this name. @internal */
export function rowName(where: string, name: unknown): ActivationName {
  const spelling = oneOf(where, "activation", name, SPELLINGS);
  return (
    (ALIASES as Partial<Record<ActivationSpelling, ActivationName>>)[spelling] ??
    (spelling as ActivationName)
  );
}

/** Names of the numbers that an activation takes. @internal */
export const paramsOf = (where: string, name: unknown): string[] =>
  ACTIVATIONS[rowName(where, name)].params.map((param) => param.name);

/** The row's numbers from options by name, checked against their bounds. @internal */
export function activationAttrs(
  where: string,
  name: unknown,
  options: Readonly<Record<string, unknown>> = {},
): ActivationAttrs {
  const activation = rowName(where, name);
  const { params } = ACTIVATIONS[activation];
  checkOptions(where, options, () => params.map((param) => param.name));
  const [p0 = 0, p1 = 0] = params.map((param) => {
    const value = options[param.name] ?? param.default;
    if (typeof value !== "number" || !(value >= param.min && value <= param.max)) {
      const bounds = `a number from ${param.min} to ${param.max}`;
      throw new ArgumentError(`${where}: ${param.name}: expected ${bounds}, got ${show(value)}`);
    }
    return value + 0; // −0, which no file holds, as 0
  });
  return { activation, p0, p1 };
}

/** A row of the activation table, applied. @internal */
export function activate(x: TensorLike, attrs: ActivationAttrs): Tensor {
  const input = toTensor(`${attrs.activation}()`, x);
  return attrs.activation === "linear" ? (input as Tensor) : apply(activationOp, [input], attrs);
}

/** A row of the table as a function of a tensor. */
/* @__NO_SIDE_EFFECTS__ */
function row<N extends ActivationName>(name: N) {
  return known(
    name,
    (x: TensorLike, options?: ActivationOptions[N]): Tensor =>
      activate(x, activationAttrs(`${name}()`, name, options as Record<string, unknown>)),
  );
}

/** 1/(1 + e⁻ˣ): squashes to (0, 1), saturates on both sides, not zero-centered. */
export const sigmoid = row("sigmoid");
/** tanh x: squashes to (−1, 1), zero-centered, saturates on both sides. */
export const tanh = row("tanh");
/** max(0, x); slope 0 at 0. */
export const relu = row("relu");
/** x for x > 0, else `negativeSlope`·x (default 0.01). */
export const leakyRelu = row("leakyRelu");
/** min(max(0, x), 6). */
export const relu6 = row("relu6");
/** x for x > 0, else `alpha`·(eˣ − 1) (default 1). */
export const elu = row("elu");
/** 1.0507·x for x > 0, else 1.7581·(eˣ − 1): keeps mean 0 and variance 1 with lecunNormal. */
export const selu = row("selu");
/** x for x > 0, else `alpha`·(e^(x/alpha) − 1) (default 1). */
export const celu = row("celu");
/** x·Φ(x), Φ the normal distribution function, by erf (torch.nn.functional.gelu). */
export const gelu = row("gelu");
/** x·Φ(x) by tanh (torch.nn.functional.gelu with approximate="tanh"). */
export const geluTanh = row("geluTanh");
/** min(max(0, x + 3), 6)/6 (torch.nn.functional.hardsigmoid). */
export const hardSigmoid = row("hardSigmoid");
/** min(max(−1, x), 1). */
export const hardTanh = row("hardTanh");
/** x/(1 + e⁻ˣ), also called swish. */
export const silu = row("silu");
/** x·min(max(0, x + 3), 6)/6, also called hard swish. */
export const hardSilu = row("hardSilu");
/** x·tanh(log(1 + eˣ)). */
export const mish = row("mish");
/** log(1 + eˣ), a smooth relu. */
export const softplus = row("softplus");
/** x/(1 + |x|). */
export const softsign = row("softsign");
/** x moved towards 0 by `lambda` (default 0.5), 0 between −lambda and lambda. */
export const softShrink = row("softShrink");
/** x, but 0 between −`lambda` and lambda (default 0.5). */
export const hardShrink = row("hardShrink");
/** x − tanh x. */
export const tanhShrink = row("tanhShrink");
/** x for x > `threshold` (default 1), else `value` (default 0). */
export const threshold = row("threshold");
/** −log(1 + e⁻ˣ). */
export const logSigmoid = row("logSigmoid");
/** eˣ. */
export const exponential = row("exponential");
/** (x + √(x² + `b`))/2 (default 4), a smooth relu without exponential. */
export const squareplus = row("squareplus");
/** 0 up to −1, (x + 1)²/4 up to 1, then x. */
export const sparsePlus = row("sparsePlus");
/** min(max(0, (x + 1)/2), 1). */
export const sparseSigmoid = row("sparseSigmoid");
