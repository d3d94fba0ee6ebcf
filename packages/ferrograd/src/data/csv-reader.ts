import { DataError } from "../errors.ts";
import { type Header, headerNote, headerOf, headerProblem } from "./csv-header.ts";
import { CsvRows, DelimiterGuess, type RowHandler } from "./csv-rows.ts";
import type { Undecodable } from "./csv-text.ts";
import { formatError, type TableProblem } from "./problems.ts";
import { type Column, copyOf, type Decimal, type Table } from "./table.ts";

/** How a file is read; `file` stands in messages. */
export interface ReaderSettings {
  readonly file: string;
  readonly delimiter: string | undefined;
  readonly quote: string;
  readonly header: boolean | undefined;
  readonly decimal: Decimal | undefined;
  readonly missing: ReadonlySet<string>;
}

/** Different texts of which one copy serves all values: pixels and classes repeat, measurements do not. */
const MOST_SHARED = 10_000;
/** Problems that are gathered before reading ends. */
const MOST_PROBLEMS = 100;

const NO_QUOTES = { option: "quote", value: "none", does: "takes quotes as they are" };

const OTHER_ENCODING = {
  option: "encoding",
  value: "windows-1252",
  does: "reads files of western Windows, other names those of others",
};

/** Takes text piece by piece and gathers columns. */
export class CsvReader implements RowHandler {
  private readonly settings: ReaderSettings;
  private readonly guess: DelimiterGuess;
  private delimiter: string | undefined;
  private rowsOf: CsvRows | undefined;
  /** Text of the first line, until the delimiter is known. */
  private pending = "";
  /** The first line, until the second shows whether it has names. */
  private first: { readonly values: readonly string[]; readonly row: number } | undefined;
  private header: Header | undefined;
  private columns: string[][] = [];
  private rows: number[] = [];
  private total = 0;
  private readonly shared = new Map<string, string>();
  private readonly problems: TableProblem[] = [];

  constructor(settings: ReaderSettings) {
    this.settings = settings;
    this.delimiter = settings.delimiter;
    this.guess = new DelimiterGuess(settings.quote);
  }

  push(chunk: string): void {
    const nul = chunk.indexOf("\0");
    if (nul >= 0) this.refuse({ before: chunk.slice(0, nul), byte: 0 });
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
    const { delimiter, quote } = this.settings;
    // Spreadsheets name the delimiter in a line of its own: sep=;
    const named = /^sep=([^\r\n])(?=[\r\n]|$)/i.exec(this.pending)?.[1];
    this.delimiter = delimiter ?? named ?? this.delimiter ?? this.guess.best();
    this.rowsOf = new CsvRows({ delimiter: this.delimiter, quote }, this);
    this.rowsOf.push(this.pending);
    this.pending = "";
    return this.rowsOf;
  }

  /** Rows that are read and not taken yet. */
  get waiting(): number {
    return this.rows.length;
  }

  /** The text is over: throws where it is no table. */
  end(): void {
    this.begin().end();
    this.open(undefined);
    if (this.problems.length > 0) throw formatError(this.settings.file, this.problems);
    if (this.header === undefined) {
      throw new DataError(`${this.settings.file}: expected a header, got nothing`);
    }
    if (this.total === 0) {
      throw new DataError(`${this.settings.file}: expected rows below the header, got none`);
    }
  }

  /** The rows that were read since the last time. */
  take(): Table {
    const { file, decimal } = this.settings;
    const { names, unnamed, isData } = this.header!;
    const { columns, rows, delimiter } = this;
    this.columns = names.map(() => []);
    this.rows = [];
    const made = names.map(
      (name, i): Column => ({
        name,
        values: columns[i]!,
        ...(unnamed.has(i) && { unnamed: true }),
      }),
    );
    const note = isData && this.settings.header === undefined;
    return {
      file,
      columns: made,
      rows,
      ...(delimiter !== undefined && { delimiter }),
      ...(decimal && { decimal }),
      ...(note && { notes: [headerNote(names)] }),
    };
  }

  /** Throws for bytes that are no text of the encoding. */
  refuse({ before, byte }: Undecodable): never {
    if (before !== "") this.push(before);
    const row = this.begin().current;
    const expected = "text in UTF-8";
    if (byte === 0) {
      const got = "the byte 0x00, which no text has; save the file as text (CSV)";
      this.problems.push({ row, expected, got });
    } else {
      const got = byte === undefined ? "other bytes" : `the byte 0x${byte.toString(16)}`;
      this.problems.push({ row, expected, got, remedies: [OTHER_ENCODING] });
    }
    throw formatError(this.settings.file, this.problems);
  }

  /** @throws FormatError */
  fault(kind: "unclosed" | "stray", row: number): never {
    const unclosed = { expected: "a closing quote", got: "none" };
    const stray = {
      expected: "quotes around a whole value, doubled inside it",
      got: "a stray quote",
    };
    const problem = kind === "unclosed" ? unclosed : stray;
    this.problems.push({ row, ...problem, remedies: [NO_QUOTES] });
    throw formatError(this.settings.file, this.problems);
  }

  row(values: readonly string[], row: number): void {
    if (values.length === 1 && values[0]!.trim() === "") return;
    if (row === 1 && /^sep=.$/i.test(values.join(this.delimiter))) return;
    const trimmed = values.map((value) => value.trim());
    if (this.header !== undefined) this.add(trimmed, row);
    else if (this.first === undefined) this.first = { values: trimmed, row };
    else {
      this.open(trimmed);
      this.add(trimmed, row);
    }
  }

  /** Decides, before the second line is added, what the first one is. */
  private open(second: readonly string[] | undefined): void {
    if (this.header !== undefined || this.first === undefined) return;
    const { values, row } = this.first;
    this.header = headerOf({ first: values, second }, this.settings.header);
    const { names, isData } = this.header;
    const problem = headerProblem(names, row);
    if (problem) throw formatError(this.settings.file, [problem]);
    this.columns = names.map(() => []);
    if (isData) this.add(values, row);
  }

  private add(values: readonly string[], row: number): void {
    const { names } = this.header!;
    const beyond = values.slice(names.length);
    if (values.length < names.length || beyond.some((value) => value !== "")) {
      if (this.problems.length === MOST_PROBLEMS)
        throw formatError(this.settings.file, this.problems);
      const expected = `${names.length} values, as the header has names`;
      this.problems.push({ row, expected, got: String(values.length) });
      return;
    }
    this.rows.push(row);
    this.total++;
    for (let i = 0; i < names.length; i++) this.columns[i]!.push(this.share(values[i]!));
  }

  /** A copy of the value that equal ones have too; "" where it is missing. */
  private share(value: string): string {
    const copy = this.shared.get(value);
    if (copy !== undefined) return copy;
    const kept = this.settings.missing.has(value) ? "" : value;
    if (this.shared.size >= MOST_SHARED) return kept;
    const own = copyOf(kept);
    this.shared.set(kept === value ? own : copyOf(value), own);
    return own;
  }
}
