import {
  type AgainstRow,
  type Builds,
  formatAgainst,
  QUICK_SITTINGS,
  runAgainst,
  SITTINGS,
} from "./against.ts";
import { type AloneRow, compareAlone, formatAlone, type Task, timeAlone } from "./alone.ts";
import { type BenchArgs, parseBenchArgs } from "./args.ts";
import { FULL, QUICK } from "./harness.ts";
import { type Machine, machine, nodeHost, runFresh, runtime } from "./node.ts";
import { ferrograd } from "./peers/ferrograd.ts";
import { peers as allPeers } from "./peers/index.ts";
import { relaxed } from "./peers/relaxed.ts";
import { runSuites } from "./runner.ts";
import { suites as allSuites } from "./suites/index.ts";
import { formatTables } from "./table.ts";
import type { Engine, Peer, Row, Suite, Time, TimeRow } from "./types.ts";

/** What a run of the benchmarks leaves. */
export interface Report<R = Row> {
  readonly machine: Machine;
  readonly date: string;
  readonly command: string;
  /** How the numbers came about, for people. */
  readonly method: string;
  readonly rows: readonly R[];
}

const METHOD =
  "All libraries take turns, each in a process and in blocks of its own: 125 ms that nobody times, so that it is warm, then at least 250 ms. Every number is the median of three blocks, of two where a library is more than twice as slow as ours.";

const NAMES = allSuites.map(({ name }) => name);
const printLine = (line: string) => void process.stderr.write(`${line}\n`);

/** The command line, checked whole. */
export function argsOf(argv: readonly string[]): BenchArgs {
  return parseBenchArgs(argv, NAMES);
}

export { keepReport } from "./docs/data.ts";
export { sizeRows } from "./suites/size.ts";

/** The suites that are asked for, with the cases that are. */
function suitesOf(args: BenchArgs): Suite[] {
  const wanted = allSuites.filter(({ name }) => args.suites.includes(name));
  if (args.case === "") return wanted;
  return wanted
    .map(({ rows: _, ...suite }) => ({
      ...suite,
      cases: suite.cases.filter(({ name }) => name.includes(args.case)),
    }))
    .filter(({ cases }) => cases.length > 0);
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
  return measureSuites(suitesOf(args), args, peersFolder);
}

function measureSuites(
  suites: readonly Suite[],
  args: BenchArgs,
  peersFolder: string,
): Promise<Row[]> {
  return quietly(() =>
    runSuites(suites, {
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

/** One contender in one case, in this process. */
export function measureAlone(task: Task, peersFolder: string, quick: boolean) {
  const pace = quick ? QUICK : FULL;
  return quietly(() =>
    timeAlone(task, allSuites, [ferrograd, ...allPeers], nodeHost(peersFolder), pace),
  );
}

/** Compares times in company with those in fresh processes; gives the rows where they differ. */
export async function checkAlone(
  argv: readonly string[],
  rows: readonly Row[],
  peersFolder: string,
): Promise<AloneRow[]> {
  const args = argsOf(argv);
  const isTime = (row: Row): row is TimeRow => "medianMs" in row.ours;
  const compared = await compareAlone(rows.filter(isTime), {
    alone(task) {
      printLine(`alone: ${task.suite} ${task.case}: ${task.contender}`);
      const pace = args.quick ? "quick" : "full";
      return (runFresh("alone-child.mjs", [peersFolder, pace, JSON.stringify(task)]) ??
        undefined) as Time | undefined;
    },
    again(tasks) {
      const asked = (suite: string, name: string) =>
        tasks.some((task) => task.suite === suite && task.case === name);
      const suites = allSuites.map(({ rows: _, ...suite }) => ({
        ...suite,
        cases: suite.cases.filter(({ name }) => asked(suite.name, name)),
      }));
      return measureSuites(suites, args, peersFolder) as Promise<TimeRow[]>;
    },
  });
  printLine(`\n${formatAlone(compared)}`);
  return compared.filter(({ differs }) => differs);
}

/** So many copies of each build are there, to be timed in turns. */
const COPIES = 6;

/** Times two builds, of each its module and its program, in turns. */
export async function measureAgainst(
  argv: readonly string[],
  peersFolder: string,
  bundles: Readonly<Record<keyof Builds, { readonly url: string; readonly program: string }>>,
): Promise<AgainstRow[]> {
  const args = argsOf(argv);
  const host = nodeHost(peersFolder);
  const load = async ({ url, program }: (typeof bundles)["mine"], copy: number) => {
    const { ferrograd } = (await import(`${url}?copy=${copy}`)) as { ferrograd: Peer };
    const runProgram = (_: string, task: object) => host.runProgram(program, task);
    return (await ferrograd.load({ ...host, runProgram })) as Engine;
  };
  const copies: Builds[] = [];
  for (let i = 0; i < COPIES; i++) {
    copies.push({ mine: await load(bundles.mine, i), theirs: await load(bundles.theirs, i) });
  }
  const sittings = args.quick ? QUICK_SITTINGS : SITTINGS;
  return runAgainst(suitesOf(args), copies, { sittings, progress: printLine });
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
  const all = { machine: machine(), date, command, method: METHOD, rows };
  if (argsOf(argv).json) process.stdout.write(`${JSON.stringify(all, null, 2)}\n`);
  return all;
}
