import type { Command } from "commander";
import type { ColumnOptions, CsvOptions, TableTask } from "ferrograd/csv";
import { names, natural, oneName } from "../options.ts";

/** What the command line says of how a CSV file is read. */
export interface ReadingOptions {
  readonly delimiter?: string;
  readonly quote?: string;
  readonly decimal?: "." | ",";
  readonly encoding?: string;
  /** false for `--no-header`. */
  readonly header?: boolean;
  readonly skipLines?: number;
  readonly missingMarks?: readonly string[];
}

/** What it says of the columns. */
export interface ColumnFlags {
  readonly target?: string;
  readonly task?: TableTask;
  readonly missing?: "error" | "fill";
  readonly ignore?: readonly string[];
  readonly numeric?: readonly string[];
  readonly text?: readonly string[];
  readonly date?: readonly string[];
}

const DELIMITERS: Readonly<Record<string, string>> = { tab: "\t", "\\t": "\t", space: " " };

/** Adds the options of reading. */
export const withReading = (command: Command): Command =>
  command
    .optionsGroup("Reading CSV:")
    .option(
      "--delimiter <char>",
      "what separates values: ; or tab or space, any number of them (default: found out)",
      (text) => DELIMITERS[text] ?? text,
    )
    .option("--quote <char>", 'what values may stand in (default: "), or none')
    .option("--decimal <mark>", ". or , before decimals (default: found out)", mark)
    .option("--encoding <name>", "such as windows-1252 (default: UTF-8, or UTF-16 by its mark)")
    .option(
      "--header",
      "the first line has the columns' names (default: unless it looks like data)",
    )
    .option("--no-header", "the first line is data: columns are called column1, column2 …")
    .option(
      "--skip-lines <count>",
      "lines above the header, empty ones too (default: found out)",
      natural("--skip-lines"),
    )
    .option(
      "--missing-marks <texts>",
      "texts that stand for a missing value, such as -999,unknown",
      names,
    );

const mark = oneName("--decimal", [".", ","]);

/** Adds the options that say what columns are. */
export const withColumns = (command: Command): Command =>
  command
    .optionsGroup("Columns:")
    .option("--target <column>", "the column of --csv to predict")
    .option(
      "--task <name>",
      "classification or regression (default: by the target's values)",
      oneName("--task", ["classification", "regression"]),
    )
    .option(
      "--missing <what>",
      "missing values of --csv: fill with the median or most frequent one (default), or error",
      oneName("--missing", ["error", "fill"]),
    )
    .option("--ignore <columns>", "columns of --csv that are no features", names)
    .option("--numeric <columns>", "columns that are numbers, and features", names)
    .option(
      "--text <columns>",
      "columns that are texts, and features; city:50 has so many kinds",
      names,
    )
    .option(
      "--date <columns>",
      "columns that are dates, and features; day:dmy says how they are written",
      names,
    );

/** Missing in any column, where nothing else was said. */
const MISSING = ["NA", "N/A", "NaN", "null", "?"];

/** The options of reading as `readCsv` takes them. */
export const readingOf = (options: ReadingOptions): CsvOptions => ({
  ...(options.delimiter !== undefined && { delimiter: options.delimiter }),
  ...(options.quote !== undefined && { quote: options.quote }),
  ...(options.decimal && { decimal: options.decimal }),
  ...(options.encoding !== undefined && { encoding: options.encoding }),
  ...(options.header !== undefined && { header: options.header }),
  ...(options.skipLines !== undefined && { skipLines: options.skipLines }),
  ...(options.missingMarks && { missingValues: [...MISSING, ...options.missingMarks] }),
});

/** `city:50` as ["city", "50"]; a colon that no such word follows is of the name. */
function cut(text: string, word: RegExp): [string, string | undefined] {
  const at = text.lastIndexOf(":");
  return at > 0 && word.test(text.slice(at + 1))
    ? [text.slice(0, at), text.slice(at + 1)]
    : [text, undefined];
}

const KINDS_KEPT = 50;

/** What was said of the columns as `encodeTable` takes it; missing values are filled unless it was said otherwise. */
export const columnsOf = (options: ColumnFlags & ReadingOptions): ColumnOptions => ({
  missing: options.missing ?? "fill",
  ...(options.target !== undefined && { target: options.target }),
  ...(options.task && { task: options.task }),
  ...(options.ignore && { ignore: options.ignore }),
  ...(options.numeric && { numeric: options.numeric }),
  ...(options.decimal && { decimal: options.decimal }),
  ...(options.text && {
    text: Object.fromEntries(
      options.text.map((one) => {
        const [name, kept] = cut(one, /^\d+$/);
        return [name, kept === undefined ? KINDS_KEPT : Number(kept)];
      }),
    ),
  }),
  ...(options.date && {
    date: Object.fromEntries(
      options.date.map((one) => {
        const [name, format] = cut(one, /^[a-z]+$/);
        return [name, (format ?? "any") as "ymd"];
      }),
    ),
  }),
});
