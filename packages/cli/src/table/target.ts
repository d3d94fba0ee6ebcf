import { ArgumentError } from "ferrograd";
import type { TableProfile } from "ferrograd/csv";
import { visible } from "../terminal/visible.ts";
import type { ColumnFlags, ReadingOptions } from "./options.ts";
import { shellWord } from "./problems.ts";

export type ReadFlags = ColumnFlags & ReadingOptions;

/** What to say next, of a file without a target. */
export function likelyTargetOf(profile: TableProfile, path: string): string {
  const likely = profile.likelyTarget;
  if (likely === undefined) return "no column is left that could be predicted";
  const command = `ferrograd train --csv ${shellWord(path)} --target ${shellWord(likely)}`;
  return visible(`the column to predict is most likely ${likely}: ${command}`);
}

/** The error of a training without a target. */
export function noTarget(profile: TableProfile): ArgumentError {
  const { likelyTarget, columns } = profile;
  const names = columns.map(({ name }) => name).join(", ");
  const likely =
    likelyTarget === undefined ? "" : `; most likely --target ${shellWord(likelyTarget)}`;
  return new ArgumentError(
    `ferrograd: --target: expected the column to predict, one of ${names}, got none${likely}`,
  );
}
