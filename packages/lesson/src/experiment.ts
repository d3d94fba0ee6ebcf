/** How a table is drawn; columns by name. */
export interface Chart {
  /** A file of page/charts. */
  readonly kind: "bars" | "lines" | "rows" | "scatter" | "path";
  readonly title: string;
  /** Column of categories or of numbers; with `across` the name of what the columns of `y` count: 1, 2, ... */
  readonly x: string;
  readonly across?: boolean;
  /** Columns of values: one, or one per series. */
  readonly y: readonly string[];
  /** Column whose values tell the series apart. */
  readonly series?: string;
  /** Columns of the ends of a range around the value. */
  readonly range?: readonly [string, string];
  /** Only rows with this value in this column. */
  readonly where?: readonly [column: string, value: string | number];
  readonly scale?: "log" | "share";
  /** Ends of the axis of values, where the values should not set them. */
  readonly domain?: readonly [number, number];
}

/** A column's name and its values, one per row: numbers as measured, not rounded. */
export interface Table {
  readonly title: string;
  readonly columns: readonly string[];
  readonly rows: readonly (readonly (string | number)[])[];
  readonly charts?: readonly Chart[];
}

/** A part of the claim that the numbers decide. */
export interface Check {
  readonly says: string;
  readonly holds: boolean;
  /** In how many of how many runs from different seeds it holds, where anything is trained. */
  readonly seeds?: readonly [holds: number, of: number];
}

export type Verdict = "holds" | "holds partly" | "does not hold here" | "cannot be tested here";

/** What an experiment measured. */
export interface Measured {
  readonly tables: readonly Table[];
  readonly checks: readonly Check[];
  /** What depends on the machine, apart from all that a seed repeats. */
  readonly times?: Readonly<Record<string, number>>;
}

/** What readers are asked before they see the numbers. */
export interface Question {
  readonly asks: string;
  readonly options: readonly string[];
  /** The option that the numbers are for. */
  answer(measured: Measured): number;
}

/** How many epochs are trained where the experiment says so many. */
export type Epochs = (said: number) => number;

/** One claim of the lecture, put to the test. */
export interface Experiment {
  readonly id: string;
  readonly title: string;
  readonly claim: string;
  readonly prediction: string;
  /** Where the lecture simplifies, or what the numbers do not say. */
  readonly note?: string;
  readonly question: Question;
  /** From how many seeds it trains, as its tables say; 1 where nothing is trained. */
  readonly seeds: number;
  run(seeds: readonly number[], epochs: Epochs): Measured;
}

/** All checks hold, some, or none. */
export function verdictOf(checks: readonly Check[]): Verdict {
  if (checks.length === 0) return "cannot be tested here";
  if (checks.every(({ holds }) => holds)) return "holds";
  return checks.some(({ holds }) => holds) ? "holds partly" : "does not hold here";
}

/** The numbers and what they decide. */
export interface Outcome extends Measured {
  readonly verdict: Verdict;
  /** Which of the question's options they are for. */
  readonly answer: number;
  /** From how many seeds. */
  readonly seeds: number;
}

/** How many seeds a title says that it is of. */
const SEEDS = /\b(?:five|nine|\d+) seeds\b/;

/** What a title says where one seed alone was trained. */
export const ofOneSeed = (title: string): string => title.replace(SEEDS, "one seed");

const titledOfOne = ({ charts, ...table }: Table): Table => ({
  ...table,
  title: ofOneSeed(table.title),
  ...(charts && { charts: charts.map((one) => ({ ...one, title: ofOneSeed(one.title) })) }),
});

const whole: Epochs = (said) => said;
/** Enough to see that all works. */
const few: Epochs = (said) => Math.ceil(said / 10);

/**
 * From this seed and those after it: as many as the experiment asks for, or `quick`, from this one alone and in a
 * tenth of the epochs.
 */
export function outcomeOf(experiment: Experiment, seed: number, quick = false): Outcome {
  const seeds = quick ? 1 : experiment.seeds;
  const run = experiment.run(seedsFrom(seed, seeds), quick ? few : whole);
  const measured = quick ? { ...run, tables: run.tables.map(titledOfOne) } : run;
  const [verdict, answer] = [verdictOf(measured.checks), experiment.question.answer(measured)];
  return { ...measured, verdict, answer, seeds };
}

/** The first of rising limits that a value stays under, else their count: options from small to large. */
export const among = (value: number, limits: readonly number[]): number => {
  const at = limits.findIndex((limit) => value < limit);
  return at < 0 ? limits.length : at;
};

/** A cell: the first row of a table whose first cells are these. */
export function cell(
  { tables }: Measured,
  table: number,
  first: readonly (string | number)[],
  column: string,
): number {
  const { columns, rows } = tables[table]!;
  const row = rows.find((row) => first.every((value, i) => row[i] === value))!;
  return row[columns.indexOf(column)] as number;
}

/** So many seeds, from this one on. */
export const seedsFrom = (seed: number, count: number): number[] =>
  Array.from({ length: count }, (_, i) => seed + i);

/**
 * A check that holds where it does in most runs. What it says has a margin, so that nearly each run says the
 * same, and so would runs from other seeds.
 */
export function most<Run>(says: string, runs: readonly Run[], holds: (run: Run) => boolean): Check {
  const count = runs.filter(holds).length;
  return { says, holds: 2 * count > runs.length, seeds: [count, runs.length] };
}

export const median = (values: readonly number[]): number => {
  const sorted = values.toSorted((a, b) => a - b);
  const middle = (sorted.length - 1) / 2;
  return (sorted[Math.floor(middle)]! + sorted[Math.ceil(middle)]!) / 2;
};

/** Bars of shares, from 0 to 1. */
export const shareBars = (chart: Pick<Chart, "title" | "x" | "y" | "series" | "range">): Chart => ({
  kind: "bars",
  scale: "share",
  domain: [0, 1],
  ...chart,
});

/** Median, lowest and highest: three cells of a row. */
export const spread = (values: readonly number[]) =>
  [median(values), Math.min(...values), Math.max(...values)] as const;

/** The medians, place by place, of lists of one length. */
export const medians = (lists: readonly (readonly number[])[]): number[] =>
  lists[0]!.map((_, i) => median(lists.map((list) => list[i]!)));
