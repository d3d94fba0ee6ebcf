import type { Regularizer } from "../graph/rule.ts";
import { l1, l1l2, l2 } from "./index.ts";

type Config = Readonly<Record<string, unknown>>;

/** Every regularizer by its name, from its saved options, which it checks; only `loadModel` imports this. */
export const regularizerRegistry: ReadonlyMap<string, (options: Config) => Regularizer> = new Map<
  string,
  (options: Config) => Regularizer
>([
  ["l1", ({ l1: rate }) => l1(rate as number)],
  ["l2", ({ l2: rate }) => l2(rate as number)],
  ["l1l2", (options) => l1l2(options)],
]);
