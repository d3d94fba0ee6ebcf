import { ArgumentError, DataError } from "../errors.ts";
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
import { type Asked, type Context, Fault } from "./columns/kind.ts";
import { type FeatureColumn, kindOf, kinds } from "./columns/kinds.ts";
import { type LeftOut, leftOut } from "./columns/left-out.ts";
import { ColumnProfile, type Limits } from "./columns/profile.ts";
import { type ColumnReport, likelyTarget } from "./columns/report.ts";
import {
  learnTarget,
  mergedSpellings,
  type TableTarget,
  type TableTask,
} from "./columns/target.ts";
import { dataError, type TableProblem } from "./problems.ts";
import { type Decimal, findColumn, type Table, tableOf } from "./table.ts";
import { TableSchema } from "./table-schema.ts";

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

/** Texts and samples that all columns together may have, in memory of some ten megabytes. */
const MOST_KEPT = 400_000;
const LEAST_KEPT = 256;
const MOST_TEXTS = 10_000;
const MOST_SAMPLED = 65_536;

/** What a profile makes of its table. */
export interface LearnedTable {
  readonly schema: TableSchema;
  /** The table of columns. */
  readonly columns: readonly ColumnReport[];
}

interface Learned {
  readonly profile: ColumnProfile;
  readonly column?: FeatureColumn;
  readonly out?: LeftOut;
  readonly problem?: TableProblem;
}

/**
 * What the columns of a table are, gathered from tables of some rows each in little memory, so that a file of any
 * size has one: `encodeTable` is made of it.
 *
 * @example
 * const profile = new TableProfile().add(readCsv("id,size,kind\n1,2.5,a\n2,3,b\n3,3.5,a\n4,2,b\n"));
 * profile.columns.map(({ name, use }) => `${name}: ${use}`) // ["id: left out", "size: feature", "kind: feature"]
 * profile.likelyTarget // "kind"
 *
 * @throws ArgumentError for unknown options, DataError for tables of other columns
 */
export class TableProfile {
  private readonly options: ColumnOptions;
  private readonly asked: ReadonlyMap<string, Asked>;
  private profiles: ColumnProfile[] | undefined;
  private file = "";
  private delimiter: string | undefined;
  private decimal: Decimal | undefined;
  private total = 0;

  constructor(options: ColumnOptions = {}) {
    this.options = checkColumnOptions("TableProfile", options);
    this.asked = askedOf("TableProfile", this.options);
    this.decimal = options.decimal;
  }

  /** Rows that were added. */
  get rows(): number {
    return this.total;
  }

  /** Adds the rows of a table, and gives the profile itself. */
  add(table: Table): this {
    tableOf("add()", table);
    this.profiles ??= this.open(table);
    const { profiles } = this;
    table.columns.forEach(({ name, values }, i) => {
      if (profiles[i]?.name !== name) {
        const got = `${show(name)} as column ${i + 1}`;
        throw new DataError(`${table.file}: expected the columns of the tables before, got ${got}`);
      }
      profiles[i].add(values, table.rows);
    });
    this.total += table.rows.length;
    return this;
  }

  private open(table: Table): ColumnProfile[] {
    const { columns, file, delimiter, decimal } = table;
    this.file = file;
    this.delimiter = delimiter;
    this.decimal ??= decimal;
    const { target, ignore = [] } = this.options;
    if (target !== undefined) findColumn(table, target, "target column");
    for (const name of [...ignore, ...this.asked.keys()]) findColumn(table, name);
    const share = Math.max(LEAST_KEPT, Math.floor(MOST_KEPT / columns.length));
    const limits: Limits = {
      texts: Math.min(MOST_TEXTS, share),
      sample: Math.min(MOST_SAMPLED, share),
    };
    const all = { ...limits, texts: Number.POSITIVE_INFINITY };
    return columns.map(
      (column, i) => new ColumnProfile(column, i, column.name === target ? all : limits),
    );
  }

  /** The table of columns; without a target all that are not left out are features. */
  get columns(): readonly ColumnReport[] {
    return this.study().columns;
  }

  /** The column that is most likely the one to predict: one with such a name, else the last feature. */
  get likelyTarget(): string | undefined {
    return likelyTarget(this.columns);
  }

  /**
   * What makes features of such a table, with the table of columns.
   *
   * @throws DataError for all that is wrong with its columns at once
   */
  learn(): LearnedTable {
    const { columns, features, target, problems } = this.study();
    if (target === undefined && problems.length === 0) {
      throw new ArgumentError("learn(): target: expected a column's name, got none");
    }
    if (problems.length > 0) throw dataError(this.file, problems);
    if (features.length === 0) {
      throw new DataError(`${this.file}: expected a column beside the target, got none`);
    }
    return { schema: new TableSchema(features, target!), columns };
  }

