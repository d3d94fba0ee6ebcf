import { ArgumentError } from "../../errors.ts";
import { show } from "../../options/index.ts";
import type { AnyVariable } from "../optimizer.ts";

/** Is `part`, a name or several with "/" between them, in a variable's path? "bias" is in "encoder/dense/bias". */
export const isIn = (part: string, { name }: AnyVariable): boolean =>
  `/${name}/`.includes(`/${part}/`);

/** A part of a path, as an option. */
export function pathPart(where: string, name: string, value: unknown): string {
  if (typeof value === "string" && value !== "") return value;
  throw new ArgumentError(
    `${where}: ${name}: expected a name in a variable's path, got ${show(value)}`,
  );
}
