import { ArgumentError } from "../errors.ts";
import {
  checkOptions,
  isPlain,
  listOf,
  oneOf,
  positiveInteger,
  show,
  text,
} from "../options/index.ts";
import { type DateFormatName, dateFormatNames } from "./columns/dates.ts";
import type { Asked } from "./columns/kind.ts";
import type { TableTask } from "./columns/target.ts";
import type { Decimal } from "./table.ts";

/** What people may say of a table's columns. */
export interface ColumnOptions {
  /** Name of the column to predict. */
  readonly target?: string;
  /**
   * Default: classification where the target is text or at most 20 different integers, each of them
   * twice on average, else regression.
   */
  readonly task?: TableTask;
  /**
   * Refuse missing values (default), or fill them: numbers and dates with the column's median, texts with its
   * most frequent one. Prediction does the same with the same values.
   */
  readonly missing?: "error" | "fill";
  /** Names of columns that are no features. */
  readonly ignore?: readonly string[];
  /** Names of columns that are numbers, and features whatever they look like. */
  readonly numeric?: readonly string[];
  /** Names of columns that are texts, and features, with how many of their texts have one: `{ city: 50 }` (as a list, 50). */
  readonly text?: readonly string[] | Readonly<Record<string, number>>;
  /** Names of columns that are dates, with how they are written: `{ day: "dmy" }` (as a list, in any way). */
  readonly date?: readonly string[] | Readonly<Record<string, DateFormatName | "any">>;
  /** What stands before decimals (default: what the values show). */
  readonly decimal?: Decimal;
}

const OPTIONS = ["target", "task", "missing", "ignore", "numeric", "text", "date", "decimal"];
const TASKS: readonly TableTask[] = ["classification", "regression"];
const KEPT_TEXTS = 50;
/** A date written in any way. */
const ANY = "any";

/** Checks options of columns, and gives them. */
export function checkColumnOptions(where: string, options: ColumnOptions): ColumnOptions {
  checkOptions(where, options, OPTIONS);
  const { target, task, missing, ignore, decimal } = options;
  if (target !== undefined && typeof target !== "string") {
    throw new ArgumentError(`${where}: target: expected a column's name, got ${show(target)}`);
  }
  if (missing !== undefined) oneOf(where, "missing", missing, ["error", "fill"]);
  if (task !== undefined) oneOf(where, "task", task, TASKS);
  if (decimal !== undefined) oneOf(where, "decimal", decimal, [".", ","]);
  const ignored = listOf(where, "ignore", ignore ?? [], text);
  if (target !== undefined && ignored.includes(target)) {
    throw new ArgumentError(
      `${where}: ignore: expected other columns than the target ${show(target)}`,
    );
  }
  askedOf(where, options);
  return { ...options, ignore: ignored };
}

/** What was said of columns, by name. */
export function askedOf(
  where: string,
  { numeric, text: texts, date, target, ignore }: ColumnOptions,
) {
  const asked = new Map<string, Asked>();
  const ask = (option: string, name: string, what: Asked) => {
    if (asked.has(name) || name === target || ignore?.includes(name)) {
      const got = `${show(name)} twice`;
      throw new ArgumentError(
        `${where}: ${option}: expected each column to be one thing, got ${got}`,
      );
    }
    asked.set(name, what);
  };
  for (const name of listOf(where, "numeric", numeric ?? [], text)) {
    ask("numeric", name, { numeric: true });
  }
  for (const [name, kept] of entriesOf(where, "text", texts)) {
    const most = kept === undefined ? KEPT_TEXTS : positiveInteger(where, `text.${name}`, kept);
    ask("text", name, { text: most });
  }
  for (const [name, format] of entriesOf(where, "date", date)) {
    const known = oneOf(where, `date.${name}`, (format ?? ANY) as DateFormatName | "any", [
      ANY,
      ...dateFormatNames,
    ]);
    ask("date", name, { date: known === ANY ? true : known });
  }
  return asked;
}

/** Names with what is said of each, or of a list alone. */
function entriesOf(where: string, option: string, value: unknown): [string, unknown][] {
  if (value === undefined) return [];
  if (isPlain(value)) return Object.entries(value);
  return listOf(where, option, value, text).map((name) => [name, undefined]);
}
