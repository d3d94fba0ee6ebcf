import type { Screen } from "./screen.ts";
import { counted, visible } from "./visible.ts";

/** What is known of how the rows of a file were read. */
export interface ReadRows {
  readonly notes: readonly string[];
  readonly withoutTarget: number;
}

/** What reading found out, and how many rows it left out, a line each. */
export function printNotes({ print }: Screen, { notes, withoutTarget: count }: ReadRows): void {
  for (const note of notes) print(visible(note));
  if (count > 0)
    print(`${counted(count, "row")} ${count === 1 ? "has" : "have"} no target: left out`);
}
