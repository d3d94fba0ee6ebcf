import { type Ceiling, ceilings } from "./ceiling.ts";
import { BenchError } from "./error.ts";
import { assertSame, type Contender, measure, median, ratio, type Timing } from "./harness.ts";
import type { Case, Engine, Host, Peer, Row, Session, Suite, TimeRow } from "./types.ts";

export interface RunOptions {
  readonly ours: Peer;
  /** Another build of ours, timed beside it, with rows of its own. */
  readonly relaxed?: Peer;
  readonly peers: readonly Peer[];
  readonly rounds: number;
  readonly warmUpMs?: number;
  /** The clock, in milliseconds. Default `performance.now`. */
  readonly now?: () => number;
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

/** Runs every case of the suites in this runtime. Throws where a peer computes something else. */
export async function runSuites(suites: readonly Suite[], options: RunOptions): Promise<Row[]> {
  const loaded = await loadPeers(options);
  const rows: Row[] = [];
  for (const suite of suites) {
    for (const item of suite.cases) {
      options.progress(`${suite.name} ${item.name}`);
      rows.push(...(await runCase(suite, item, loaded, options)));
    }
    if (suite.rows === undefined) continue;
    options.progress(suite.name);
    rows.push(...suite.rows(options.runtime));
  }
  return rows;
}

/** Those that can be had here; ours first. */
async function loadPeers({ ours, relaxed, peers, host, progress }: RunOptions): Promise<Loaded[]> {
  const loaded: Loaded[] = [{ name: ours.name, engine: await loadOurs(ours, host) }];
  for (const { name, load } of relaxed === undefined ? peers : [relaxed, ...peers]) {
    try {
      const engine = await load(host);
      if (engine !== undefined) loaded.push({ name, engine });
      else progress(`absent here: ${name}`);
    } catch (error) {
      progress(`absent here: ${name}: ${error instanceof Error ? error.message : error}`);
    }
  }
  return loaded;
}

async function loadOurs({ name, load }: Peer, host: Host): Promise<Engine> {
  const engine = await load(host);
  if (engine === undefined) throw new BenchError(`${name}: did not start`);
  return engine;
}

async function runCase(
  suite: Suite,
  item: Case,
  loaded: readonly Loaded[],
  { ours, relaxed, rounds, warmUpMs, now, runtime, progress }: RunOptions,
): Promise<TimeRow[]> {
  const contenders: (Contender & { session: Session; version: string })[] = [];
  try {
    let expected: ArrayLike<number> | undefined;
    for (const { name, engine } of loaded) {
      const opened = await openSession(item, engine).catch((error: unknown) => {
        if (name === ours.name) throw error;
        progress(`  not in it: ${name}: ${error instanceof Error ? error.message : error}`);
        return undefined;
      });
      if (opened === undefined) continue;
      const { session, results } = opened;
      contenders.push({ ...bound(session), name, session, version: engine.version });
      expected ??= results; // ours come first
      assertSame(`${suite.name} ${item.name}: ${name}`, results, expected, item.tolerance);
    }
    const limits = item.flops === undefined ? [] : ceilings();
    const bases = await baselines(item, loaded[0].engine);
    const all = [...contenders, ...limits, ...bases];
    const timings = await measure(all, { rounds, warmUpMs, now });
    for (const base of bases) base.dispose();
    const timed = contenders.map(({ version }, i) => ({ ...timings[i], version }));
    const own = timed.find(({ name }) => name === ours.name);
    if (own === undefined)
      throw new BenchError(`${suite.name} ${item.name}: ${ours.name} has no such work`);
    const other = timed.find(({ name }) => name === relaxed?.name);
    const theirs = timed.filter((timing) => timing !== own && timing !== other);
    const row = {
      ...createRow(suite, item, runtime, "simd", own, theirs),
      ...(item.flops && { ceilingShare: shareOf(item.flops, timings, limits) }),
      ...(item.baseline && { overhead: overheadOf(own, timings[timings.length - 1]) }),
    };
    if (other === undefined) return [row];
    const simd = { ...own, name: "simd" };
    return [row, createRow(suite, item, runtime, "relaxed", other, [simd])];
  } finally {
    for (const { session } of contenders) session.dispose();
  }
}

/** The case's baseline, where it has one. */
async function baselines(item: Case, engine: Engine): Promise<(Contender & Session)[]> {
  const session = await item.baseline?.(engine);
  return session === undefined ? [] : [{ ...session, name: "baseline" }];
}

/** The middle of what the rounds say: both were timed in each, one soon after the other. */
function overheadOf(ours: Timing, base: Timing): number {
  return median(ours.roundsMs.map((ms, round) => ms / base.roundsMs[round] - 1));
}

/** A session's functions, without a lookup of `this`. */
function bound(session: Session): Omit<Contender, "name"> {
  return {
    run: () => session.run(),
    ...(session.prepare && { prepare: () => session.prepare?.() }),
    ...(session.time && { time: session.time.bind(session) }),
  };
}

/**
 * Our rate in units of the ceiling, both in their fastest round: what other processes take away in
 * the other rounds says nothing about either.
 */
function shareOf(flops: number, timings: readonly Timing[], limits: readonly Ceiling[]): number {
  const best = (timing: Timing) => Math.min(...timing.roundsMs);
  const rates = limits.map(({ name, flops }) => {
    return flops / best(timings.find((timing) => timing.name === name) as Timing);
  });
  return flops / best(timings[0]) / Math.max(...rates);
}

/** A session with its results; what a peer cannot do it refuses here, with an error or undefined. */
async function openSession(item: Case, engine: Engine) {
  const session = await item.open(engine);
  if (session === undefined) return undefined;
  await session.prepare?.();
  return { session, results: await item.results(session) };
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
    ours: { medianMs: ours.medianMs },
    peers: Object.fromEntries(
      others.map(({ name, version, medianMs }) => [name, { version, medianMs }]),
    ),
    ratio: Object.fromEntries(
      others.map(({ name, medianMs }) => [name, ratio(medianMs, ours.medianMs)]),
    ),
  };
}
