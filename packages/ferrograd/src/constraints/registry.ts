import type { Constraint } from "../graph/rule.ts";
import { maxNorm, minMaxNorm, nonNeg, unitNorm } from "./index.ts";

type Config = Readonly<Record<string, unknown>>;

/** Every constraint by its name, from its saved options, which it checks; only `loadModel` imports this. */
export const constraintRegistry: ReadonlyMap<string, (options: Config) => Constraint> = new Map<
  string,
  (options: Config) => Constraint
>([
  ["maxNorm", ({ maxValue, ...rest }) => maxNorm(maxValue as number, rest)],
  ["unitNorm", unitNorm],
  ["nonNeg", nonNeg],
  ["minMaxNorm", minMaxNorm],
]);
