import { ArgumentError, DataError } from "../errors.ts";
import { hint, show } from "../options/index.ts";

/** One column as text; "" where the value is missing. */
export interface Column {
  readonly name: string;
  readonly values: readonly string[];
  /** The file gives it no name; this one comes from its place. */
  readonly unnamed?: boolean;
}

/** What stands before the decimals of a number. */
export type Decimal = "." | ",";

/** Columns of equal length under their names, as `readCsv` gives them. */
export interface Table {
  /** Where it came from, for messages. */
  readonly file: string;
  readonly columns: readonly Column[];
  /** Number of each row in the file, where the header is row 1. */
  readonly rows: readonly number[];
  /** What separates its values in the file. */
  readonly delimiter?: string;
  /** What stands before the decimals of all its numbers, where `readCsv` was told. */
  readonly decimal?: Decimal;
  /** Lines above the header that were left out. */
  readonly skippedLines?: number;
  /** What reading found out that people should know. */
  readonly notes?: readonly string[];
}

/**
 * A table that someone gave.
 *
 * @throws ArgumentError for what `readCsv` would not give
 */
export function tableOf(where: string, value: unknown): Table {
  const table = value as Table;
  const isTable =
    typeof value === "object" &&
    value !== null &&
    typeof table.file === "string" &&
    Array.isArray(table.rows) &&
    Array.isArray(table.columns) &&
    Array.from(table.columns).every((column) => isColumn(column, table.rows.length));
  if (isTable) return table;
  throw new ArgumentError(`${where}: expected a table as readCsv() gives it, got ${show(value)}`);
}

function isColumn(value: unknown, rows: number): value is Column {
  if (typeof value !== "object" || value === null) return false;
  const { name, values } = value as Partial<Column>;
  if (typeof name !== "string" || !Array.isArray(values) || values.length !== rows) return false;
  for (let i = 0; i < rows; i++) if (typeof values[i] !== "string") return false;
  return true;
}

/** No two parts of it can take the same digits, so that a long text is refused in one pass. */
const NUMBER = /^[+-]?(\d+(\.\d*)?|\.\d+)(e[+-]?\d+)?$/i;

/** Does the text spell a number, of any size? */
export const spellsNumber = (value: string): boolean => NUMBER.test(value);

/** Can float32 hold the number that a text spells? */
export const fits = (number: string): boolean => Number.isFinite(Math.fround(Number(number)));

/** Does the text spell a number that float32 can hold? */
export const isNumber = (value: string): boolean => spellsNumber(value) && fits(value);

/** A text of its own: a piece of another one, which keeps the whole of it in memory, is copied. */
export const copyOf = (text: string): string =>
  text.length < SHORTEST_PIECE ? text : (JSON.parse(JSON.stringify(text)) as string);
/** Engines copy shorter pieces by themselves. */
const SHORTEST_PIECE = 13;

/** Columns by name, the first of each; made once for a list. */
const byName = new WeakMap<readonly Column[], ReadonlyMap<string, Column>>();

function indexOf(columns: readonly Column[]): ReadonlyMap<string, Column> {
  const known = byName.get(columns);
  if (known !== undefined) return known;
  const index = new Map([...columns].reverse().map((column) => [column.name, column]));
  byName.set(columns, index);
  return index;
}

/** The column of a name. */
export const findColumn = (table: Table, name: string, what = "column"): Column =>
  findColumns(table, [name], what)[0]!;

/** The columns of some names; all that there are none of are named at once. */
export function findColumns(table: Table, names: readonly string[], what = "column"): Column[] {
  const { file, columns } = table;
  const index = indexOf(columns);
  const [first, ...more] = names.filter((name) => !index.has(name));
  if (first === undefined) return names.map((name) => index.get(name)!);
  const listed = [first, ...more].slice(0, MOST_LISTED).map(show).join(", ");
  const rest = more.length < MOST_LISTED ? "" : ` and ${more.length + 1 - MOST_LISTED} more`;
  const nouns = `${what}${more.length > 0 ? "s" : ""}`;
  const all = columns.map((column) => column.name);
  throw new DataError(`${file}: no ${nouns} ${listed}${rest}; ${hint(first, all)}`);
}

/** Columns that an error names. */
const MOST_LISTED = 5;
