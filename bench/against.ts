/** Two builds of ours, timed in turns in one process: what a change costs, or saves. */
import { assertAgrees } from "./compare.ts";
import { BenchError } from "./error.ts";
import { type Clock, clockOf, measure, type Pace, type Timing } from "./harness.ts";
import { type Entrant, openEntrant } from "./runner.ts";
import { median, rotate } from "./statistics.ts";
import { align } from "./table.ts";
import type { Case, Engine, Suite } from "./types.ts";

/** Of a sitting: few short blocks, as there are many sittings. */
const PAIRS: Pace = {
  ...{ blocks: 4, slowBlocks: 2, untimedMs: 15, timedMs: 25, warmUpMs: 60, budgetMs: 500 },
};

/** How often both builds are opened anew. */
export interface Sittings {
  readonly least: number;
  readonly most: number;
  /** No more of them when they took so long. */
  readonly budgetMs: number;
}
export const SITTINGS: Sittings = { least: 8, most: 40, budgetMs: 12_000 };
export const QUICK_SITTINGS: Sittings = { least: 3, most: 6, budgetMs: 2000 };

/** Sittings end when the ratio is known as well as this. */
const ERROR = 0.01;
/** With a larger error a case is not judged. */
const NOISE = 0.02;

/** A copy of each, with a core of its own. */
export interface Builds {
  readonly mine: Engine;
  readonly theirs: Engine;
}

export interface AgainstOptions {
  readonly sittings: Sittings;
  readonly clock?: Clock;
  readonly progress: (line: string) => void;
}

export interface AgainstRow {
  readonly suite: string;
  readonly case: string;
  readonly mineMs: number;
  readonly theirsMs: number;
  /** Our time in units of theirs. Above 1: slower than that build. */
  readonly ratio: number;
  /** Twice the standard error of the ratio, from what the sittings say. */
  readonly error: number;
  readonly sittings: number;
  /** The clock that was compared: the processor's where the machine was busy with others. */
  readonly clock: "wall" | "cpu";
  /** Why the case cannot be judged. */
  readonly mark?: string;
}

/** Every case that both builds can do. */
export async function runAgainst(
  suites: readonly Suite[],
  copies: readonly Builds[],
  options: AgainstOptions,
): Promise<AgainstRow[]> {
  const rows: AgainstRow[] = [];
  for (const suite of suites) {
    for (const item of suite.cases) {
      options.progress(`${suite.name} ${item.name}`);
      const said = await runCase(item, copies, options);
      if (said !== undefined) rows.push({ suite: suite.name, case: item.name, ...said });
    }
  }
  return rows;
}

type Compared = Omit<AgainstRow, "suite" | "case">;

/**
 * Of two copies of the same code in one process one is up to 5 % faster as long as it lives, where
 * calls take a microsecond: it is a matter of where code and data lie. So both are opened anew many
 * times, in other copies of the library, until the middle of what these sittings say is known.
 */
async function runCase(
  item: Case,
  copies: readonly Builds[],
  { sittings, clock, progress }: AgainstOptions,
): Promise<Compared | undefined> {
  const all: (readonly Timing[])[] = [];
  const now = () => clock?.now() ?? performance.now();
  const start = now();
  for (;;) {
    const turn = all.length;
    const tell = turn === 0 ? progress : () => {};
    const timings = await sit(item, copies[turn % copies.length], turn, clock, tell);
    if (timings === undefined) return undefined;
    all.push(timings);
    if (all.length < sittings.least) continue;
    const said = compare(all);
    const over = all.length >= sittings.most || now() - start >= sittings.budgetMs;
    if (said.error <= ERROR || over) return said;
  }
}