  private study() {
    if (this.profiles === undefined) {
      throw new ArgumentError("TableProfile: expected a table to be added first, got none");
    }
    const { target, task, ignore = [] } = this.options;
    const evidence = decimalsOf(this.profiles);
    const contextOf = (name: string): Context => ({
      asked: this.asked.get(name) ?? {},
      fills: this.options.missing === "fill",
      decimal: this.decimal,
      evidence,
      delimiter: this.delimiter,
    });
    const learned = this.profiles
      .filter(({ name }) => name !== target)
      .map((profile) =>
        ignore.includes(profile.name)
          ? { profile, out: { why: "as was asked", mayStay: false } }
          : learnColumn(profile, contextOf(profile.name)),
      );
    const kept = keepOne(learned);
    const own = this.profiles.find(({ name }) => name === target);
    const aim = own && learnTarget(own, contextOf(own.name), task);
    const fault = aim instanceof Fault ? aim.problem : undefined;
    const problems = kept.flatMap(({ problem }) => problem ?? []);
    const reports = new Map(kept.map((one) => [one.profile, reportOf(one)]));
    if (own) reports.set(own, targetReport(own, aim as TableTarget | Fault));
    return {
      columns: this.profiles.map((profile) => reports.get(profile)!),
      features: kept.flatMap(({ column, out }) => (column && !out ? [column] : [])),
      target: aim instanceof Fault ? undefined : aim,
      problems: fault ? [...problems, fault] : problems,
    };
  }
}

/** What stands before decimals in the columns that show it; undefined where none does, or both stand. */
function decimalsOf(profiles: readonly ColumnProfile[]): Decimal | undefined {
  const marks = new Set<Decimal>();
  for (const { numbers, numeric, values } of profiles) {
    if (numeric < values) continue;
    if (numbers.points > 0) marks.add(".");
    if (numbers.commas > 0) marks.add(",");
  }
  const [mark] = marks;
  return marks.size === 1 ? mark : undefined;
}

/** What a column is, and whether it stays. */
function learnColumn(profile: ColumnProfile, context: Context): Learned {
  const isAsked = Object.keys(context.asked).length > 0;
  for (const kind of kinds) {
    const column = kind.learn(profile, context);
    if (column === undefined) continue;
    if (column instanceof Fault) return { profile, problem: column.problem };
    const out = leftOut(profile, isAsked ? [] : kind.reasons);
    if (out !== undefined) return { profile, column, out };
    const problem = context.fills ? undefined : gapOf(profile, kind.hasMarks);
    return { profile, column, ...(problem && { problem }) };
  }
  return { profile, out: { why: "it has no values", mayStay: false } };
}

/** The first missing value of a column where none may be. */
function gapOf(
  { name, empty, emptyRow, marked, markRow }: ColumnProfile,
  hasMarks: boolean,
): TableProblem | undefined {
  const rows = [...(empty > 0 ? [emptyRow] : []), ...(hasMarks && marked > 0 ? [markRow] : [])];
  if (rows.length === 0) return undefined;
  return {
    row: Math.min(...rows),
    column: name,
    expected: "a value",
    got: "none",
    remedies: [{ option: "missing", value: "fill", does: "fills it in" }],
  };
}

/** Where no column would be left, one that may stay does. */
function keepOne(learned: readonly Learned[]): readonly Learned[] {
  if (learned.some(({ out }) => out === undefined)) return learned;
  return learned.map((one) => {
    if (one.out?.mayStay !== true) return one;
    const { out, ...kept } = one;
    return kept;
  });
}

const MOST_FREQUENT = 3;

function reportOf({ profile, column, out, problem }: Learned): ColumnReport {
  const { name, empty, marked, example, distinct } = profile;
  const kind = column && kindOf(column);
  const range = column && kind?.range?.(column);
  return {
    name,
    use: out ? "left out" : "feature",
    says: column && kind && !out ? kind.says(column) : out ? "left out" : "not clear",
    ...(out && { why: out.why }),
    missing: empty + (kind?.hasMarks === false ? 0 : marked),
    example,
    distinct,
    ...(range && { range }),
    frequent: profile.frequent(MOST_FREQUENT),
    ...(problem && { problem }),
  };
}

function targetReport(profile: ColumnProfile, target: TableTarget | Fault): ColumnReport {
  const { name, empty, marked, example, distinct } = profile;
  const isFault = target instanceof Fault;
  const merged = isFault ? undefined : mergedSpellings(profile, target);
  const classes = isFault || target.task === "regression" ? undefined : target;
  const says = isFault
    ? "not clear"
    : classes
      ? `one of ${classes.classNames.length} classes`
      : "a number";
  return {
    name,
    use: "target",
    says,
    ...(merged !== undefined && { why: merged }),
    missing: empty + (classes && classes.spelling === undefined ? 0 : marked),
    example,
    distinct,
    frequent: profile.frequent(MOST_FREQUENT),
    ...(isFault && { problem: target.problem }),
  };
}

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
function askedOf(where: string, { numeric, text: texts, date, target, ignore }: ColumnOptions) {
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
