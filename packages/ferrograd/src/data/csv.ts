import { ArgumentError } from "../errors.ts";
import { checkOptions, positiveInteger, show } from "../options/index.ts";
import { CSV_OPTIONS, type CsvOptions, readerOf } from "./csv-options.ts";
import type { CsvReader } from "./csv-reader.ts";
import { type CsvStream, textOf } from "./csv-text.ts";
import type { Table } from "./table.ts";

export type { ColumnOptions } from "./column-options.ts";
export type { DateFormatName } from "./columns/dates.ts";
export type { ColumnReport, ColumnUse } from "./columns/report.ts";
export type { CsvOptions } from "./csv-options.ts";
export type { CsvStream } from "./csv-text.ts";
export {
  type FileProblems,
  problemsOf,
  type TableProblem,
  type TableRemedy,
} from "./problems.ts";
export type { Column, Table } from "./table.ts";
export { type EncodedTable, type EncodeOptions, encodeTable } from "./table-encode.ts";
export { type LearnedTable, TableProfile } from "./table-profile.ts";
export {
  type DescribedColumn,
  type EncodedRows,
  type FeatureColumn,
  type RowRemark,
  TableSchema,
  type TableTarget,
  type TableTask,
} from "./table-schema.ts";

/**
 * Reads CSV (RFC 4180; quotes, line ends of any kind, also mixed, a byte order mark, a first line
 * `sep=;`). Every row must have a value for each name of the header, and may have empty ones behind them; empty lines
 * are skipped. Lines above the header that are filled to at most half, as spreadsheets export titles, are left out, which `notes`
 * says; so do they of lines that begin with `#`, of a row of units below the names, and of a last line that looks like a sum, which stays.
 * Columns without a name are called by their places, names that come again get a number: `a`, `a.1`. Rows are numbered as a spreadsheet does: the header is row 1. Values
 * stay texts, as they are in the file but for spaces around them; `encodeTable` makes numbers of them.
 *
 * @example
 * const table = readCsv("height,kind\n1.2,cat\n3.4,dog\n1.1,cat\n3.3,dog\n");
 * const { data, schema } = encodeTable(table, { target: "kind" });
 * @example const table = await readCsv(createReadStream("iris.csv"), { file: "iris.csv" });
 *
 * @throws FormatError `iris.csv: row 7: expected 5 values, as the header has names, got 4`, all such rows at once
 * @throws DataError for a file without rows
 */
export function readCsv(text: string, options?: CsvOptions): Table;
export function readCsv(stream: CsvStream, options?: CsvOptions): Promise<Table>;
export function readCsv(source: string | CsvStream, options: CsvOptions = {}) {
  checkOptions("readCsv()", options, CSV_OPTIONS);
  const reader = readerOf("readCsv()", options);
  if (typeof source === "string") {
    reader.push(source);
    reader.end();
    return reader.take();
  }
  if (isStream(source)) return readStream(reader, source, options);
  throw new ArgumentError(`readCsv(): expected text or a stream of text, got ${show(source)}`);
}

async function readStream(reader: CsvReader, stream: CsvStream, { encoding }: CsvOptions) {
  const refuse = reader.refuse.bind(reader);
  for await (const piece of textOf("readCsv()", stream, encoding, refuse)) reader.push(piece);
  reader.end();
  return reader.take();
}

/** Options of `csvBatches`. */
export interface CsvBatchOptions extends CsvOptions {
  /** Rows that a table has at least, but the last (default 1,000). */
  readonly rows?: number;
}

/**
 * Reads CSV as `readCsv` does, in tables of some rows each, so that a file of any size takes little memory.
 *
 * @example
 * for await (const table of csvBatches(new Response("size\n1\n2\n").body!, { rows: 1000 })) {
 *   table.rows.length;
 * }
 *
 * @throws as `readCsv`, when it comes to what is wrong
 */
export function csvBatches(
  stream: CsvStream,
  options: CsvBatchOptions = {},
): AsyncGenerator<Table, void> {
  const where = "csvBatches()";
  checkOptions(where, options, [...CSV_OPTIONS, "rows"]);
  const rows = positiveInteger(where, "rows", options.rows ?? 1000);
  const reader = readerOf(where, options);
  if (!isStream(stream)) {
    throw new ArgumentError(`${where}: expected a stream of text, got ${show(stream)}`);
  }
  return batchesOf(
    reader,
    textOf(where, stream, options.encoding, reader.refuse.bind(reader)),
    rows,
  );
}

async function* batchesOf(reader: CsvReader, pieces: AsyncIterable<string>, rows: number) {
  for await (const piece of pieces) {
    if (reader.waiting >= rows) yield reader.take();
    reader.push(piece);
  }
  reader.end();
  if (reader.waiting > 0) yield reader.take();
}

const isStream = (source: unknown): source is CsvStream =>
  typeof source === "object" &&
  source !== null &&
  (Symbol.asyncIterator in source || "getReader" in source);
