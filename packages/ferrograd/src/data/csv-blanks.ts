import { readNumber } from "./columns/numbers.ts";
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
  let isWhole = true;
  const fault = () => {
    isWhole = false;
  };
  const row = (values: readonly string[]) => {
    if (values.length > 1 || values[0] !== "") lines.push(values);
  };
  const rows = new CsvRows({ delimiter: " ", quote }, { row, fault: fault as () => never });
  rows.push(text);
  rows.end();
  const [first, second, ...rest] = lines;
  if (!isWhole || first === undefined || second === undefined) return false;
  const width = second.length;
  if (width < 2 || ![width, width - 1].includes(first.length)) return false;
  if (rest.some(({ length }) => length !== width)) return false;
  const isNumber = (place: number) =>
    [second, ...rest].every((values) => readNumber(values[place]!) !== undefined);
  const numbers = second.filter((_, place) => isNumber(place)).length;
  if (numbers === 0) return false;
  const [, ...below] = text.split(/[\r\n]+/).filter((line) => line.trim() !== "");
  const isNarrow = !text.includes("\t") && (width > 2 || numbers === 2);
  return isNarrow || below.every((line) => WIDE.test(line));
}
