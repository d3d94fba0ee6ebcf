import type { ColumnReport } from "ferrograd/csv";
import type { Screen } from "./screen.ts";
import { textTable } from "./text-table.ts";

/** Lines that are read; of more columns only some are shown, those first of which there is something to say. */
const MOST_LINES = 40;
const LONGEST = 40;

const short = (text: string): string =>
  text.length > LONGEST ? `${text.slice(0, LONGEST - 1)}…` : text;

/** Is there something to say of a column? */
const isSpecial = ({ use, why, problem }: ColumnReport): boolean =>
  use !== "feature" || why !== undefined || problem !== undefined;

/** The columns that are shown, in their order, and how many are not. */
function shownOf(columns: readonly ColumnReport[]) {
  if (columns.length <= MOST_LINES) return { shown: columns, more: 0 };
  const special = new Set(columns.filter(isSpecial).slice(0, MOST_LINES));
  const plain = columns.filter((column) => !special.has(column));
  const kept = new Set([...special, ...plain.slice(0, MOST_LINES - special.size)]);
  return { shown: columns.filter((column) => kept.has(column)), more: columns.length - kept.size };
}

/** Where a column is not what it seems. */
const reasonOf = ({ why, problem }: ColumnReport): string =>
  problem ? `expected ${problem.expected}, got ${problem.got}` : (why ?? "");

/** The table of columns, one to a line: what it was taken as, and why. */
export function printColumns(
  { print, colors }: Screen,
  columns: readonly ColumnReport[],
  more: { readonly details?: boolean } = {},
): void {
  const { shown, more: hidden } = shownOf(columns);
  const rows = shown.map((column) => {
    const { name, use, says, missing, example, range, frequent } = column;
    const paint = use === "left out" ? colors.dim : use === "target" ? colors.bold : String;
    const taken = use === "target" ? `the target, ${says}` : says;
    const details = [
      range ? range.map(short).join(" to ") : "",
      range ? "" : frequent.map(([text, count]) => `${short(text)} ${count}`).join(", "),
    ].join("");
    return [
      { text: name, paint },
      { text: taken, paint },
      missing === 0 ? "" : missing,
      ...(more.details ? [details] : [short(example)]),
      { text: reasonOf(column), paint: colors.yellow },
    ];
  });
  const values = more.details ? "values" : "example";
  print(
    textTable({
      head: ["column", "taken as", "missing", values, ""],
      rows,
      align: ["left", "left", "right", "left", "left"],
    }),
  );
  if (hidden > 0) print(`and ${hidden} more columns`);
}
