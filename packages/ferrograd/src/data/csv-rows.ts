/** A quoted value that goes on for longer is an opening quote that nothing closes. */
const LONGEST_QUOTED = 1 << 20;

const LF = 0x0a;
const CR = 0x0d;
const TAB = 0x09;
const BLANK = 0x20;

/**
 * How a file is cut. Where `delimiter` is a blank, any blanks and tabs together are one; `quote` is a character, or "" where quotes
 * are characters as any others.
 */
export interface Cut {
  readonly delimiter: string;
  readonly quote: string;
}

/** Where in a row the next character stands. */
type Place = "start" | "plain" | "quoted" | "closed";

/** What `CsvRows` tells as it reads; rows count from 1, empty lines too. */
export interface RowHandler {
  row(values: readonly string[], row: number): void;
  /** A quote that nothing closes, or one inside or behind a value. */
  fault(kind: "unclosed" | "stray", row: number): never;
}

/**
 * Cuts CSV into rows of values (RFC 4180), piece by piece: every character is looked at once,
 * wherever the pieces end. A line ends in `\r\n`, `\n` or `\r`, in one file in any of them; inside
 * quotes they belong to the value.
 */
export class CsvRows {
  private readonly handler: RowHandler;
  private readonly delimiter: number;
  /** Another character that separates values: a tab beside a blank. */
  private readonly other: number;
  private readonly quote: string;
  /** NaN, which no character is, where there is none. */
  private readonly quoteCode: number;
  private place: Place = "start";
  private value = "";
  private values: string[] = [];
  private row: number;
  /** Was the last character a `\r`, which a `\n` may follow? */
  private afterReturn = false;

  constructor({ delimiter, quote }: Cut, handler: RowHandler, firstRow = 1) {
    this.delimiter = delimiter.charCodeAt(0);
    this.other = this.delimiter === BLANK ? TAB : Number.NaN;
    this.quote = quote;
    this.quoteCode = quote.charCodeAt(0);
    this.handler = handler;
    this.row = firstRow;
  }

  push(text: string): void {
    for (let at = 0; at < text.length; ) {
      if (this.place === "quoted") at = this.quoted(text, at);
      else if (this.place === "closed") at = this.closed(text, at);
      else at = this.plain(text, at);
    }
  }

  /** The text is over: what is left is the last row. */
  end(): void {
    if (this.place === "quoted") this.handler.fault("unclosed", this.row);
    if (this.place !== "start" || this.values.length > 0) this.endRow();
  }

  /** The row being read. */
  get current(): number {
    return this.row;
  }

  /** Outside quotes: takes what comes up to the end of the value, or of the text. */
  private plain(text: string, from: number): number {
    let at = from;
    if (this.place === "start" && text.charCodeAt(at) === this.quoteCode) {
      this.place = "quoted";
      this.afterReturn = false;
      return at + 1;
    }
    for (; at < text.length; at++) {
      const char = text.charCodeAt(at);
      if (this.ends(char)) break;
    }
    if (at > from) {
      this.value += text.slice(from, at);
      this.place = "plain";
      this.afterReturn = false;
    }
    return at < text.length ? this.endValue(text.charCodeAt(at), at) : at;
  }

  /** Inside quotes: up to the next quote, which closes the value or, doubled, stands for itself. */
  private quoted(text: string, from: number): number {
    const quote = text.indexOf(this.quote, from);
    const end = quote < 0 ? text.length : quote;
    this.value += text.slice(from, end);
    if (this.value.length > LONGEST_QUOTED) this.handler.fault("unclosed", this.row);
    if (quote < 0) return end;
    this.place = "closed";
    return end + 1;
  }

  /** Behind a quote inside quotes. */
  private closed(text: string, at: number): number {
    const char = text.charCodeAt(at);
    if (char === this.quoteCode && !this.spaced) {
      this.value += this.quote;
      this.place = "quoted";
      return at + 1;
    }
    if (this.ends(char)) return this.endValue(char, at);
    if (char !== BLANK && char !== TAB) this.handler.fault("stray", this.row);
    this.spaced = true;
    return at + 1;
  }

  /** Has a space followed the closing quote? Another quote is then no doubled one. */
  private spaced = false;

  /** Is it a delimiter or a line end? */
  private ends(char: number): boolean {
    return char === this.delimiter || char === LF || char === CR || char === this.other;
  }

  /** Does nothing stand between here and the blank, or the begin of the line, before? */
  private get isBetween(): boolean {
    return this.delimiter === BLANK && this.place === "start";
  }

  /** A delimiter or a line end. */
  private endValue(char: number, at: number): number {
    if (char === LF && this.afterReturn) {
      this.afterReturn = false;
      return at + 1;
    }
    this.afterReturn = char === CR;
    if (char === LF || char === CR) this.endRow();
    else if (!this.isBetween) this.endCell();
    return at + 1;
  }

  private endCell(): void {
    this.values.push(this.value);
    this.value = "";
    this.place = "start";
    this.spaced = false;
  }

  private endRow(): void {
    if (!this.isBetween || this.values.length === 0) this.endCell();
    const values = this.values;
    this.values = [];
    this.handler.row(values, this.row++);
  }
}
