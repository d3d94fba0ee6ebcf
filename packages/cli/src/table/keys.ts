import { ArgumentError } from "ferrograd";
import { TableSchema } from "ferrograd/csv";
import type { SplitAsked } from "./split.ts";

/** Gives rows the numbers that they are split by, from the texts of a column, piece by piece. */
type Keys = (texts: readonly string[]) => ArrayLike<number>;

/** The ways to split by a column, one row each. */
const KEYS: Readonly<
  Record<Exclude<SplitAsked["by"], "chance">, (schema: TableSchema, name: string) => Keys>
> = {
  group: groupsOf,
  time: (schema, name) => (texts) => timesOf(schema, name, texts),
};

/** What numbers the rows of a table that is split by a column. */
export const keysOf = (by: keyof typeof KEYS, schema: TableSchema, name: string): Keys =>
  KEYS[by](schema, name);

/** Rows of one text have one number. */
function groupsOf(): Keys {
  const numbers = new Map<string, number>();
  const numberOf = (text: string) => {
    const known = numbers.get(text);
    if (known !== undefined) return known;
    numbers.set(Buffer.from(text).toString(), numbers.size); // a copy: a slice keeps the file in memory
    return numbers.size - 1;
  };
  return (texts) => texts.map(numberOf);
}

/** When each row was, as numbers that rise with time. */
function timesOf(schema: TableSchema, name: string, texts: readonly string[]): ArrayLike<number> {
  const column = schema.columns.find((one) => one.name === name);
  if (column !== undefined && column.type !== "text") {
    const rows = texts.map((_, i) => i + 1);
    const table = { file: name, columns: [{ name, values: texts }], rows };
    const { data, shape } = new TableSchema([column], schema.target).apply(table);
    return Float64Array.from(texts, (_, row) => data[row * shape[1]!]!);
  }
  const numbers = Float64Array.from(texts, (text) => (text === "" ? Number.NaN : Number(text)));
  const wrong = numbers.findIndex(Number.isNaN);
  if (wrong < 0) return numbers;
  throw new ArgumentError(
    `ferrograd: --split-by-time: expected a column of dates or numbers, got ${JSON.stringify(texts[wrong])} in ${name}`,
  );
}
