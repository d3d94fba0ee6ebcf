import { ArgumentError } from "../../errors.ts";
import { hint, show } from "../../options/index.ts";

/** Is `part`, a name or several with "/" between them, in one of these paths? "bias" is in "encoder/dense/bias". */
export const isIn = (part: string, paths: readonly string[]): boolean =>
  paths.some((path) => `/${path}/`.includes(`/${part}/`));

/**
 * Refuses names of options that stand in no path.
 *
 * @param known paths of all variables, those that are frozen too
 */
export function checkPaths(
  where: string,
  parts: readonly string[],
  known: readonly string[],
): void {
  const unused = parts.find((part) => !isIn(part, known));
  if (unused === undefined) return;
  const names = new Set(known.flatMap((path) => path.split("/")));
  throw new ArgumentError(
    `${where}: unknown name ${show(unused)} in paths of variables; ${hint(unused, [...names, ...known])}`,
  );
}

/** A part of a path, as an option. */
export function pathPart(where: string, name: string, value: unknown): string {
  if (typeof value === "string" && value !== "") return value;
  throw new ArgumentError(
    `${where}: ${name}: expected a name in a variable's path, got ${show(value)}`,
  );
}
