import { type Ceiling, ceilings } from "./ceiling.ts";
import { BenchError } from "./error.ts";
import { assertSame, type Contender, measure, median, ratio, type Timing } from "./harness.ts";
import type { Case, Engine, Host, Peer, Row, Session, Suite } from "./types.ts";

export interface RunOptions {
  readonly ours: Peer;
  readonly peers: readonly Peer[];
  readonly rounds: number;
  readonly warmUpMs?: number;
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

/** Runs every case of the suites in this runtime. Throws where a peer computes something else. */
export async function runSuites(suites: readonly Suite[], options: RunOptions): Promise<Row[]> {
  const loaded: Loaded[] = [];
  for (const { name, load } of [options.ours, ...options.peers]) {
    loaded.push({ name, engine: await load(options.host) });
  }
  const rows: Row[] = [];
  for (const suite of suites) {
    for (const item of suite.cases) {
      options.progress(`${suite.name} ${item.name}`);
      rows.push(await runCase(suite, item, loaded, options));
    }
  }
  return rows;
}

async function runCase(
  suite: Suite,
  item: Case,
  loaded: readonly Loaded[],
  { ours, rounds, warmUpMs, runtime }: RunOptions,
): Promise<Row> {
  const contenders: (Contender & { session: Session; version: string })[] = [];
  try {
    for (const { name, engine } of loaded) {
      const session = await item.open(engine);
      if (session !== undefined) {
        contenders.push({ name, session, version: engine.version, run: () => session.run() });
      }
    }
    await compareResults(`${suite.name} ${item.name}`, item, contenders);
    const limits = item.flops === undefined ? [] : ceilings();
    const timings = await measure([...contenders, ...limits], { rounds, warmUpMs });
    const versions = new Map(contenders.map(({ name, version }) => [name, version]));
    const own = timings.slice(0, contenders.length);
    const row = createRow(suite, item, runtime, ours.name, own, versions);
    if (item.flops === undefined) return row;
    return { ...row, ceilingShare: shareOf(item.flops, timings, limits) };
  } finally {
    for (const { session } of contenders) session.dispose();
  }
}

/** Our rate in units of the ceiling of the same round: the median over the rounds. */
function shareOf(flops: number, timings: readonly Timing[], limits: readonly Ceiling[]): number {
  const rounds = timings.slice(-limits.length).map(({ roundsMs }) => roundsMs);
  const shares = timings[0].roundsMs.map((ourMs, round) => {
    const ceiling = Math.max(...limits.map((limit, i) => limit.flops / rounds[i][round]));
    return flops / ourMs / ceiling;
  });
  return median(shares);
}

/** Ours come first; every peer's results have to be the same. */
async function compareResults(
  where: string,
  item: Case,
  contenders: readonly { name: string; session: Session }[],
): Promise<void> {
  let expected: ArrayLike<number> | undefined;
  for (const { name, session } of contenders) {
    const actual = await item.results(session);
    if (expected === undefined) expected = actual;
    else assertSame(`${where}: ${name}`, actual, expected, item.tolerance);
  }
}

function createRow(
  suite: Suite,
  item: Case,
  runtime: string,
  ourName: string,
  timings: readonly Timing[],
  versions: ReadonlyMap<string, string>,
): Row {
  const ours = timings.find(({ name }) => name === ourName);
  if (ours === undefined)
    throw new BenchError(`${suite.name} ${item.name}: ${ourName} has no such work`);
  const others = timings.filter((timing) => timing !== ours);
  return {
    suite: suite.name,
    case: item.name,
    runtime,
    build: "simd",
    api: item.api,
    copies: item.copies,
    ours: { medianMs: ours.medianMs },
    peers: Object.fromEntries(
      others.map(({ name, medianMs }) => [name, { version: versions.get(name) ?? "", medianMs }]),
    ),
    ratio: Object.fromEntries(
      others.map(({ name, medianMs }) => [name, ratio(medianMs, ours.medianMs)]),
    ),
  };
}
