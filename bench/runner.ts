import { type Ceiling, highestCeiling } from "./ceiling.ts";
import { assertAgrees, firstResults } from "./compare.ts";
import { BenchError } from "./error.ts";
import {
  bound,
  type Clock,
  type Contender,
  clockOf,
  measure,
  type Pace,
  type Timing,
} from "./harness.ts";
import { OverLimit, remoteEngine } from "./peers/remote.ts";
import type { Spent } from "./spent.ts";
import { median, ratio } from "./statistics.ts";
import type { Case, Engine, Host, Peer, Row, Session, Suite, Time, TimeRow } from "./types.ts";

export interface RunOptions {
  readonly ours: Peer;
  /** Another build of ours, timed beside it, with rows of its own. */
  readonly relaxed?: Peer;
  readonly peers: readonly Peer[];
  readonly pace: Pace;
  /** Default: the clocks of the runtime. */
  readonly clock?: Clock;
  /** Such as "node24". */
  readonly runtime: string;
  readonly host: Host;
  /** Told what is being measured. */
  readonly progress: (line: string) => void;
}

interface Loaded {
  readonly name: string;
  readonly engine: Engine;
}

type Timed = Timing & { readonly version: string };

/** What the suites gave, and what it took. */
export interface Outcome {
  readonly rows: readonly Row[];
  readonly spent: readonly Spent[];
}

/** Runs every case of the suites in this runtime. Throws where a peer computes something else. */
export async function runSuites(suites: readonly Suite[], options: RunOptions): Promise<Outcome> {
  const loaded = await loadPeers(options);
  const hasLimit = suites.some(({ cases }) => cases.some(({ flops }) => flops !== undefined));
  const limit = hasLimit ? await highestCeiling(options.clock) : undefined;
  const rows: Row[] = [];
  const spent: Spent[] = [];
  for (const suite of suites) {
    for (const item of suite.cases) {
      options.progress(`${suite.name} ${item.name}`);
      const outcome = await runCase(suite, item, loaded, limit, options);
      rows.push(...outcome.rows);
      spent.push(...outcome.spent);
    }
    if (suite.rows === undefined) continue;
    options.progress(suite.name);
    rows.push(...suite.rows(options.runtime));
  }
  return { rows, spent };
}

/** Those that can be had here; ours first. */
async function loadPeers({ ours, relaxed, peers, host, progress }: RunOptions): Promise<Loaded[]> {
  const loaded: Loaded[] = [{ name: ours.name, engine: await loadOurs(ours, host) }];
  const others = relaxed === undefined ? peers : [relaxed, ...peers];
  const started = await Promise.allSettled(
    others.map((peer) => (peer === relaxed ? peer.load(host) : loadPeer(peer, host))),
  );
  started.forEach((start, i) => {
    const { name } = others[i];
    if (start.status === "rejected") {
      const { reason } = start;
      progress(`absent here: ${name}: ${reason instanceof Error ? reason.message : reason}`);
    } else if (start.value === undefined) progress(`absent here: ${name}`);
    else loaded.push({ name, engine: start.value });
  });
  return loaded;
}

/** In a process of its own, where there can be one. */
async function loadPeer(peer: Peer, host: Host): Promise<Engine | undefined> {
  if (host.spawnPeer === undefined || peer.isApart) return peer.load(host);
  return remoteEngine(host.spawnPeer(peer.name));
}

async function loadOurs({ name, load }: Peer, host: Host): Promise<Engine> {
  const engine = await load(host);
  if (engine === undefined) throw new BenchError(`${name}: did not start`);
  return engine;
}

/** A session of one of the libraries, ready to be timed. */
export interface Entrant extends Contender {
  readonly session: Session;
  readonly version: string;
}

async function runCase(
  suite: Suite,
  item: Case,
  loaded: readonly Loaded[],
  limit: Ceiling | undefined,
  options: RunOptions,
): Promise<Outcome> {
  const { ours, relaxed, pace, clock, runtime, progress } = options;
  const where = `${suite.name} ${item.name}`;
  const entrants: Entrant[] = [];
  try {
    const { over, openMs } = await openAll(where, item, loaded, options, entrants);
    const limits = item.flops !== undefined && limit !== undefined ? [limit] : [];
    const bases = await baselines(item, loaded[0].engine);
    const timings = await measure([...entrants, ...bases, ...limits], pace, clock);
    for (const base of bases) base.dispose();
    const timed = entrants.flatMap(({ name, version }) => {
      const timing = timings.find((other) => other.name === name);
      return timing === undefined ? [] : { ...timing, version };
    });
    const own = timed.find(({ name }) => name === ours.name);
    if (own === undefined) throw new BenchError(`${where}: ${ours.name} has no such work`);
    for (const line of disturbances(timed)) progress(line);
    const other = timed.find(({ name }) => name === relaxed?.name);
    const theirs = timed.filter((timing) => timing !== own && timing !== other);
    const last = timings[timings.length - 1]; // the ceiling or the baseline
    const row = {
      ...createRow(suite, item, runtime, "simd", own, theirs),
      ...(item.flops && { ceilingShare: shareOf(item.flops, own, limits[0], last) }),
      ...(item.baseline && { overhead: overheadOf(own, last) }),
      ...(Object.keys(over).length > 0 && { over }),
    };
    const spent = spentOf(suite, item, openMs, timings);
    if (other === undefined) return { rows: [row], spent };
    const simd = { ...own, name: "simd" };
    return { rows: [row, createRow(suite, item, runtime, "relaxed", other, [simd])], spent };
  } finally {
    for (const { session } of entrants) session.dispose();
  }
}

