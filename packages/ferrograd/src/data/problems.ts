import { DataError, type FerrogradError, FormatError } from "../errors.ts";
import { show } from "../options/index.ts";

/** An option that helps: `ignore: ["note"] leaves it out`. */
export interface TableRemedy {
  /** Of `readCsv` or `encodeTable`. */
  readonly option: string;
  readonly value: string | number | readonly string[] | Readonly<Record<string, string>>;
  /** What that does. */
  readonly does: string;
}

/** What is wrong with a file or one of its columns: `row 3, column "a": expected a number, got "x"`. */
export interface TableProblem {
  /** As a spreadsheet counts: the header is row 1. */
  readonly row?: number;
  /** Its name, or from 1 its place where names are what is wrong. */
  readonly column?: string | number;
  readonly expected: string;
  readonly got: string;
  readonly remedies?: readonly TableRemedy[];
}

/** Problems that a message lists; it counts the rest. */
const MOST_LISTED = 20;
const PROBLEMS = Symbol.for("ferrograd/problems");

const inOptions = ({ option, value, does }: TableRemedy): string =>
  `${option}: ${JSON.stringify(value)} ${does}`;

/** One problem in a sentence; `word` says a remedy in the words of whoever asks. */
function sentence(problem: TableProblem, word: (remedy: TableRemedy) => string): string {
  const { row, column, expected, got, remedies = [] } = problem;
  const places = [
    ...(row === undefined ? [] : [`row ${row}`]),
    ...(column === undefined ? [] : [`column ${show(column)}`]),
  ];
  const place = places.length > 0 ? `${places.join(", ")}: ` : "";
  return [`${place}expected ${expected}, got ${got}`, ...remedies.map(word)].join("; ");
}

/** All problems of a file in words: one in a line, several below each other. */
function formatProblems(
  file: string,
  problems: readonly TableProblem[],
  word: (remedy: TableRemedy) => string = inOptions,
): string {
  const lines = problems.slice(0, MOST_LISTED).map((problem) => sentence(problem, word));
  if (problems.length === 1) return `${file}: ${lines[0]}`;
  const more = problems.length - lines.length;
  const rest = more > 0 ? [`  and ${more} more`] : [];
  return [
    `${file}: ${problems.length} problems`,
    ...lines.map((line) => `  ${line}`),
    ...rest,
  ].join("\n");
}

/** The error of these problems, which `problemsOf` finds in it. */
function withProblems<E extends FerrogradError>(
  make: new (message: string) => E,
  file: string,
  problems: readonly TableProblem[],
): E {
  const message = (word?: (remedy: TableRemedy) => string) => formatProblems(file, problems, word);
  const error = new make(message());
  const value: FileProblems = { file, problems: [...problems], message };
  return Object.defineProperty(error, PROBLEMS, { value });
}

/** What is wrong with the values of a table. */
export const dataError = (file: string, problems: readonly TableProblem[]) =>
  withProblems(DataError, file, problems);

/** What is wrong with the text of a file. */
export const formatError = (file: string, problems: readonly TableProblem[]) =>
  withProblems(FormatError, file, problems);

/** What is wrong with a file, as data. */
export interface FileProblems {
  readonly file: string;
  readonly problems: readonly TableProblem[];
  /** All of it in words; `word` says a remedy in those of a page or a command. */
  message(word?: (remedy: TableRemedy) => string): string;
}

/**
 * The problems of a file that an error of `readCsv` or `encodeTable` names, as data, so that a page or a command
 * can word them; undefined for other errors.
 *
 * @example
 * const table = readCsv("a,k\n1,x\n,y\n3,x\n4,y\n", { file: "a.csv" });
 * try {
 *   encodeTable(table, { target: "k" });
 * } catch (error) {
 *   problemsOf(error)?.problems.map(({ column }) => column) // ["a"]
 * }
 */
export function problemsOf(error: unknown): FileProblems | undefined {
  return error instanceof Error ? (error as { [PROBLEMS]?: FileProblems })[PROBLEMS] : undefined;
}
