import { DataError } from "../errors.ts";
import { commentNote, LeadingComments } from "./csv-comments.ts";
import { DelimiterGuess } from "./csv-delimiter.ts";
import { isDrawn } from "./csv-drawn.ts";
import { otherFormat } from "./csv-formats.ts";
import { againNote, type Header, headerNote, headerOf, repeatedNote } from "./csv-header.ts";
import { namesAgain } from "./csv-names.ts";
import { CsvRows, type RowHandler } from "./csv-rows.ts";
import type { Undecodable } from "./csv-text.ts";
import { footerNote, LINES_LOOKED_AT, type Line, linesAbove, titleNote } from "./csv-title.ts";
import { hasUnits, unitNote } from "./csv-units.ts";
import { formatError, type TableProblem } from "./problems.ts";
import { type Column, copyOf, type Decimal, type Table } from "./table.ts";

/** How a file is read; `file` stands in messages. */
export interface ReaderSettings {
  readonly file: string;
  readonly delimiter: string | undefined;
  readonly quote: string;
  readonly header: boolean | undefined;
  readonly skipLines: number | undefined;
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
  /** Text of the first lines, until the delimiter is known. */
  private pending = "";
  private isBegin = true;
  /** Lines that are to be left out and did not come yet. */
  private toSkip: number;
  private readonly comments = new LeadingComments();
  /** Lines of a comment among the rows. */
  private commented = 0;
  /** Lines of names among the rows, as files have that were joined, and the names as they stand there. */
  private repeated = 0;
  private heading: readonly string[] = [];
  /** The row of units below the names. */
  private unitRow: number | undefined;
  /** The first lines, until it is known which of them has the names. */
  private readonly opening: Line[] = [];
  /** Lines above the header. */
  private above = 0;
  private header: Header | undefined;
  private columns: string[][] = [];
  private rows: number[] = [];
  private total = 0;
  private readonly shared = new Map<string, string>();
  private readonly problems: TableProblem[] = [];

  private isOver = false;

  constructor(settings: ReaderSettings) {
    this.settings = settings;
    this.delimiter = settings.delimiter;
    this.guess = new DelimiterGuess(settings.quote, !this.mayHaveTitle);
    this.toSkip = settings.skipLines ?? 0;
  }

  push(chunk: string): void {
    const nul = chunk.indexOf("\0");
    if (nul >= 0) this.refuse({ before: chunk.slice(0, nul), byte: 0 });
    if (this.rowsOf !== undefined) {
      this.rowsOf.push(chunk);
      return;
    }
    const text = this.isBegin ? chunk.replace(/^\uFEFF/, "") : chunk;
    if (chunk !== "") this.isBegin = false;
    const below = this.toSkip > 0 ? this.skip(text) : text;
    this.look(this.settings.skipLines === undefined ? this.comments.push(below) : below);
  }

  /** Looks for the delimiter. */
  private look(text: string): void {
    this.pending += text;
    this.delimiter ??= this.guess.push(text);
    if (this.delimiter !== undefined && this.pending !== "") this.begin();
  }

  /** Does nothing say which line has the names? */
  private get mayHaveTitle(): boolean {
    return this.settings.header === undefined && this.settings.skipLines === undefined;
  }

  /** Text without the lines that are to be left out. */
  private skip(text: string): string {
    let rest = this.pending + text;
    this.pending = "";
    while (this.toSkip > 0) {
      const end = /\r\n|\n|\r(?=[\s\S])/.exec(rest); // behind a last \r a \n may come
      if (end === null) {
        this.pending = rest;
        return "";
      }
      rest = rest.slice(end.index + end[0].length);
      this.toSkip--;
    }
    return rest;
  }

