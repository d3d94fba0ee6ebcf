import { ArgumentError, DataError } from "../errors.ts";
import { show } from "../options/index.ts";
import { askedOf, type ColumnOptions, checkColumnOptions } from "./column-options.ts";
import { type Asked, type Context, Fault } from "./columns/kind.ts";
import { kinds } from "./columns/kinds.ts";
import { leftOut } from "./columns/left-out.ts";
import { ColumnProfile, type Limits } from "./columns/profile.ts";
import {
  type ColumnReport,
  featureReport,
  likelyTargets,
  type Studied,
  targetReport,
} from "./columns/report.ts";
import { learnTarget, type TableTarget } from "./columns/target.ts";
import { dataError, type TableProblem } from "./problems.ts";
import { type Decimal, findColumn, type Table, tableOf } from "./table.ts";
import { TableSchema } from "./table-schema.ts";

/** Texts that are counted, and texts of a sample, that all columns together may have: 30 MB. */
const MOST_COUNTED = 120_000;
const MOST_KEPT = 240_000;
/** Classes that a target may have. */
const MOST_CLASSES = 100_000;
const LEAST_KEPT = 256;
const MOST_TEXTS = 10_000;
const MOST_SAMPLED = 65_536;

/** What a profile makes of its table. */
export interface LearnedTable {
  readonly schema: TableSchema;
  /** The table of columns. */
  readonly columns: readonly ColumnReport[];
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
    const shareOf = (all: number) => Math.max(LEAST_KEPT, Math.floor(all / columns.length));
    const limits: Limits = {
      texts: Math.min(MOST_TEXTS, shareOf(MOST_COUNTED)),
      sample: Math.min(MOST_SAMPLED, shareOf(MOST_KEPT)),
    };
    const all = { ...limits, texts: MOST_CLASSES };
    return columns.map(
      (column, i) => new ColumnProfile(column, i, column.name === target ? all : limits),
    );
  }

  /** The table of columns; without a target all that are not left out are features. */
  get columns(): readonly ColumnReport[] {
    return this.study().columns;
  }

  /** The columns that are most likely the one to predict: those with such a name, else the last feature, and a first one of classes before numbers. */
  get likelyTargets(): readonly string[] {
    return likelyTargets(this.columns);
  }

  /** The last of them. */
  get likelyTarget(): string | undefined {
    return this.likelyTargets.at(-1);
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
    if (features.length === 0) throw noFeature(this.file, columns);
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
          ? { profile, out: { why: AS_ASKED, mayStay: false } }
          : learnColumn(profile, contextOf(profile.name)),
      );
    const kept = keepOne(learned);
    const own = this.profiles.find(({ name }) => name === target);
    const aim = own && learnTarget(own, contextOf(own.name), task);
    const fault = aim instanceof Fault ? aim.problem : undefined;
    const problems = kept.flatMap(({ problem }) => problem ?? []);
    const reports = new Map(kept.map((one) => [one.profile, featureReport(one)]));
    if (own) reports.set(own, targetReport(own, aim as TableTarget | Fault));
    return {
      columns: this.profiles.map((profile) => reports.get(profile)!),
      features: kept.flatMap(({ column, out }) => (column && !out ? [column] : [])),
      target: aim instanceof Fault ? undefined : aim,
      problems: fault ? [...problems, fault] : problems,
    };
  }
}

/** Why a column is left out that `ignore` names. */
const AS_ASKED = "as was asked";

/** The error of a table of which nothing is learnt from, with the reasons. */
function noFeature(file: string, columns: readonly ColumnReport[]): DataError {
  const out = columns.filter(({ use, why }) => use === "left out" && why !== AS_ASKED);
  const expected = "a column beside the target";
  if (out.length === 0) return new DataError(`${file}: expected ${expected}, got none`);
  const problems = out.map(({ name, why, range, distinct }) => {
    const remedy = { option: range ? "numeric" : "text", value: [name], does: "keeps it" };
    const remedies = distinct > 1 ? [remedy] : [];
    return { column: name, expected, got: `one that is left out: ${why}`, remedies };
  });
  return dataError(file, problems);
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
function learnColumn(profile: ColumnProfile, context: Context): Studied {
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
  { name, gaps, emptyRow, marked, markRow }: ColumnProfile,
  hasMarks: boolean,
): TableProblem | undefined {
  const rows = [...(gaps > 0 ? [emptyRow] : []), ...(hasMarks && marked > 0 ? [markRow] : [])];
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
function keepOne(learned: readonly Studied[]): readonly Studied[] {
  if (learned.some(({ out }) => out === undefined)) return learned;
  return learned.map((one) => {
    if (one.out?.mayStay !== true) return one;
    const { out, ...kept } = one;
    return kept;
  });
}
