import { isUnit, readNumber } from "./columns/numbers.ts";
import { isMark } from "./columns/words.ts";
import type { Header } from "./csv-header.ts";
import { type Line, numbersAt } from "./csv-title.ts";

const IN_BRACKETS = /^[[(].*[\])]$/;

/** Has the line below the names units, of columns that are numbers below it: kg, [°C]? */
function areUnits({ values }: Line, below: readonly Line[]): boolean {
  if (below.length === 0) return false;
  const isNumeric = (place: number) => numbersAt(place, below) !== undefined;
  const places = values.map((_, i) => i).filter((i) => values[i] !== "" && !isMark(values[i]!));
  const isFitting = (i: number) =>
    IN_BRACKETS.test(values[i]!) || (isUnit(values[i]!) && isNumeric(i));
  return (
    places.some(isNumeric) &&
    places.every((i) => readNumber(values[i]!) === undefined && isFitting(i))
  );
}

/** Has the first row units, rather than more names below some that come again or are none? */
export const hasUnits = ({ again, unnamed }: Header, [first, ...below]: readonly Line[]): boolean =>
  first !== undefined &&
  ![...again, ...unnamed].some((place) => (first.values[place] ?? "") !== "") &&
  areUnits(first, below);

/** What is said of it. */
export const unitNote = (row: number): string => `row ${row} has units, and is left out`;
