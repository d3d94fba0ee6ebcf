import Table from "cli-table3";
import { visible } from "./visible.ts";

/** A table without lines. */
export const BARE = Object.fromEntries(
  ["top", "bottom", "left", "right", "mid"]
    .flatMap((side) => ["", "-mid", "-left", "-right"].map((end) => `${side}${end}`))
    .map((name) => [name, ""]),
);

/** A cell: text, shown as a terminal may show it, and what colors it. */
export type Cell =
  | string
  | number
  | { readonly text: string | number; paint(text: string): string };

export interface TextTable {
  readonly head?: readonly string[];
  readonly rows: readonly (readonly Cell[])[];
  /** Of the columns; those without one are on the left. */
  readonly align?: readonly ("left" | "right")[];
}

function shown(cell: Cell): string {
  if (typeof cell === "number") return String(cell);
  return typeof cell === "string" ? visible(cell) : cell.paint(visible(String(cell.text)));
}

/** Rows below each other, columns two spaces apart. */
export function textTable({ head, rows, align = [] }: TextTable): string {
  const table = new Table({
    ...(head && { head: head.map(visible) }),
    chars: { ...BARE, middle: "  " },
    style: { head: [], border: [], "padding-left": 0, "padding-right": 0 },
    colAligns: [...align],
  });
  for (const row of rows) table.push(row.map(shown));
  return table.toString().replace(/ +$/gm, "");
}
