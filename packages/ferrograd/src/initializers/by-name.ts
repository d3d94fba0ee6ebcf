import { callable, oneOf } from "../options/index.ts";
import {
  glorotNormal,
  glorotUniform,
  heNormal,
  heUniform,
  type Initializer,
  lecunNormal,
  lecunUniform,
  normal,
  ones,
  truncatedNormal,
  uniform,
  zeros,
} from "./initializers.ts";

/** The initializers that need no number. */
const byName = {
  zeros,
  ones,
  uniform: uniform(),
  normal: normal(),
  truncatedNormal: truncatedNormal(),
  heNormal,
  heUniform,
  glorotNormal,
  glorotUniform,
  lecunNormal,
  lecunUniform,
} as const;

/** The name of an initializer that needs no number. */
export type InitializerName = keyof typeof byName;

/** An initializer from its name; a function is taken as it is. @internal */
export function initializerOf(where: string, option: string, value: unknown): Initializer {
  if (typeof value === "function") return callable(where, option, value) as Initializer;
  return byName[
    oneOf(
      where,
      option,
      value,
      Object.keys(byName) as InitializerName[],
      "initializers.orthogonal()",
    )
  ];
}

/** Those initializers among options that have a name: the only ones that files hold. @internal */
export const namedInitializers = (
  initializers: Readonly<Record<string, unknown>>,
): Record<string, unknown> =>
  Object.fromEntries(Object.entries(initializers).filter(([, v]) => typeof v === "string"));
