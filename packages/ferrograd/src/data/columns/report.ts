import type { TableProblem } from "../problems.ts";
import { Fault } from "./kind.ts";
import { type FeatureColumn, kindOf } from "./kinds.ts";
import type { LeftOut } from "./left-out.ts";
import { remarkOf } from "./number.ts";
import type { ColumnProfile } from "./profile.ts";
import { mergedSpellings, type TableTarget } from "./target.ts";

/** What a column is used for. */
export type ColumnUse = "feature" | "target" | "left out";

/** One line of the table of columns: what a column was taken for, and why. */
export interface ColumnReport {
  readonly name: string;
  readonly use: ColumnUse;
  /** What it was taken as: `number in kg`, `text of 3 kinds`, `one of 2 classes`. */
  readonly says: string;
  /** Why it is left out, or what else is to be known. */
  readonly why?: string;
  /** Rows without a value. */
  readonly missing: number;
  /** Its first value. */
  readonly example: string;
  /** Different texts, as many as were counted. */
  readonly distinct: number;
  /** Least and largest value, of numbers and dates. */
  readonly range?: readonly [string, string];
  /** The most frequent texts, and how often they stand there. */
  readonly frequent: readonly (readonly [string, number])[];
  /** What is wrong with it. */
  readonly problem?: TableProblem;
}

/** Names of what people want to know. */
const TARGET_NAMES =
  /^(?:target|label|labels|class|classes|y|outcome|result|species|kind|type|category|churn|churned|fraud|default|survived|diagnosis|quality|price|sold|sales|demand|load|response|score|grade|rating)$/i;

/** Texts of more kinds, than letters, are remarks. */
const MOST_CLASSES = 26;

/** A unit behind a name: `Price [$]`. */
const UNIT = /\s*[([].*[)\]]$/;

/**
 * The columns that are most likely what someone wants to predict: those with such a name, else the first one where it has classes and the
 * last where it has none.
 */
export function likelyTargets(columns: readonly ColumnReport[]): readonly string[] {
  const whole = columns.filter(({ use, problem }) => use === "feature" && problem === undefined);
  const few = whole.filter(({ range, distinct }) => range || distinct <= MOST_CLASSES);
  const usable = few.length > 0 ? few : whole;
  const named = usable.filter(({ name }) => TARGET_NAMES.test(name.replace(UNIT, "")));
  const ends = usable.filter(
    ({ range }, i) =>
      i === usable.length - 1 || (i === 0 && range === undefined && usable.at(-1)!.range),
  );
  return (named.length > 0 ? named : ends).map(({ name }) => name);
}

/** What was found out about a column that is no target. */
export interface Studied {
  readonly profile: ColumnProfile;
  readonly column?: FeatureColumn;
  readonly out?: LeftOut;
  readonly problem?: TableProblem;
}

const MOST_FREQUENT = 3;

/** The line of a column that is no target. */
export function featureReport({ profile, column, out, problem }: Studied): ColumnReport {
  const { name, gaps, marked, example, distinct } = profile;
  const kind = column && kindOf(column);
  const range = column && kind?.range?.(column);
  const why = out?.why ?? (column && kind?.remark?.(profile));
  return {
    name,
    use: out ? "left out" : "feature",
    says: column && kind && !out ? kind.says(column) : out ? "left out" : "not clear",
    ...(why !== undefined && { why }),
    missing: gaps + (kind?.hasMarks === false ? 0 : marked),
    example,
    distinct,
    ...(range && { range }),
    frequent: profile.frequent(MOST_FREQUENT),
    ...(problem && { problem }),
  };
}

/** The line of the target. */
export function targetReport(profile: ColumnProfile, target: TableTarget | Fault): ColumnReport {
  const { name, empty, marked, example, distinct } = profile;
  const isFault = target instanceof Fault;
  const merged = isFault ? undefined : mergedSpellings(profile, target);
  const why = !isFault && target.task === "regression" ? remarkOf(profile) : merged;
  const classes = isFault || target.task === "regression" ? undefined : target;
  const unit = isFault || target.task === "classification" ? undefined : target.unit;
  const says = isFault
    ? "not clear"
    : classes
      ? `one of ${classes.classNames.length} classes`
      : `a number${unit === undefined ? "" : ` in ${unit}`}`;
  return {
    name,
    use: "target",
    says,
    ...(why !== undefined && { why }),
    missing: empty + (classes && classes.spelling === undefined ? 0 : marked),
    example,
    distinct,
    frequent: profile.frequent(MOST_FREQUENT),
    ...(isFault && { problem: target.problem }),
  };
}
