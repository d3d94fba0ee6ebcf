import { readNumber } from "./columns/numbers.ts";
import { isMark } from "./columns/words.ts";
import { CsvRows } from "./csv-rows.ts";

/** More than one blank between values. */
const WIDE = /\S[ \t]{2,}\S/;

/**
 * Do blanks separate the values of some lines, as in many files of UCI and in R's: as many in each line, where the first may have one
 * less, as the rows' names have none? Numbers in one of the columns show it, of two in both or wide gaps; where tabs may separate them too, wide
 * gaps in each line.
 */
export function areBlankSeparated(text: string, quote: string): boolean {
  const lines: (readonly string[])[] = [];
  let flaw: "unclosed" | "stray" | undefined;
  const fault = (kind: "unclosed" | "stray") => {
    flaw ??= kind;
  };
  const row = (values: readonly string[]) => {
    if (values.length > 1 || values[0] !== "") lines.push(values);
  };
  const rows = new CsvRows(
    { delimiter: " ", quote },
    { row, fault: fault as (kind: string) => never },
  );
  rows.push(text);
  rows.end();
  if (flaw === "unclosed") lines.pop(); // the last line goes on behind the text
  const [first, second, ...rest] = lines;
  if (flaw === "stray" || first === undefined || second === undefined) return false;
  const width = second.length;
  if (width < 2 || ![width, width - 1].includes(first.length)) return false;
  if (rest.some(({ length }) => length !== width)) return false;
  const isNumber = (place: number) => {
    const texts = [second, ...rest].map((values) => values[place]!);
    const present = texts.filter((text) => text !== "" && !isMark(text));
    return present.length > 0 && present.every((text) => readNumber(text) !== undefined);
  };
  const numbers = second.filter((_, place) => isNumber(place)).length;
  if (numbers === 0) return false;
  const [, ...below] = text.split(/[\r\n]+/).filter((line) => line.trim() !== "");
  const outside = quote === "" ? [text] : text.split(quote).filter((_, i) => i % 2 === 0);
  const isNarrow = !outside.some((part) => part.includes("\t")) && (width > 2 || numbers === 2);
  return isNarrow || below.every((line) => WIDE.test(line));
}
