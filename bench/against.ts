/** Two builds of ours, timed in turns in one process: what a change costs, or saves. */
import { BenchError } from "./error.ts";
import { assertSame, type Clock, measure, median, type Pace, type Timing } from "./harness.ts";
import { type Entrant, openEntrant } from "./runner.ts";
import { align } from "./table.ts";
import type { Case, Engine, Suite } from "./types.ts";

/** Many short turns: what disturbs one of them disturbs its neighbours, and the median leaves it out. */
export const PAIRS: Pace = {
  ...{ blocks: 25, slowBlocks: 9, untimedMs: 20, timedMs: 40, warmUpMs: 150, budgetMs: 3000 },
};
export const QUICK_PAIRS: Pace = { ...PAIRS, blocks: 9, warmUpMs: 50 };

/** What differs less than this from 1 is called the same. */
const NOISE = 0.02;
/** With a smaller share of the processor than this, what others take away hides in the wall's time. */
const UNDISTURBED = 0.95;

export interface Builds {
  readonly mine: Engine;
  readonly theirs: Engine;
  /** Theirs once more: what it differs from itself is noise. */
  readonly control: Engine;
}

export interface AgainstOptions {
  readonly pace: Pace;
  readonly clock?: Clock;
  readonly progress: (line: string) => void;
}

export interface AgainstRow {
  readonly suite: string;
  readonly case: string;
  readonly mineMs: number;
  readonly theirsMs: number;
  /** Our time in units of theirs: the median of the turns. Above 1: slower than that build. */
  readonly ratio: number;
  /** Twice the standard error of that median. */
  readonly error: number;
  /** The ratio of their build to itself. */
  readonly control: number;
  /** The clock that was compared: the processor's where the machine was busy with others. */
  readonly clock: "wall" | "cpu";
  /** Why the case cannot be judged. */
  readonly mark?: string;
}

/** Every case that both builds can do. */
export async function runAgainst(
  suites: readonly Suite[],
  builds: Builds,
  options: AgainstOptions,
): Promise<AgainstRow[]> {
  const rows: AgainstRow[] = [];
  for (const suite of suites) {
    for (const item of suite.cases) {
      options.progress(`${suite.name} ${item.name}`);
      const row = await runCase(suite, item, builds, options);
      if (row !== undefined) rows.push(row);
    }
  }
  return rows;
}

async function runCase(
  suite: Suite,
  item: Case,
  builds: Builds,
  { pace, clock, progress }: AgainstOptions,
): Promise<AgainstRow | undefined> {
  const entrants: Entrant[] = [];
  try {
    let expected: ArrayLike<number> | undefined;
    for (const [name, engine] of Object.entries(builds)) {
      const opened = await openEntrant(item, name, engine).catch((error: unknown) => {
        progress(`  not in ${name}: ${error instanceof Error ? error.message : error}`);
        return undefined;
      });
      if (opened === undefined) return undefined;
      entrants.push(opened.entrant);
      expected ??= opened.results;
      tellDifference(name, opened.results, expected, item, progress);
    }
    await assertApart(entrants, Object.values(builds));
    const timings = await measure(entrants, pace, clock);
    return { suite: suite.name, case: item.name, ...compare(timings) };
  } finally {
    for (const { session } of entrants) session.dispose();
  }
}

/** Other results are no reason not to time: a change may be meant to give them. */
function tellDifference(
  name: string,
  results: ArrayLike<number>,
  expected: ArrayLike<number>,
  { tolerance }: Case,
  progress: (line: string) => void,
): void {
  try {
    assertSame(name, results, expected, tolerance);
  } catch (error) {
    if (!(error instanceof BenchError)) throw error;
    progress(`  other results: ${error.message}`);
  }
}

/** Each build has to run its own core: a call of one must not be counted by another. */
async function assertApart(entrants: readonly Entrant[], engines: readonly Engine[]) {
  const counts = () => engines.map(({ coreCalls }) => coreCalls?.() ?? 0);
  for (const [i, { name, run }] of entrants.entries()) {
    const before = counts();
    await run();
    const moved = counts().findIndex((count, j) => j !== i && count !== before[j]);
    if (moved >= 0)
      throw new BenchError(
        `bench: --against: expected cores of their own, got one that ${name} and ${entrants[moved].name} share`,
      );
  }
}

/** The ratios of the turns: all were timed in each, one soon after the other. */
function compare(timings: readonly Timing[]): Omit<AgainstRow, "suite" | "case"> {
  const [mine, theirs, control] = timings;
  const undisturbed = timings.every(({ cpuMs = Infinity, medianMs }) => {
    return cpuMs >= UNDISTURBED * medianMs;
  });
  const clock: AgainstRow["clock"] = undisturbed ? "wall" : "cpu";
  const turns = ({ blocksMs, blocksCpuMs }: Timing) => (undisturbed ? blocksMs : blocksCpuMs);
  const ratios = (a: Timing, b: Timing) => {
    const [over, under] = [turns(a), turns(b)];
    return over.slice(0, under.length).map((ms, turn) => ms / under[turn]);
  };
  const all = ratios(mine, theirs);
  const row = {
    ...{ mineMs: median(turns(mine)), theirsMs: median(turns(theirs)) },
    ...{ ratio: median(all), error: errorOf(all), control: median(ratios(control, theirs)), clock },
  };
  const mark = markOf(row);
  return mark === undefined ? row : { ...row, mark };
}

/** Twice the standard error of a median: 1.25 s / sqrt(n), with s from the quartiles. */
function errorOf(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b);
  const quartile = (share: number) => sorted[Math.round(share * (sorted.length - 1))];
  return (2 * 1.25 * (quartile(0.75) - quartile(0.25))) / 1.349 / Math.sqrt(values.length);
}

function markOf({ control, error }: Pick<AgainstRow, "control" | "error">): string | undefined {
  if (Math.abs(control - 1) > NOISE) return "that build differs from itself";
  return error > NOISE ? "the turns differ" : undefined;
}

/** A table, and a line that says which case is the worst of those that can be judged. */
export function formatAgainst(rows: readonly AgainstRow[]): string {
  const ms = (value: number) => value.toPrecision(3);
  const body = rows.map((row) => [
    ...[`${row.suite} ${row.case}`, ms(row.mineMs), ms(row.theirsMs), row.ratio.toFixed(3)],
    ...[row.error.toFixed(3), row.control.toFixed(3), row.clock, row.mark ?? ""],
  ]);
  const head = [
    "case",
    "this ms",
    "that ms",
    "this / that",
    "+-",
    "that / that",
    "clock",
    "not judged",
  ];
  return [...align([head, ...body]), "", summary(rows)].join("\n");
}

function summary(rows: readonly AgainstRow[]): string {
  const judged = rows.filter(({ mark }) => mark === undefined);
  const marked = rows.length - judged.length;
  const rest =
    marked === 0 ? "" : `; ${marked} of ${rows.length} cases not judged, as noise hides them`;
  if (judged.length === 0) return `no case to judge${rest}`;
  const worst = judged.reduce((a, b) => (b.ratio > a.ratio ? b : a));
  const best = judged.reduce((a, b) => (b.ratio < a.ratio ? b : a));
  const said = ({ suite, case: name, ratio }: AgainstRow) =>
    `${ratio.toFixed(3)} (${suite} ${name})`;
  return `slowest ${said(worst)}, fastest ${said(best)}${rest}`;
}
