import { BenchError } from "./error.ts";
import { assertSame, type Contender, measure, ratio, type Timing } from "./harness.ts";
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
  for (const { name, engine } of loaded) {
    const session = item.open(engine);
    if (session !== undefined) {
      contenders.push({ name, session, version: engine.version, run: () => session.run() });
    }
  }
  try {
    await compareResults(`${suite.name} ${item.name}`, item, contenders);
    const timings = await measure(contenders, { rounds, warmUpMs });
    const versions = new Map(contenders.map(({ name, version }) => [name, version]));
    return createRow(suite, item, runtime, ours.name, timings, versions);
  } finally {
    for (const { session } of contenders) session.dispose();
  }
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
