import { ArgumentError, DataError } from "../errors.ts";
import { listOf, oneOf, requireOptions, show, text } from "../options/index.ts";
import { Dataset } from "./dataset.ts";
import {
  type Column,
  cellError,
  findColumn,
  fits,
  isNumber,
  spellsNumber,
  type Table,
  tableOf,
  withPoint,
} from "./table.ts";
import { type FeatureColumn, TableSchema, type TableTarget } from "./table-schema.ts";

export type TableTask = TableTarget["task"];
const TASKS: readonly TableTask[] = ["classification", "regression"];

/** Options of `encodeTable`. */
export interface EncodeOptions {
  /** Name of the column to predict. */
  readonly target: string;
  /**
   * Default: classification where the target is text or at most 20 different integers, each of them
   * twice on average, else regression.
   */
  readonly task?: TableTask;
  /**
   * Refuse missing values (default), or fill them: numbers with the column's median, texts with its
   * most frequent one. Prediction does the same with the same values.
   */
  readonly missing?: "error" | "fill";
  /** Names of columns that are no features. */
  readonly ignore?: readonly string[];
}

const MOST_CLASSES = 20;
const MOST_CATEGORIES = 100;
/** From this share of numbers on, a column's other texts are slips of the pen. */
const MOSTLY = 0.9;

const presentOf = (values: readonly string[]): readonly string[] =>
  values.includes("") ? values.filter((value) => value !== "") : values;

/** Is a column of numbers? Text among mostly numbers is refused rather than made categories. */
function isNumeric(table: Table, { name, values }: Column): boolean {
  const present = presentOf(values);
  const numbers = present.reduce((count, value) => count + Number(spellsNumber(value)), 0);
  const refuse = (isWrong: (value: string) => boolean, expected: string) => {
    const row = values.findIndex((value) => value !== "" && isWrong(value));
    throw cellError(table, name, row, expected, show(values[row]));
  };
  if (numbers === present.length) {
    if (!present.every(fits)) refuse((value) => !fits(value), "a number within ±3.4e38");
    return numbers > 0;
  }
  const isText = (value: string) => !spellsNumber(value);
  if (present.every((value) => spellsNumber(withPoint(value)))) {
    refuse(isText, "a number without commas");
  }
  if (numbers >= MOSTLY * present.length) refuse(isText, "a number as in the other rows");
  return false;
}

/** Different values in the order of the alphabet, or of the numbers. */
function distinct(values: readonly string[], numeric: boolean): string[] {
  const found = [...new Set(values)];
  return numeric ? found.sort((a, b) => Number(a) - Number(b)) : found.sort();
}

function median(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b);
  const middle = sorted.length >> 1;
  return sorted.length % 2 === 1 ? sorted[middle]! : (sorted[middle - 1]! + sorted[middle]!) / 2;
}

function mostFrequent(values: readonly string[]): string {
  const counts = new Map<string, number>();
  for (const value of values) counts.set(value, (counts.get(value) ?? 0) + 1);
  return [...counts].reduce((best, next) => (next[1] > best[1] ? next : best))[0];
}

function learnColumn(table: Table, column: Column, fills: boolean): FeatureColumn {
  const { name, values } = column;
  const present = presentOf(values);
  if (present.length === 0) {
    throw new DataError(
      `${table.file}: column ${show(name)}: expected values, got none; leave it out with ignore`,
    );
  }
  const gap = values.indexOf("");
  if (gap >= 0 && !fills) {
    throw cellError(table, name, gap, "a value", 'none; missing: "fill" fills it in');
  }
  if (isNumeric(table, column)) {
    return { name, type: "number", ...(fills && { fill: median(present.map(Number)) }) };
  }
  const categories = distinct(present, false);
  if (categories.length > MOST_CATEGORIES) {
    throw new DataError(
      `${table.file}: column ${show(name)}: expected numbers or at most ${MOST_CATEGORIES} different texts, ` +
        `got ${categories.length}; leave it out with ignore`,
    );
  }
  return { name, type: "text", categories, ...(fills && { fill: mostFrequent(present) }) };
}

function learnTarget(table: Table, { name, values }: Column, task?: TableTask): TableTarget {
  const gap = values.indexOf("");
  if (gap >= 0) throw cellError(table, name, gap, "the value to learn", "none");
  const numeric =
    task === "classification" ? values.every(isNumber) : isNumeric(table, { name, values });
  const classNames = distinct(values, numeric);
  const few =
    classNames.length <= Math.min(MOST_CLASSES, values.length / 2) &&
    classNames.every((value) => Number.isInteger(Number(value)));
  const kind = task ?? (numeric && !few ? "regression" : "classification");
  if (kind === "regression") {
    const row = values.findIndex((value) => !isNumber(value));
    if (row >= 0) throw cellError(table, name, row, "a number", show(values[row]));
    if (new Set(values.map(Number)).size < 2) {
      throw new DataError(
        `${table.file}: column ${show(name)}: expected different numbers to learn, got ${values[0]} in every row`,
      );
    }
    return { name, task: kind };
  }
  if (classNames.length < 2 || classNames.length > values.length / 2) {
    throw new DataError(
      `${table.file}: column ${show(name)}: expected between 2 classes and one for every two rows, ` +
        `got ${classNames.length} in ${values.length} rows`,
    );
  }
  return { name, task: kind, classNames };
}

/**
 * A data set from a table, and the schema that makes features of other tables in the same way.
 * Columns of numbers are taken as they are, columns of text one-hot, the categories in the order of
 * the alphabet.
 *
 * @example
 * const { data, schema } = encodeTable(readCsv(text), { target: "species" });
 * data.classNames; // ["setosa", "versicolor", "virginica"]
 * model.predict(schema.apply(readCsv(others)));
 *
 * @throws DataError for missing values, a target or column that is not there, texts among numbers or
 * too many different ones, with row and column; ArgumentError for unknown options
 */
export function encodeTable(
  table: Table,
  options: EncodeOptions,
): { data: Dataset; schema: TableSchema } {
  const where = "encodeTable()";
  tableOf(where, table);
  requireOptions(where, options, ["target", "task", "missing", "ignore"]);
  const { target, task, missing = "error" } = options;
  const ignore = listOf(where, "ignore", options.ignore ?? [], text);
  if (typeof target !== "string") {
    throw new ArgumentError(`${where}: target: expected a column's name, got ${show(target)}`);
  }
  oneOf(where, "missing", missing, ["error", "fill"]);
  if (task !== undefined) oneOf(where, "task", task, TASKS);
  const targetColumn = findColumn(table, target, "target column");
  if (ignore.includes(target)) {
    throw new ArgumentError(
      `${where}: ignore: expected other columns than the target ${show(target)}`,
    );
  }
  const skipped = new Set([target, ...ignore.map((name) => findColumn(table, name).name)]);
  const columns = table.columns.filter(({ name }) => !skipped.has(name));
  if (columns.length === 0) {
    throw new DataError(`${table.file}: expected a column beside the target, got none`);
  }
  const schema = new TableSchema(
    columns.map((column) => learnColumn(table, column, missing === "fill")),
    learnTarget(table, targetColumn, task),
  );
  const { featureNames, target: learned } = schema;
  const data = new Dataset({
    x: schema.apply(table),
    y: schema.targets(table),
    featureNames,
    ...(learned.task === "classification" && { classNames: learned.classNames }),
  });
  return { data, schema };
}
