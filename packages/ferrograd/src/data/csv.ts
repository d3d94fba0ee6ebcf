import Papa from "papaparse";
import { ArgumentError, DataError, FormatError } from "../errors.ts";
import { checkOptions, oneOf, show } from "../suggest.ts";
import { type Column, isNumber, type Table, withPoint } from "./table.ts";

export type { Column, Table } from "./table.ts";
export { type EncodeOptions, encodeTable, type TableTask } from "./table-encode.ts";
export { type FeatureColumn, TableSchema, type TableTarget } from "./table-schema.ts";

/** Options of `readCsv`. */
export interface CsvOptions {
  /** The file's name, for messages. */
  readonly file?: string;
  /** Default: the one of comma, semicolon, tab and bar that the header has most of. */
  readonly delimiter?: string;
  /**
   * Default: "," where semicolons are the delimiter and no value has a decimal point, as
   * spreadsheets write where people say 1,5; else ".".
   */
  readonly decimal?: "." | ",";
  /** Texts that stand for a missing value (default: empty, NA, N/A, NaN, null, ?). */
  readonly missingValues?: readonly string[];
}

/** Text in pieces, as files and responses stream it. */
export type CsvStream = AsyncIterable<string | Uint8Array> | ReadableStream<string | Uint8Array>;

const MISSING = ["", "NA", "N/A", "NaN", "null", "?"];
const DELIMITERS = [",", ";", "\t", "|"];
/** Different texts of which one copy serves all values: pixels and classes repeat, measurements do not. */
const MOST_SHARED = 10_000;
/** A row that goes on for longer is an opening quote that nothing closes. */
const LONGEST_ROW = 1 << 20;

/**
 * Reads CSV with a header row (RFC 4180; quotes, line ends of any kind, a byte order mark). Every
 * row must have a value for each name of the header; empty lines are skipped. Rows are numbered as
 * a spreadsheet does: the header is row 1.
 *
 * @example
 * const table = readCsv("height,kind\n1.2,cat\n3.4,dog\n");
 * const { data, schema } = encodeTable(table, { target: "kind" });
 * @example const table = await readCsv(createReadStream("iris.csv"), { file: "iris.csv" });
 *
 * @throws FormatError `iris.csv: row 7: expected 5 values, as the header has names, got 4`
 * @throws DataError for a file without rows
 */
export function readCsv(text: string, options?: CsvOptions): Table;
export function readCsv(stream: CsvStream, options?: CsvOptions): Promise<Table>;
export function readCsv(source: string | CsvStream, options: CsvOptions = {}) {
  checkOptions("readCsv()", options, ["file", "delimiter", "decimal", "missingValues"]);
  if (options.decimal !== undefined) oneOf("readCsv()", "decimal", options.decimal, [".", ","]);
  const reader = new CsvReader(options);
  if (typeof source === "string") {
    reader.push(source);
    return reader.end();
  }
  if (typeof source === "object" && source !== null) return readStream(reader, source);
  throw new ArgumentError(`readCsv(): expected text or a stream of text, got ${show(source)}`);
}

async function readStream(reader: CsvReader, stream: CsvStream): Promise<Table> {
  const utf8 = new TextDecoder("utf-8", { fatal: true });
  const decode = (chunk?: Uint8Array) => {
    try {
      return utf8.decode(chunk, { stream: chunk !== undefined });
    } catch {
      return reader.refuseEncoding(new TextDecoder().decode(chunk).split("\uFFFD", 1)[0]!);
    }
  };
  for await (const chunk of chunksOf(stream)) {
    reader.push(typeof chunk === "string" ? chunk : decode(chunk));
  }
  reader.push(decode());
  return reader.end();
}

/** The pieces of a stream; not every browser can iterate over a ReadableStream. */
async function* chunksOf(stream: CsvStream): AsyncGenerator<string | Uint8Array> {
  if (Symbol.asyncIterator in stream) {
    yield* stream;
    return;
  }
  const reader = (stream as ReadableStream<string | Uint8Array>).getReader();
  try {
    for (let next = await reader.read(); !next.done; next = await reader.read()) yield next.value;
  } finally {
    reader.releaseLock();
  }
}

/** Rows of values, and what was wrong with them. */
interface Parsed {
  readonly data: readonly (readonly string[])[];
  readonly errors: readonly { readonly code: string; readonly row: number }[];
  readonly meta: { readonly cursor: number };
}

/** Takes text piece by piece and gathers columns; only whole rows are parsed before the end. */
class CsvReader {
  private readonly file: string;
  private readonly missing: ReadonlySet<string>;
  private delimiter: string | undefined;
  private readonly decimal: CsvOptions["decimal"];
  private parser: { parse(text: string, base: number, partial: boolean): Parsed } | undefined;
  private names: readonly string[] = [];
  private columns: string[][] = [];
  private rows: number[] = [];
  private readonly shared = new Map<string, string>();
  private row = 0;
  private pending = "";

