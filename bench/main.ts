import {
  type AgainstRow,
  type Builds,
  formatAgainst,
  PAIRS,
  QUICK_PAIRS,
  runAgainst,
} from "./against.ts";
import { type BenchArgs, parseBenchArgs } from "./args.ts";
import { FULL, QUICK } from "./harness.ts";
import { type Machine, machine, nodeHost, runtime } from "./node.ts";
import { ferrograd } from "./peers/ferrograd.ts";
import { peers as allPeers } from "./peers/index.ts";
import { relaxed } from "./peers/relaxed.ts";
import { runSuites } from "./runner.ts";
import { suites as allSuites } from "./suites/index.ts";
import { formatTables } from "./table.ts";
import type { Engine, Peer, Row, Suite } from "./types.ts";

/** What a run of the benchmarks leaves. */
export interface Report<R = Row> {
  readonly machine: Machine;
  readonly date: string;
  readonly command: string;
  readonly rows: readonly R[];
}

const NAMES = allSuites.map(({ name }) => name);
const printLine = (line: string) => void process.stderr.write(`${line}\n`);

/** The command line, checked whole. */
export function argsOf(argv: readonly string[]): BenchArgs {
  return parseBenchArgs(argv, NAMES);
}

export { sizeRows } from "./suites/size.ts";

/** The suites that are asked for, with the cases that are. */
function suitesOf(args: BenchArgs): Suite[] {
  const wanted = allSuites.filter(({ name }) => args.suites.includes(name));
  if (args.case === "") return wanted;
  return wanted.map(({ rows: _, ...suite }) => ({
    ...suite,
    cases: suite.cases.filter(({ name }) => name.includes(args.case)),
  }));
}

/** What a browser is asked to run: it has neither files nor processes, so nobody beside us. */
export function browserOptions(argv: readonly string[]) {
  const { suites, quick, relaxed } = argsOf(argv);
  const there = allSuites.filter(({ outsideBrowsers }) => !outsideBrowsers);
  const names = there.map(({ name }) => name).filter((name) => suites.includes(name));
  return { suites: names, quick, relaxed };
}

/** Whatever a peer prints must not mix with the results. */
async function quietly<T>(work: () => Promise<T>): Promise<T> {
  const { log } = console;
  console.log = console.error;
  try {
    return await work();
  } finally {
    console.log = log;
  }
}

/** Runs the suites named in `argv` in this process. */
export function measure(argv: readonly string[], peersFolder: string): Promise<Row[]> {
  const args = argsOf(argv);
  return quietly(() =>
    runSuites(suitesOf(args), {
      ours: ferrograd,
      relaxed: args.relaxed ? relaxed : undefined,
      peers: allPeers.filter(({ installed }) => args.peers || !installed),
      pace: args.quick ? QUICK : FULL,
      runtime: runtime(),
      host: nodeHost(peersFolder),
      progress: printLine,
    }),
  );
}

/** Times the bundles of two builds, of each its module and its program, in turns. */
export async function measureAgainst(
  argv: readonly string[],
  peersFolder: string,
  bundles: Readonly<Record<keyof Builds, { readonly url: string; readonly program: string }>>,
): Promise<AgainstRow[]> {
  const args = argsOf(argv);
  const { runProgram, ...host } = nodeHost(peersFolder);
  const engines: [string, Engine | undefined][] = [];
  for (const [name, { url, program }] of Object.entries(bundles)) {
    const { ferrograd } = (await import(url)) as { ferrograd: Peer };
    const own = { ...host, runProgram: (_: string, task: object) => runProgram?.(program, task) };
    engines.push([name, await ferrograd.load(own as typeof host)]);
  }
  return runAgainst(suitesOf(args), Object.fromEntries(engines) as unknown as Builds, {
    pace: args.quick ? QUICK_PAIRS : PAIRS,
    progress: printLine,
  });
}

/** The same for two builds as `report` for tables. */
export function reportAgainst(argv: readonly string[], rows: readonly AgainstRow[]): void {
  printLine(`\n${formatAgainst(rows)}`);
  print(argv, rows);
}

/** Tables on standard error; on standard output, with `--json`, what is given back. */
export function report(argv: readonly string[], rows: readonly Row[]): Report {
  printLine(formatTables(suitesOf(argsOf(argv)), rows));
  return print(argv, rows);
}

function print<R>(argv: readonly string[], rows: readonly R[]): Report<R> {
  const command = ["npm -s run bench --", ...argv].join(" ");
  const date = new Date().toISOString().slice(0, 10);
  const all = { machine: machine(), date, command, rows };
  if (argsOf(argv).json) process.stdout.write(`${JSON.stringify(all, null, 2)}\n`);
  return all;
}
