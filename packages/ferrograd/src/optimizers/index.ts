import { ArgumentError } from "../errors.ts";
import { oneOf, show } from "../suggest.ts";
import { adam } from "./adam.ts";
import { Optimizer } from "./optimizer.ts";
import { momentum, sgd } from "./sgd.ts";

/** Every optimizer by its name; each takes its options as saved. */
const rows = { sgd, momentum, adam } as const;

/** Names that `compile` takes for its optimizer, with default options. */
export type OptimizerName = keyof typeof rows;

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
  const name = oneOf(where, "optimizer", value, Object.keys(rows) as OptimizerName[]);
  return rows[name](options);
}
