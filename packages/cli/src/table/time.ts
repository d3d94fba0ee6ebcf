import { ArgumentError } from "ferrograd";
import { TableSchema } from "ferrograd/csv";

/** When each row was, as numbers that rise with time. */
export function timesOf(
  schema: TableSchema,
  name: string,
  texts: readonly string[],
): ArrayLike<number> {
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
