import { ArgumentError } from "../errors.ts";
import { boolean, listOf, nonNegativeInteger, oneOf, show, text } from "../options/index.ts";
import { CsvReader } from "./csv-reader.ts";
import { encodingOf } from "./csv-text.ts";
import type { Decimal } from "./table.ts";

/** Options of `readCsv`. */
export interface CsvOptions {
  /** The file's name, for messages. */
  readonly file?: string;
  /**
   * One character; a blank stands for any blanks and tabs together. Default: what a first line `sep=;` names, or the one of comma,
   * semicolon, tab and bar that the first line has most of, or blanks where they cut each line into as many values.
   */
  readonly delimiter?: string;
  /** What values may stand in, one character (default `"`), or "none" where quotes are characters as any others. */
  readonly quote?: string;
  /**
   * Has the first line the columns' names? Default: unless it looks like data, with numbers where the
   * second line has them. Without names columns are called column1, column2 and so on.
   */
  readonly header?: boolean;
  /**
   * Lines at the beginning that are left out, empty ones too. Default: those that stand above the header as titles do; 0 leaves
   * out none.
   */
  readonly skipLines?: number;
  /**
   * What stands before the decimals of all numbers. Default: what the values of a column show; where
   * semicolons are the delimiter and all values are like 1,234, both can be meant and the column is refused.
   */
  readonly decimal?: Decimal;
  /** Texts that stand for a missing value in any column, beside empty ones and `\N` of SQL (default: NA, N/A, NaN, null, ?). */
  readonly missingValues?: readonly string[];
  /** Of bytes, as `TextDecoder` names it (default: UTF-16 where the file begins with its mark, else UTF-8). */
  readonly encoding?: string;
}

/** As SQL writes it. */
const NULL = "\\N";
const MISSING = ["", "NA", "N/A", "NaN", "null", "?"];
export const CSV_OPTIONS = [
  "file",
  "delimiter",
  "quote",
  "header",
  "skipLines",
  "decimal",
  "missingValues",
  "encoding",
];

/** What reads a file as the options say. */
export function readerOf(where: string, options: CsvOptions): CsvReader {
  const { delimiter, quote, header, skipLines, decimal, missingValues = MISSING } = options;
  const file = options.file === undefined ? where : text(where, "file", options.file);
  if (decimal !== undefined) oneOf(where, "decimal", decimal, [".", ","]);
  if (header !== undefined) boolean(where, "header", header);
  if (skipLines !== undefined) nonNegativeInteger(where, "skipLines", skipLines);
  if (options.encoding !== undefined) encodingOf(where, options.encoding);
  return new CsvReader({
    file,
    delimiter: delimiter === undefined ? undefined : character(where, "delimiter", delimiter),
    quote: quote === undefined ? '"' : quote === "none" ? "" : character(where, "quote", quote),
    header,
    skipLines,
    decimal,
    missing: new Set(["", NULL, ...listOf(where, "missingValues", missingValues, text)]),
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
