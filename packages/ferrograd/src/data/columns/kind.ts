import type { TableProblem, TableRemedy } from "../problems.ts";
import type { Decimal } from "../table.ts";
import type { DateFormatName } from "./dates.ts";
import type { ReasonName } from "./left-out.ts";
import type { ColumnProfile } from "./profile.ts";

/** What someone said a column is. */
export interface Asked {
  readonly numeric?: true;
  /** How many of its texts become features of their own. */
  readonly text?: number;
  /** How its dates are written; true for any way. */
  readonly date?: DateFormatName | true;
}

/** What is known beside a column's own values. */
export interface Context {
  readonly asked: Asked;
  /** Are missing values filled in? */
  readonly fills: boolean;
  /** What stands before decimals, as was said. */
  readonly decimal: Decimal | undefined;
  /** What stands before decimals in other columns. */
  readonly evidence: Decimal | undefined;
  readonly delimiter: string | undefined;
}

/** What is wrong with one value, or strange about it. */
export interface Flaw {
  /** A text that training never saw, a number far from all it saw, or no value of the kind at all. */
  readonly kind: "unseen" | "outside" | "wrong";
  readonly expected: string;
  readonly got: string;
  readonly remedies?: readonly TableRemedy[];
}

/** Puts the features of a value at a place, which is 0 before. */
export type Encoder = (value: string, data: Float32Array, at: number) => Flaw | undefined;

/** A kind of column: how it is recognized, kept and made features of. */
export interface Kind<C> {
  /**
   * The column that the values of a profile make, or what is wrong with them; undefined where they are
   * of another kind.
   */
  learn(profile: ColumnProfile, context: Context): C | Fault | undefined;
  /** Why a column of this kind may be left out, beside what holds for all. */
  readonly reasons: readonly ReasonName[];
  /** Stand words such as `nan` for missing values in it? */
  readonly hasMarks: boolean;
  /** Is it what a schema may hold, of whatever an object says? */
  isColumn(column: Readonly<Record<string, unknown>>): boolean;
  /** Names of its features. */
  features(column: C): string[];
  /** `decimal` is what stands before decimals in the table, where that was said. */
  encoder(column: C, decimal?: Decimal): Encoder;
  /** What people read of it. */
  says(column: C): string;
  /** What a missing value becomes, as people read it. */
  filled(column: C): string | undefined;
  /** What else is to be known of a column of this kind. */
  remark?(profile: ColumnProfile): string | undefined;
  /** Least and largest value in training. */
  range?(column: C): readonly [string, string] | undefined;
}

/** Why a column cannot be learnt from. */
export class Fault {
  readonly problem: TableProblem;
  constructor(problem: TableProblem) {
    this.problem = problem;
  }
}

/** From this share of its kind on, a column's other texts are slips of the pen. */
export const MOSTLY = 0.9;

/** A problem of the texts that are unlike the others, the first of them by its row, with what may be done about them. */
export function slip(
  profile: ColumnProfile,
  expected: string,
  [text, ...more]: readonly [string, ...string[]],
  row?: number,
): Fault {
  const { name } = profile;
  return new Fault({
    ...(row !== undefined && { row }),
    column: name,
    expected,
    got: JSON.stringify(text),
    remedies: [
      {
        option: "missingValues",
        value: [text, ...more],
        does: `counts ${more.length > 0 ? "them" : "it"} as missing`,
      },
      { option: "ignore", value: [name], does: "leaves the column out" },
    ],
  });
}