/** Times of mine and theirs in fresh sessions; undefined where one of them cannot do it. */
async function sit(
  item: Case,
  builds: Builds,
  turn: number,
  clock: Clock | undefined,
  progress: (line: string) => void,
): Promise<readonly Timing[] | undefined> {
  const entrants: Entrant[] = [];
  try {
    let expected: ArrayLike<number> | undefined;
    for (const [name, engine] of rotate(Object.entries(builds), turn)) {
      const opened = await openEntrant(item, name, engine).catch((error: unknown) => {
        progress(`  not in ${name}: ${error instanceof Error ? error.message : error}`);
        return undefined;
      });
      if (opened === undefined) return undefined;
      entrants.push(opened.entrant);
      expected ??= opened.results;
      tellDifference(name, opened.results, expected, item, progress);
    }
    await assertApart(entrants, builds);
    const timings = await measure(entrants, PAIRS, clock);
    return timings[0].name === "mine" ? timings : timings.toReversed();
  } finally {
    for (const { session } of entrants) session.dispose();
  }
}

/** Other results are no reason not to time: a change may be meant to give them. */
function tellDifference(
  name: string,
  results: ArrayLike<number>,
  expected: ArrayLike<number>,
  item: Case,
  progress: (line: string) => void,
): void {
  try {
    assertAgrees(name, item, results, expected);
  } catch (error) {
    if (!(error instanceof BenchError)) throw error;
    progress(`  other results: ${error.message}`);
  }
}

/** Each build has to run its own core: a call of one must not be counted by another. */
async function assertApart(entrants: readonly Entrant[], builds: Builds): Promise<void> {
  const counts = () => Object.entries(builds).map(([name, engine]) => [name, engine.coreCalls?.()]);
  for (const { name, run } of entrants) {
    const others = () => String(counts().filter(([other]) => other !== name));
    const before = others();
    await run();
    if (others() !== before)
      throw new BenchError("bench: --against: expected builds with a core each, got one for both");
  }
}

function compare(sittings: readonly (readonly Timing[])[]): Compared {
  const clock = clockOf(sittings.flat());
  const turns = ({ blocksMs, blocksCpuMs }: Timing) => (clock === "wall" ? blocksMs : blocksCpuMs);
  const ratios = sittings.map(([mine, theirs]) => {
    const [over, under] = [turns(mine), turns(theirs)];
    return median(over.slice(0, under.length).map((ms, turn) => ms / under[turn]));
  });
  const time = (of: number) => median(sittings.map((timings) => median(turns(timings[of]))));
  const [ratio, error] = [middle(ratios), errorOf(ratios)];
  const said = { mineMs: time(0), theirsMs: time(1), ratio, error, sittings: ratios.length, clock };
  return error > NOISE ? { ...said, mark: "noise" } : said;
}

const sortedOf = (values: readonly number[]) => [...values].sort((a, b) => a - b);

/** Mean of the middle half, which knows more than the median and is as deaf to outliers. */
function middle(values: readonly number[]): number {
  const quarter = values.length >> 2;
  const half = sortedOf(values).slice(quarter, values.length - quarter);
  return half.reduce((sum, value) => sum + value, 0) / half.length;
}

/** Twice its standard error: about 1.1 s / sqrt(n), with s from the quartiles. */
function errorOf(values: readonly number[]): number {
  const sorted = sortedOf(values);
  const quartile = (share: number) => sorted[Math.round(share * (sorted.length - 1))];
  return (2 * 1.1 * (quartile(0.75) - quartile(0.25))) / 1.349 / Math.sqrt(values.length);
}

/** A table, and a line that says which case is the worst of those that can be judged. */
export function formatAgainst(rows: readonly AgainstRow[]): string {
  const ms = (value: number) => value.toPrecision(3);
  const body = rows.map((row) => [
    ...[`${row.suite} ${row.case}`, ms(row.mineMs), ms(row.theirsMs), row.ratio.toFixed(3)],
    ...[row.error.toFixed(3), String(row.sittings), row.clock, row.mark ?? ""],
  ]);
  const head = [
    "case",
    "this ms",
    "that ms",
    "this / that",
    "+-",
    "sittings",
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