interface Opened {
  /** Seconds that were too few for a first call. */
  readonly over: Readonly<Record<string, number>>;
  /** What each took to be opened and compared. */
  readonly openMs: Readonly<Record<string, number>>;
}

/** Puts everyone who has such work, with the same results as ours, among the entrants. */
async function openAll(
  where: string,
  item: Case,
  loaded: readonly Loaded[],
  { ours, clock, progress }: RunOptions,
  entrants: Entrant[],
): Promise<Opened> {
  const [over, openMs]: Record<string, number>[] = [{}, {}];
  const now = () => clock?.now() ?? performance.now();
  let expected: ArrayLike<number> | undefined;
  for (const { name, engine } of loaded) {
    const start = now();
    const opened = await openEntrant(item, name, engine).catch((error: unknown) => {
      if (name === ours.name) throw error;
      if (error instanceof OverLimit) over[name] = error.seconds;
      progress(`  not in it: ${name}: ${error instanceof Error ? error.message : error}`);
      return undefined;
    });
    openMs[name] = now() - start;
    if (opened === undefined) continue;
    entrants.push(opened.entrant);
    expected ??= opened.results; // ours come first
    assertAgrees(`${where}: ${name}`, item, opened.results, expected);
  }
  return { over, openMs };
}

/** Of everyone who was opened or timed. */
function spentOf(
  suite: Suite,
  item: Case,
  openMs: Opened["openMs"],
  timings: readonly Timing[],
): Spent[] {
  const all = { ...openMs };
  for (const { name, spentMs } of timings) all[name] = (all[name] ?? 0) + spentMs;
  return Object.entries(all).map(([contender, ms]) => ({
    ...{ suite: suite.name, case: item.name, contender, seconds: ms / 1000 },
  }));
}

/** What the two clocks say of contenders that did not have one processor, the whole of it, for themselves. */
function disturbances(timings: readonly Timing[]): string[] {
  const shares = timings.flatMap(({ cpuMs, medianMs }) =>
    cpuMs === undefined ? [] : cpuMs / medianMs,
  );
  const least = Math.min(...shares);
  const threads = timings.filter(({ cpuMs = 0, medianMs }) => cpuMs > 1.2 * medianMs);
  return [
    ...(least < 0.9
      ? [`  busy machine: others took up to ${Math.round(100 * (1 - least))} % of the time`]
      : []),
    ...threads.map(({ name }) => `  ${name} used more than one thread`),
  ];
}

/** The case's baseline, where it has one. */
async function baselines(item: Case, engine: Engine): Promise<(Contender & Session)[]> {
  const session = await item.baseline?.(engine);
  return session === undefined ? [] : [{ ...session, name: "baseline" }];
}

/** The middle of what the turns say: both were timed in each, one soon after the other. */
function overheadOf(ours: Timing, base: Timing): number {
  const turns = Math.min(ours.blocksMs.length, base.blocksMs.length);
  return median(ours.blocksMs.slice(0, turns).map((ms, turn) => ms / base.blocksMs[turn] - 1));
}

/** Our rate in units of the ceiling. */
function shareOf(flops: number, ours: Timing, limit: Ceiling, timing: Timing): number {
  const wall = clockOf([ours, timing]) === "wall";
  const ms = ({ medianMs, cpuMs = medianMs }: Timing) => (wall ? medianMs : cpuMs);
  return flops / ms(ours) / (limit.flops / ms(timing));
}

/** A session with its results; what a peer cannot do it refuses here, with an error or undefined. */
export async function openEntrant(item: Case, name: string, engine: Engine) {
  const session = await item.open(engine);
  if (session === undefined) return undefined;
  await session.prepare?.();
  const { results, callMs } = await firstResults(session, item.compares);
  const known = { ...(callMs !== undefined && { knownMs: callMs }), version: engine.version };
  const entrant: Entrant = { ...bound(session), ...known, name, session };
  return { entrant, results };
}

function createRow(
  suite: Suite,
  item: Case,
  runtime: string,
  build: TimeRow["build"],
  ours: Timing,
  others: readonly Timed[],
): TimeRow {
  return {
    suite: suite.name,
    case: item.name,
    runtime,
    build,
    api: item.api,
    copies: item.copies,
    ours: timeOf(item, ours),
    peers: Object.fromEntries(
      others.map((other) => [other.name, { version: other.version, ...timeOf(item, other) }]),
    ),
    ratio: Object.fromEntries(
      others.map(({ name, medianMs }) => [name, ratio(medianMs, ours.medianMs)]),
    ),
  };
}

function timeOf({ cold }: Case, { medianMs, cpuMs, coldMs }: Timing): Time {
  return { medianMs, ...(cpuMs !== undefined && { cpuMs }), ...(cold && { coldMs }) };
}
