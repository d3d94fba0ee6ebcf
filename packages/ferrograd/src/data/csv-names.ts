import { readNumber } from "./columns/numbers.ts";
import { isMark } from "./columns/words.ts";
import type { Line } from "./csv-title.ts";
import type { TableProblem } from "./problems.ts";

const isNumber = (text: string) => readNumber(text) !== undefined;
const isWord = (text: string) => /^\p{L}/u.test(text) && !isMark(text) && !isNumber(text);

/** What is wrong where the first row has words in all columns, two and more, that are numbers below it: more names. */
export function namesAgain(
  [first, ...below]: readonly Line[],
  missing: ReadonlySet<string>,
): TableProblem | undefined {
  if (first === undefined || below.length < 2) return undefined;
  const { values, row } = first;
  const isNumeric = (place: number) => {
    const texts = below.map((line) => line.values[place] ?? "").filter((text) => text !== "");
    return texts.length > 1 && texts.every((text) => isMark(text) || isNumber(text));
  };
  const words = values.filter((_, place) => isNumeric(place));
  if (words.length < 2 || !words.every((text) => isWord(text) && !missing.has(text)))
    return undefined;
  return {
    row,
    expected: "numbers as below",
    got: `more names, such as ${JSON.stringify(words[0])}`,
    remedies: [{ option: "skipLines", value: row - 1, does: `takes row ${row} as the names` }],
  };
}
