import { ArgumentError } from "ferrograd";
import type { TableProfile } from "ferrograd/csv";
import { visible } from "../terminal/visible.ts";
import type { ColumnFlags, ReadingOptions } from "./options.ts";
import { shellWord } from "./problems.ts";

export type ReadFlags = ColumnFlags & ReadingOptions;

const either = (words: readonly string[]): string => words.join(" or ");

/** What to say next, of a file without a target. */
export function likelyTargetOf({ likelyTargets, columns }: TableProfile, path: string): string {
  const likely = likelyTargets.at(-1);
  if (likely === undefined) {
    const alone = columns.length > 1 ? "" : ": --delimiter says what separates values";
    return `no column is left that could be predicted${alone}`;
  }
  const command = `ferrograd train --csv ${shellWord(path)} --target ${shellWord(likely)}`;
  return visible(`the column to predict is most likely ${either(likelyTargets)}: ${command}`);
}

/** The error of a training without a target. */
export function noTarget({ likelyTargets, columns }: TableProfile): ArgumentError {
  const names = columns.map(({ name }) => name).join(", ");
  const likely = likelyTargets.map((name) => `--target ${shellWord(name)}`);
  const most = likely.length === 0 ? "" : `; most likely ${either(likely)}`;
  return new ArgumentError(
    `ferrograd: --target: expected the column to predict, one of ${names}, got none${most}`,
  );
}
