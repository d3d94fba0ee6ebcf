import { ArgumentError } from "../errors.ts";
import { oneOf, show } from "../options/index.ts";
import { adadelta } from "./adadelta.ts";
import { adagrad } from "./adagrad.ts";
import { adam, adamW } from "./adam.ts";
import { adamax } from "./adamax.ts";
import { lion } from "./lion.ts";
import { nadam } from "./nadam.ts";
import { Optimizer } from "./optimizer.ts";
import { radam } from "./radam.ts";
import { rmsprop } from "./rmsprop.ts";
import { momentum, sgd } from "./sgd.ts";

/** Every optimizer by its name; each takes its options as saved. @internal */
export const optimizers = {
  sgd,
  momentum,
  adam,
  adamW,
  adamax,
  nadam,
  radam,
  rmsprop,
  adagrad,
  adadelta,
  lion,
} as const;

/** Names that `compile` takes for its optimizer, with default options. */
export type OptimizerName = keyof typeof optimizers;
/** @internal */
export const optimizerNames = Object.keys(optimizers) as OptimizerName[];

/** An optimizer from its name or itself. @internal */
export function optimizerOf(
  where: string,
  value: unknown,
  options: Record<string, unknown> = {},
): Optimizer {
  if (value instanceof Optimizer) return value;
  if (typeof value !== "string") {
    throw new ArgumentError(
      `${where}: optimizer: expected a name or an optimizer such as adam(), got ${show(value)}`,
    );
  }
  const name = oneOf(where, "optimizer", value, optimizerNames, "lazyAdam()");
  return optimizers[name](options);
}
