import type { TableProblem } from "../problems.ts";

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

/** The column that is most likely what someone wants to predict: one with such a name, else the last one. */
export function likelyTarget(columns: readonly ColumnReport[]): string | undefined {
  const usable = columns.filter(({ use, problem }) => use === "feature" && problem === undefined);
  return (usable.findLast(({ name }) => TARGET_NAMES.test(name)) ?? usable.at(-1))?.name;
}