  /** The delimiter is known: what came so far is read. */
  private begin(): CsvRows {
    if (this.rowsOf !== undefined) return this.rowsOf;
    const { file, delimiter, quote, skipLines = this.comments.count } = this.settings;
    const other = this.mayHaveTitle ? otherFormat(this.pending) : undefined;
    if (other) throw formatError(file, [other]);
    if (this.toSkip > 0) this.pending = ""; // the text is over before the lines to leave out are
    // Spreadsheets name the delimiter in a line of its own: sep=;
    const named = /^sep=([^\r\n])(?=[\r\n]|$)/i.exec(this.pending)?.[1];
    this.delimiter = delimiter ?? named ?? this.delimiter ?? this.guess.best();
    this.rowsOf = new CsvRows({ delimiter: this.delimiter, quote }, this, skipLines + 1);
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
    this.look(this.comments.end());
    this.begin().end();
    this.open();
    this.isOver = true;
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
    const again = againNote(this.header!);
    const below = this.isOver ? footerNote(made, rows) : undefined;
    const notes = [
      ...(this.above > 0 && this.mayHaveTitle ? [titleNote(this.above)] : []),
      ...(isData && this.settings.header === undefined ? [headerNote(names)] : []),
      ...(again === undefined ? [] : [again]),
      ...(this.unitRow === undefined ? [] : [unitNote(this.unitRow)]),
      ...(this.commented > 0 ? [commentNote(this.commented)] : []),
      ...(this.repeated > 0 ? [repeatedNote(this.repeated)] : []),
      ...(below === undefined ? [] : [below]),
    ];
    return {
      file,
      columns: made,
      rows,
      ...(delimiter !== undefined && { delimiter }),
      ...(decimal && { decimal }),
      ...(this.above > 0 && { skippedLines: this.above }),
      ...(notes.length > 0 && { notes }),
    };
  }

  /** Throws for bytes that are no text of the encoding. */
  refuse({ before, byte }: Undecodable): never {
    if (before !== "") this.push(before);
    this.look(this.comments.end());
    const row = this.begin().current;
    this.open();
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
    this.open();
    this.problems.push({ row, ...problem, remedies: [NO_QUOTES] });
    throw formatError(this.settings.file, this.problems);
  }

  row(values: readonly string[], row: number): void {
    if (values.length === 1 && values[0]!.trim() === "") return;
    if (row === 1 && /^sep=.$/i.test(values.join(this.delimiter))) return;
    const trimmed = values.map((value) => value.trim());
    if (isDrawn(trimmed, this.opening.length === 1)) return;
    if (this.header !== undefined) this.add(trimmed, row);
    else if (this.opening.push({ values: trimmed, row }) === LINES_LOOKED_AT) this.open();
  }

  /** Decides what the first lines are, and adds those that are rows. */
  private open(): void {
    if (this.header !== undefined || this.opening.length === 0) return;
    const title = this.mayHaveTitle ? linesAbove(this.opening) : 0;
    const [first, ...rest] = this.opening.slice(title) as [Line, ...Line[]];
    const { values, row } = first;
    this.above = title > 0 ? row - 1 : (this.settings.skipLines ?? this.comments.count);
    this.header = headerOf({ first: values, second: rest[0]?.values }, this.settings.header);
    const { names, isData } = this.header;
    this.columns = names.map(() => []);
    if (!isData && this.mayHaveTitle && hasUnits(this.header, rest)) {
      this.unitRow = rest.shift()!.row;
    }
    if (!isData) this.heading = values;
    const again = isData ? undefined : namesAgain(rest, this.settings.missing);
    if (again) this.problems.push(again);
    for (const line of isData ? [first, ...rest] : rest) this.add(line.values, line.row);
  }

  private add(values: readonly string[], row: number): void {
    const { names } = this.header!;
    if (this.comments.count > 0 && values.length < names.length && values[0]!.startsWith("#")) {
      this.commented++;
      return;
    }
    if (
      values.length === this.heading.length &&
      values.every((one, i) => one === this.heading[i])
    ) {
      this.repeated++;
      return;
    }
    const beyond = values.slice(names.length);
    if (values.length < names.length || beyond.some((value) => value !== "")) {
      if (this.problems.length === MOST_PROBLEMS)
        throw formatError(this.settings.file, this.problems);
      const expected = `${names.length} values, as the header has names`;
      const remedy =
        values.length < names.length
          ? "fill it up, or delete it"
          : `quote a value that has ${JSON.stringify(this.delimiter)} in it, or delete the row`;
      this.problems.push({ row, expected, got: `${values.length}; ${remedy}` });
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
