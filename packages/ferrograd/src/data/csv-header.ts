import { spellsNumber } from "./table.ts";

/** What the columns of a file are called. */
export interface Header {
  readonly names: readonly string[];
  /** Columns that the file gives no name, by their place. */
  readonly unnamed: ReadonlySet<number>;
  /** Columns whose names stood before, and have a number behind them, by their place. */
  readonly again: ReadonlySet<number>;
  /** Is the first line a row of data? */
  readonly isData: boolean;
}

/** The first two lines of a file that have anything in them. */
interface FirstLines {
  readonly first: readonly string[];
  readonly second: readonly string[] | undefined;
}

/** Do numbers rise in equal steps, as years and places of columns do, and measurements do not? */
function isSeries(values: readonly string[]): boolean {
  const numbers = values.map(Number);
  const step = numbers[1]! - numbers[0]!;
  return (
    numbers.length > 1 &&
    step > 0 &&
    numbers.every((n, i) => Number.isInteger(n) && n === numbers[0]! + i * step)
  );
}

/**
 * Is the first line a row rather than names? Then it has numbers where the second line has them, and
 * they are no years or places of columns.
 */
function looksLikeData({ first, second }: FirstLines): boolean {
  const places = first.map((_, i) => i).filter((i) => spellsNumber(first[i]!));
  if (places.length === 0 || isSeries(places.map((i) => first[i]!))) return false;
  return second === undefined || places.every((i) => second[i] === "" || spellsNumber(second[i]!));
}

/** A name for a column that has none: column3. */
function nameOf(place: number, taken: ReadonlySet<string>): string {
  let name = `column${place + 1}`;
  while (taken.has(name)) name += "_";
  return name;
}

/** Names for all columns, of the first line or, where that is data, by their places. */
export function headerOf(lines: FirstLines, asked: boolean | undefined): Header {
  const { first, second } = lines;
  const isData = asked === undefined ? looksLikeData(lines) : !asked;
  // R writes a table with the rows' names under a header without a name for them.
  const short = !isData && second?.length === first.length + 1 && second.at(-1) !== "";
  const given = isData ? first.map(() => "") : short ? ["", ...first] : first;
  const taken = new Set(given);
  const unnamed = new Set(given.flatMap((name, i) => (name === "" && !isData ? [i] : [])));
  const named = given.map((name, i) => (name === "" ? nameOf(i, taken) : name));
  const again = new Set<number>();
  const times = new Map<string, number>();
  const names = named.map((name, i) => {
    const before = times.get(name) ?? 0;
    times.set(name, before + 1);
    if (before === 0) return name;
    again.add(i);
    return numbered(name, before, taken);
  });
  return { names, unnamed, again, isData };
}

/** A name that stood before, as pandas has it: name.1, name.2. */
function numbered(name: string, from: number, taken: Set<string>): string {
  let number = from;
  while (taken.has(`${name}.${number}`)) number++;
  taken.add(`${name}.${number}`);
  return `${name}.${number}`;
}

/** Names that a sentence lists. */
const MOST_LISTED = 3;

/** What is said of names that come again; undefined where none does. */
export function againNote({ names, again }: Header): string | undefined {
  const all = [...again].map((i) => `${names[i]} (column ${i + 1})`);
  if (all.length === 0) return undefined;
  const more = all.length > MOST_LISTED ? ` and ${all.length - MOST_LISTED} more` : "";
  const listed = all.slice(0, MOST_LISTED).join(", ");
  return `names that come again have a number behind them: ${listed}${more}`;
}

/** What is said of a file whose first line is data. */
export const headerNote = (names: readonly string[]): string =>
  `the first line looks like data, so the columns are called ${names[0]} to ${names.at(-1)}`;

/** What is said of lines that have the names again. */
export const repeatedNote = (count: number): string =>
  `${count} ${count === 1 ? "line" : "lines"} of the names again among the rows left out`;
