import { ArgumentError, DataError, FormatError } from "../errors.ts";
import { bytesOf, checkOptions, listOf, oneOf, show, text } from "../options/index.ts";
import { concatBytes } from "../values/bytes.ts";
import { CsvRows, DelimiterGuess, type RowHandler } from "./csv-rows.ts";
import { type Column, isNumber, type Table, withPoint } from "./table.ts";

export type { Column, Table } from "./table.ts";
export { type EncodeOptions, encodeTable, type TableTask } from "./table-encode.ts";
export { type FeatureColumn, TableSchema, type TableTarget } from "./table-schema.ts";

/** Options of `readCsv`. */
export interface CsvOptions {
  /** The file's name, for messages. */
  readonly file?: string;
  /** One character. Default: the one of comma, semicolon, tab and bar that the header has most of. */
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
/** Different texts of which one copy serves all values: pixels and classes repeat, measurements do not. */
const MOST_SHARED = 10_000;
/**
 * Reads CSV with a header row (RFC 4180; quotes, line ends of any kind, also mixed, a byte order mark). Every
 * row must have a value for each name of the header; empty lines are skipped. Rows are numbered as
 * a spreadsheet does: the header is row 1.
 *
 * @example
 * const table = readCsv("height,kind\n1.2,cat\n3.4,dog\n1.1,cat\n3.3,dog\n");
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
  if (options.file !== undefined) text("readCsv()", "file", options.file);
  if (options.missingValues !== undefined) {
    listOf("readCsv()", "missingValues", options.missingValues, text);
  }
  if (options.decimal !== undefined) oneOf("readCsv()", "decimal", options.decimal, [".", ","]);
  if (options.delimiter !== undefined) checkDelimiter(options.delimiter);
  const reader = new CsvReader(options);
  if (typeof source === "string") {
    reader.push(source);
    return reader.end();
  }
  if (isStream(source)) return readStream(reader, source);
  throw new ArgumentError(`readCsv(): expected text or a stream of text, got ${show(source)}`);
}

const isStream = (source: unknown): source is CsvStream =>
  typeof source === "object" &&
  source !== null &&
  (Symbol.asyncIterator in source || "getReader" in source);

function checkDelimiter(delimiter: unknown): void {
  if (typeof delimiter === "string" && /^[^"\r\n]$/.test(delimiter)) return;
  throw new ArgumentError(
    `readCsv(): delimiter: expected one character, no quote and no line end, got ${show(delimiter)}`,
  );
}

async function readStream(reader: CsvReader, stream: CsvStream): Promise<Table> {
  let cut = new Uint8Array(); // a character's bytes whose rest is in the next chunk
  for await (const chunk of chunksOf(stream)) {
    if (typeof chunk === "string") {
      reader.push(chunk);
      continue;
    }
    const bytes = concatBytes([cut, bytesOf("readCsv()", chunk)]);
    cut = bytes.slice(bytes.length - unfinished(bytes));
    const whole = bytes.subarray(0, bytes.length - cut.length);
    const text = decode(whole);
    if (text === undefined) reader.refuseEncoding(validText(whole));
    reader.push(text);
  }
  if (cut.length > 0) reader.refuseEncoding("");
  return reader.end();
}

const UTF8 = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true });

function decode(bytes: Uint8Array): string | undefined {
  try {
    return UTF8.decode(bytes);
  } catch {
    return undefined;
  }
}

/** How many bytes at the end begin a character of UTF-8 that goes on behind them. */
function unfinished(bytes: Uint8Array): number {
  for (let count = 1; count <= 3 && count <= bytes.length; count++) {
    const byte = bytes[bytes.length - count]!;
    if ((byte & 0xc0) === 0x80) continue; // the character's first byte is further left
    const length = byte >= 0xf0 ? 4 : byte >= 0xe0 ? 3 : byte >= 0xc0 ? 2 : 1;
    return length > count ? count : 0;
  }
  return 0;
}

/** The text up to the first byte that is no UTF-8, found line by line. */
function validText(bytes: Uint8Array): string {
  let text = "";
  for (let from = 0; ; ) {
    const newline = bytes.indexOf(0x0a, from);
    const line = bytes.subarray(from, newline < 0 ? bytes.length : newline + 1);
    const decoded = decode(line);
    if (decoded === undefined) return text + new TextDecoder().decode(line).split("\uFFFD", 1)[0];
    text += decoded;
    from += line.length;
  }
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

/** Takes text piece by piece and gathers columns. */
class CsvReader implements RowHandler {
  private readonly file: string;
  private readonly missing: ReadonlySet<string>;
  private readonly decimal: CsvOptions["decimal"];
  private readonly guess = new DelimiterGuess();
  private delimiter: string | undefined;
  private rowsOf: CsvRows | undefined;
  /** Text of the header's line, until the delimiter is known. */
  private pending = "";
  private names: readonly string[] = [];
  private columns: string[][] = [];
  private rows: number[] = [];
  private readonly shared = new Map<string, string>();

  constructor({ file = "readCsv()", delimiter, decimal, missingValues = MISSING }: CsvOptions) {
    this.file = file;
    this.delimiter = delimiter;
    this.decimal = decimal;
    this.missing = new Set(missingValues);
  }

  push(chunk: string): void {
    const nul = chunk.indexOf("\0");
    if (nul >= 0) this.refuseEncoding(chunk.slice(0, nul));
    if (this.rowsOf !== undefined) {
      this.rowsOf.push(chunk);
      return;
    }
    const text = this.pending === "" ? chunk.replace(/^\uFEFF/, "") : chunk;
    this.pending += text;
    this.delimiter ??= this.guess.push(text);
    if (this.delimiter !== undefined && this.pending !== "") this.begin();
  }

  /** The delimiter is known: what came so far is read. */
  private begin(): CsvRows {
    if (this.rowsOf !== undefined) return this.rowsOf;
    this.delimiter ??= this.guess.best();
    this.rowsOf = new CsvRows(this.delimiter, this);
    this.rowsOf.push(this.pending);
    this.pending = "";
    return this.rowsOf;
  }

  end(): Table {
    this.begin().end();
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
    throw this.fail(this.begin().current, "expected text in UTF-8", `other bytes; ${remedy}`);
  }

  /** Are commas decimal marks? */
  private hasCommas(): boolean {
    const hasPoint = (value: string) => value.includes(".") && isNumber(value);
    return this.decimal === undefined
      ? this.delimiter === ";" && !this.columns.some((column) => column.some(hasPoint))
      : this.decimal === ",";
  }

  /** @throws FormatError */
  fault(kind: "unclosed" | "stray", row: number): never {
    if (kind === "unclosed") throw this.fail(row, "expected a closing quote", "none");
    const expected = "expected quotes around a whole value, doubled inside it";
    throw this.fail(row, expected, "a stray quote");
  }

  row(values: readonly string[], row: number): void {
    if (values.length === 1 && values[0]!.trim() === "") return;
    const trimmed = values.map((value) => value.trim());
    if (this.names.length === 0) {
      this.header(trimmed, row);
      return;
    }
    if (values.length !== this.names.length) {
      const expected = `expected ${this.names.length} values, as the header has names`;
      throw this.fail(row, expected, String(values.length));
    }
    this.rows.push(row);
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

  private header(names: readonly string[], row: number): void {
    if (names.every((name) => name !== "" && Number.isFinite(Number(name)))) {
      throw this.fail(row, "expected a header with the columns' names", "numbers");
    }
    const seen = new Set<string>();
    names.forEach((name, i) => {
      const where = `column ${i + 1}`;
      if (name === "") throw this.fail(row, `${where}: expected a name`, "none");
      if (seen.has(name)) {
        throw this.fail(row, `${where}: expected each name once`, `${show(name)} twice`);
      }
      seen.add(name);
    });
    this.names = names;
    this.columns = names.map(() => []);
  }

  private fail(row: number, expected: string, got: string): FormatError {
    return new FormatError(`${this.file}: row ${row}: ${expected}, got ${got}`);
  }
}
