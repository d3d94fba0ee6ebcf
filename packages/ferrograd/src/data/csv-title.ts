import { readNumber } from "./columns/numbers.ts";
import { isMark } from "./columns/words.ts";
import { CsvRows } from "./csv-rows.ts";

/** A line of a file as its values, without spaces around them; empty lines have none. */
export interface Line {
  readonly values: readonly string[];
  readonly row: number;
}

/** Lines that are looked at before it is decided which of them has the names. */
export const LINES_LOOKED_AT = 20;
/** Rows below the names that must be as wide. */
const BELOW = 3;

const filledOf = (values: readonly string[]): number =>
  values.filter((value) => value !== "").length;
const widthOf = (values: readonly string[]): number =>
  values.findLastIndex((value) => value !== "") + 1;

/** May it be a line of a title over a table of some columns: filled from the left, at most half of it? */
function isTitle({ values }: Line, columns: number): boolean {
  const filled = filledOf(values);
  return filled === widthOf(values) && filled * 2 <= columns;
}

/** Names for all columns: texts, each once. */
function areNames(values: readonly string[]): boolean {
  const names = values.slice(0, widthOf(values));
  const isName = (text: string) => text !== "" && !isMark(text) && readNumber(text) === undefined;
  return names.length > 1 && names.every(isName) && new Set(names).size === names.length;
}

/** What some lines have in a column, but for empty ones, if nothing of it is a text. */
export function numbersAt(place: number, lines: readonly Line[]): readonly string[] | undefined {
  const texts = lines.map(({ values }) => values[place] ?? "").filter((text) => text !== "");
  return texts.every((text) => isMark(text) || readNumber(text) !== undefined) ? texts : undefined;
}

/** Has a column nothing but numbers below its name? */
const hasNumbers = (rows: readonly Line[], columns: number): boolean =>
  Array.from({ length: columns }, (_, place) => numbersAt(place, rows) ?? []).some((texts) =>
    texts.some((text) => !isMark(text)),
  );

/**
 * How many of a file's first lines stand above its header, as in exports of spreadsheets: lines that are filled from the left
 * to at most half, then names for all columns, then rows as wide. That they are names is shown by numbers below
 * one of them, or of more than two by an empty line above.
 */
export function linesAbove(lines: readonly Line[]): number {
  for (let at = 1; at < lines.length - 1; at++) {
    const { values, row } = lines[at]!;
    const columns = widthOf(values);
    const [above, below] = [lines.slice(0, at), lines.slice(at + 1)];
    if (!areNames(values) || !above.every((line) => isTitle(line, columns))) continue;
    const fits = (line: Line) => line.values.length >= columns && widthOf(line.values) <= columns;
    const isParted =
      row > above.at(-1)!.row + 1 || above.some((line) => filledOf(line.values) === 0);
    const rows = below.filter(fits);
    if (
      below.slice(0, BELOW).every(fits) &&
      ((isParted && columns > 2) || hasNumbers(rows, columns))
    )
      return at;
  }
  return 0;
}

/** Of some characters the one that separates values below a title. */
export function delimiterBelow(text: string, quote: string, among: readonly string[]) {
  return among.find((delimiter) => {
    const lines: Line[] = [];
    const row = (values: readonly string[], at: number) => {
      const trimmed = values.map((value) => value.trim());
      if (trimmed.length > 1 || trimmed[0] !== "") lines.push({ values: trimmed, row: at });
    };
    let isWhole = true;
    const fault = () => {
      isWhole = false;
    };
    const rows = new CsvRows({ delimiter, quote }, { row, fault: fault as () => never });
    rows.push(text);
    rows.end();
    return isWhole && linesAbove(lines.slice(0, LINES_LOOKED_AT)) > 0;
  });
}

/** What is said of lines that were left out. */
export const titleNote = (count: number): string =>
  count === 1 ? "1 line above the header left out" : `${count} lines above the header left out`;

const SUMS = /^(?:(?:grand |sub)?totals?|sum|summe|gesamt|insgesamt|average|mean)$/i;
/** Lines below a table that are looked at. */
const MOST_BELOW = 3;

/** What is said of last rows that look like no data: of a sum, or with a first value and no other. */
export function footerNote(
  columns: readonly { readonly values: readonly string[] }[],
  rows: readonly number[],
) {
  if (columns.length < 3) return undefined;
  const first = (at: number) => columns[0]!.values[at]!;
  const isAlone = (at: number) =>
    first(at) !== "" && columns.every(({ values }, i) => i === 0 || values[at] === "");
  let begin = rows.length;
  while (begin > 0 && (isAlone(begin - 1) || SUMS.test(first(begin - 1)))) begin--;
  const count = rows.length - begin;
  if (count === 0 || count > MOST_BELOW || begin === 0) return undefined;
  return `row ${rows[begin]} looks like a line below the table: ${JSON.stringify(first(begin))}`;
}