  constructor({ file = "readCsv()", delimiter, decimal, missingValues = MISSING }: CsvOptions) {
    this.file = file;
    this.delimiter = delimiter;
    this.decimal = decimal;
    this.missing = new Set(missingValues);
  }

  push(chunk: string): void {
    const nul = chunk.indexOf("\0");
    if (nul >= 0) this.refuseEncoding(chunk.slice(0, nul));
    this.pending += chunk;
    // The header's line end, and what follows it, tell how the file ends its lines.
    if (this.parser === undefined && !/[\r\n](.|\s)/.test(this.pending)) return;
    this.parse(true);
    if (this.pending.length > LONGEST_ROW && chunk.length <= LONGEST_ROW) {
      throw this.fail(this.row + 1, "expected a closing quote", "none");
    }
  }

  end(): Table {
    this.parse(false);
    if (this.names.length === 0)
      throw new DataError(`${this.file}: expected a header, got nothing`);
    if (this.rows.length === 0) {
      throw new DataError(`${this.file}: expected rows below the header, got none`);
    }
    const values = this.hasCommas()
      ? this.columns.map((column) => column.map(withPoint))
      : this.columns;
    const columns = this.names.map((name, i): Column => ({ name, values: values[i]! }));
    return { file: this.file, columns, rows: this.rows };
  }

  /** Throws for bytes that are no UTF-8, which follow this text. */
  refuseEncoding(before: string): never {
    this.push(before);
    const remedy = "save the file as text (CSV) in UTF-8";
    throw this.fail(this.row + 1, "expected text in UTF-8", `other bytes; ${remedy}`);
  }

  /** Are commas decimal marks? */
  private hasCommas(): boolean {
    const hasPoint = (value: string) => value.includes(".") && isNumber(value);
    return this.decimal === undefined
      ? this.delimiter === ";" && !this.columns.some((column) => column.some(hasPoint))
      : this.decimal === ",";
  }

  private parse(partial: boolean): void {
    if (this.parser === undefined) {
      this.pending = this.pending.replace(/^\uFEFF/, "");
      const newline = /\r\n|\n|\r/.exec(this.pending)?.[0] ?? "\n";
      this.delimiter ??= guessDelimiter(this.pending);
      this.parser = new Papa.Parser({ delimiter: this.delimiter, newline: newline as "\n" });
    }
    if (this.pending === "") return;
    const { data, errors, meta } = this.parser.parse(this.pending, 0, partial);
    const error = errors.find(({ row }) => row < data.length);
    if (error !== undefined) {
      const [expected, got] =
        error.code === "MissingQuotes"
          ? ["expected a closing quote", "none"]
          : ["expected quotes around a whole value, doubled inside it", "a stray quote"];
      throw this.fail(this.row + error.row + 1, expected!, got!);
    }
    for (const values of data) this.take(values);
    this.pending = partial ? this.pending.slice(meta.cursor) : "";
  }

  private take(values: readonly string[]): void {
    this.row++;
    if (values.length === 1 && values[0]!.trim() === "") return;
    const trimmed = values.map((value) => value.trim());
    if (this.names.length === 0) {
      this.header(trimmed);
      return;
    }
    if (values.length !== this.names.length) {
      const expected = `expected ${this.names.length} values, as the header has names`;
      throw this.fail(this.row, expected, String(values.length));
    }
    this.rows.push(this.row);
    trimmed.forEach((value, i) => this.columns[i]!.push(this.share(value)));
  }

  /** A copy of the value that equal ones have too; "" where it is missing. */
  private share(value: string): string {
    const copy = this.shared.get(value);
    if (copy !== undefined) return copy;
    const kept = this.missing.has(value) ? "" : value;
    if (this.shared.size < MOST_SHARED) this.shared.set(value, kept);
    return kept;
  }

  private header(names: readonly string[]): void {
    if (names.every((name) => name !== "" && Number.isFinite(Number(name)))) {
      throw this.fail(this.row, "expected a header with the columns' names", "numbers");
    }
    names.forEach((name, i) => {
      const where = `column ${i + 1}`;
      if (name === "") throw this.fail(this.row, `${where}: expected a name`, "none");
      if (names.indexOf(name) < i) {
        throw this.fail(this.row, `${where}: expected each name once`, `${show(name)} twice`);
      }
    });
    this.names = names;
    this.columns = names.map(() => []);
  }

  private fail(row: number, expected: string, got: string): FormatError {
    return new FormatError(`${this.file}: row ${row}: ${expected}, got ${got}`);
  }
}

function guessDelimiter(text: string): string {
  const header = text.split(/[\r\n]/, 1)[0]!.replaceAll(/"[^"]*"/g, "");
  const counts = DELIMITERS.map((delimiter) => header.split(delimiter).length);
  return DELIMITERS[counts.indexOf(Math.max(...counts))]!;
}
