import { ArgumentError } from "../errors.ts";
import {
  boolean,
  checkOptions,
  listOf,
  oneOf,
  positiveInteger,
  show,
  text,
} from "../options/index.ts";
import { CsvReader } from "./csv-reader.ts";
import { type CsvStream, encodingOf, textOf } from "./csv-text.ts";
import type { Decimal, Table } from "./table.ts";

export type { DateFormatName } from "./columns/dates.ts";
export type { ColumnReport, ColumnUse } from "./columns/report.ts";
export type { CsvStream } from "./csv-text.ts";
export {
  type FileProblems,
  problemsOf,
  type TableProblem,
  type TableRemedy,
} from "./problems.ts";
export type { Column, Table } from "./table.ts";
export { type EncodedTable, type EncodeOptions, encodeTable } from "./table-encode.ts";
export { type ColumnOptions, type LearnedTable, TableProfile } from "./table-profile.ts";
export {
  type EncodedRows,
  type FeatureColumn,
  type RowRemark,
  TableSchema,
  type TableTarget,
  type TableTask,
} from "./table-schema.ts";

/** Options of `readCsv`. */
export interface CsvOptions {
  /** The file's name, for messages. */
  readonly file?: string;
  /** One character. Default: what a first line `sep=;` names, or the one of comma, semicolon, tab and bar that the first line has most of. */
  readonly delimiter?: string;
  /** What values may stand in, one character (default `"`), or "none" where quotes are characters as any others. */
  readonly quote?: string;
  /**
   * Has the first line the columns' names? Default: unless it looks like data, with numbers where the
   * second line has them. Without names columns are called column1, column2 and so on.
   */
  readonly header?: boolean;
  /**
   * What stands before the decimals of all numbers. Default: what the values of a column show; where
   * semicolons are the delimiter and all values are like 1,234, both can be meant and the column is refused.
   */
  readonly decimal?: Decimal;
  /** Texts that stand for a missing value in any column (default: empty, NA, N/A, NaN, null, ?). */
  readonly missingValues?: readonly string[];
  /** Of bytes, as `TextDecoder` names it (default: UTF-16 where the file begins with its mark, else UTF-8). */
  readonly encoding?: string;
}

const MISSING = ["", "NA", "N/A", "NaN", "null", "?"];
const OPTIONS = ["file", "delimiter", "quote", "header", "decimal", "missingValues", "encoding"];

/**
 * Reads CSV (RFC 4180; quotes, line ends of any kind, also mixed, a byte order mark, a first line
 * `sep=;`). Every row must have a value for each name of the header, and may have empty ones behind them; empty lines
 * are skipped. Columns without a name are called by their places. Rows are numbered as a spreadsheet does: the header is row 1. Values
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
  checkOptions("readCsv()", options, OPTIONS);
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
  checkOptions(where, options, [...OPTIONS, "rows"]);
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
    reader.push(piece);
    if (reader.waiting >= rows) yield reader.take();
  }
  reader.end();
  if (reader.waiting > 0) yield reader.take();
}

function readerOf(where: string, options: CsvOptions): CsvReader {
  const { delimiter, quote, header, decimal, missingValues = MISSING } = options;
  const file = options.file === undefined ? where : text(where, "file", options.file);
  if (decimal !== undefined) oneOf(where, "decimal", decimal, [".", ","]);
  if (header !== undefined) boolean(where, "header", header);
  if (options.encoding !== undefined) encodingOf(where, options.encoding);
  return new CsvReader({
    file,
    delimiter: delimiter === undefined ? undefined : character(where, "delimiter", delimiter),
    quote: quote === undefined ? '"' : quote === "none" ? "" : character(where, "quote", quote),
    header,
    decimal,
    missing: new Set(["", ...listOf(where, "missingValues", missingValues, text)]),
  });
}

/** A character that cuts a file: no line end, and as delimiter no quote. */
function character(where: string, name: "delimiter" | "quote", value: unknown): string {
  const allowed = { delimiter: /^[^"\r\n]$/, quote: /^[^\r\n\w]$/ }[name];
  if (typeof value === "string" && allowed.test(value)) return value;
  const expected = {
    delimiter: "one character, no quote and no line end",
    quote: 'one character, no letter, digit or line end, or "none"',
  }[name];
  throw new ArgumentError(`${where}: ${name}: expected ${expected}, got ${show(value)}`);
}

const isStream = (source: unknown): source is CsvStream =>
  typeof source === "object" &&
  source !== null &&
  (Symbol.asyncIterator in source || "getReader" in source);
