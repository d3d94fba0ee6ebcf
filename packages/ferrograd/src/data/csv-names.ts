import { readNumber } from "./columns/numbers.ts";
import { isMark } from "./columns/words.ts";
import { type Line, numbersAt } from "./csv-title.ts";
import type { TableProblem } from "./problems.ts";

const isWord = (text: string) =>
  /^\p{L}/u.test(text) && !isMark(text) && readNumber(text) === undefined;

/** What is wrong where the first row has words in all columns, two and more, that are numbers below it: more names. */
export function namesAgain(
  [first, ...below]: readonly Line[],
  missing: ReadonlySet<string>,
): TableProblem | undefined {
  if (first === undefined || below.length < 2) return undefined;
  const { values, row } = first;
  const words = values.filter((_, place) => (numbersAt(place, below)?.length ?? 0) > 1);
  if (words.length < 2 || !words.every((text) => isWord(text) && !missing.has(text)))
    return undefined;
  return {
    row,
    expected: "numbers as below",
    got: `more names, such as ${JSON.stringify(words[0])}`,
    remedies: [{ option: "skipLines", value: row - 1, does: `takes row ${row} as the names` }],
  };
}
