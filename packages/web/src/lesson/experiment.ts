/** A column's name and its values, one per row: numbers as measured, not rounded. */
export interface Table {
  readonly title: string;
  readonly columns: readonly string[];
  readonly rows: readonly (readonly (string | number)[])[];
}

/** A part of the claim that the numbers decide. */
export interface Check {
  readonly says: string;
  readonly holds: boolean;
}

export type Verdict = "holds" | "holds partly" | "does not hold here" | "cannot be tested here";

/** What an experiment measured. */
export interface Measured {
  readonly tables: readonly Table[];
  readonly checks: readonly Check[];
  /** What depends on the machine, apart from all that a seed repeats. */
  readonly times?: Readonly<Record<string, number>>;
}

/** One claim of the lecture, put to the test. */
export interface Experiment {
  readonly id: string;
  readonly title: string;
  readonly claim: string;
  readonly prediction: string;
  /** Where the lecture simplifies, or what the numbers do not say. */
  readonly note?: string;
  run(seed: number): Measured;
}

/** All checks hold, some, or none. */
export function verdictOf(checks: readonly Check[]): Verdict {
  if (checks.length === 0) return "cannot be tested here";
  if (checks.every(({ holds }) => holds)) return "holds";
  return checks.some(({ holds }) => holds) ? "holds partly" : "does not hold here";
}

export const median = (values: readonly number[]): number => {
  const sorted = values.toSorted((a, b) => a - b);
  const middle = (sorted.length - 1) / 2;
  return (sorted[Math.floor(middle)]! + sorted[Math.ceil(middle)]!) / 2;
};
