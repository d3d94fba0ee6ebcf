import { delimiterBelow, LINES_LOOKED_AT } from "./csv-title.ts";

/** Delimiters that are searched for. */
const DELIMITERS = [",", ";", "\t", "|"];

/**
 * Finds the delimiter in the first line that has anything in it, as far as it has come. Where the next line does not have it too,
 * the first may be a title, and what separates the values below is looked for.
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
        if (!this.blank && this.endLine()) {
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

  /** Is it certain after this line? */
  private endLine(): boolean {
    const counts = this.counts;
    this.isConfirmed =
      this.first !== undefined && Math.min(this.first[this.most]!, counts[this.most]!) > 0;
    this.first ??= counts;
    this.counts = DELIMITERS.map(() => 0);
    this.blank = true;
    return this.isHeader || this.isConfirmed || ++this.lines === LINES_LOOKED_AT;
  }

  /** Which one the first line has most of. */
  private get most(): number {
    const counts = this.first ?? this.counts;
    return counts.indexOf(Math.max(...counts));
  }

  /** What the text so far says. */
  best(): string {
    const below =
      this.isHeader || this.isConfirmed
        ? undefined
        : delimiterBelow(this.text, this.quote, DELIMITERS);
    return below ?? DELIMITERS[this.most]!;
  }
}
