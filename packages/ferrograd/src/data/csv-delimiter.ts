import { areBlankSeparated } from "./csv-blanks.ts";
import { delimiterBelow, LINES_LOOKED_AT } from "./csv-title.ts";

/** Delimiters that are searched for. */
export const DELIMITERS = [",", ";", "\t", "|"];

/** Stands for blanks and tabs, any of them together. */
const BLANKS = " ";

/**
 * Finds the delimiter in the first line that has anything in it, as far as it has come. Where the next line does not have it too,
 * the first may be a title, and what separates the values below is looked for; where there is none, or a tab among blanks, it may be blanks.
 */
export class DelimiterGuess {
  private readonly quote: string;
  /** Does the first line decide alone? */
  private readonly isHeader: boolean;
  /** How often each stands in the first line, and in the one being read. */
  private first: readonly number[] | undefined;
  private counts = DELIMITERS.map(() => 0);
  private lines = 0;
  private isConfirmed = false;
  private text = "";
  private inQuotes = false;
  private previous = "";
  private blank = true;

  constructor(quote: string, isHeader: boolean) {
    this.quote = quote;
    this.isHeader = isHeader;
  }

  /** Looks at more text: the delimiter that the header has most of, once that is certain. */
  push(text: string): string | undefined {
    const before = this.text;
    let at = 0;
    for (const char of text) {
      at += char.length;
      // Behind a quote another one is doubled: the value goes on.
      const opens = ["", this.quote, ...DELIMITERS].includes(this.previous);
      if (char === this.quote && (this.inQuotes || opens)) this.inQuotes = !this.inQuotes;
      else if (!this.inQuotes && (char === "\n" || char === "\r")) {
        if (!this.blank && this.endLine(() => before + text.slice(0, at))) {
          this.text = before + text.slice(0, at);
          return this.best();
        }
        this.previous = "";
        continue;
      } else if (!this.inQuotes && DELIMITERS.includes(char)) {
        this.counts[DELIMITERS.indexOf(char)]!++;
      }
      if (char.trim() !== "") this.blank = false;
      this.previous = char;
    }
    this.text = before + text;
    return undefined;
  }

  /** Is it certain after this line, with which the text so far ends? */
  private endLine(textOf: () => string): boolean {
    const counts = this.counts;
    const isSecond = this.first !== undefined;
    const both = isSecond && Math.min(this.first![this.most]!, counts[this.most]!) > 0;
    this.first ??= counts;
    this.counts = DELIMITERS.map(() => 0);
    this.blank = true;
    const mayBeBlanks = this.mayBeBlanks && (!isSecond || areBlankSeparated(textOf(), this.quote));
    this.isConfirmed = both && !mayBeBlanks;
    if (++this.lines === LINES_LOOKED_AT) return true;
    return this.isHeader ? !mayBeBlanks : this.isConfirmed;
  }

  /** Has the first line no delimiter, or tabs alone? */
  private get mayBeBlanks(): boolean {
    return (this.first ?? this.counts).every((count, i) => count === 0 || DELIMITERS[i] === "\t");
  }

  /** Which one the first line has most of. */
  private get most(): number {
    const counts = this.first ?? this.counts;
    return counts.indexOf(Math.max(...counts));
  }

  /** What the text so far says. */
  best(): string {
    if (this.mayBeBlanks && areBlankSeparated(this.text, this.quote)) return BLANKS;
    const below =
      this.isHeader || this.isConfirmed
        ? undefined
        : delimiterBelow(this.text, this.quote, DELIMITERS);
    return below ?? DELIMITERS[this.most]!;
  }
}
