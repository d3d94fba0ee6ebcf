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
import { choosePeers, chooseSuites, paceOf } from "./choice.ts";
import type { Run } from "./docs/data.ts";
import { FULL, QUICK } from "./harness.ts";
import { type Machine, machine, nodeHost, runFresh, runtime, runtimeVersion } from "./node.ts";
import { ferrograd } from "./peers/ferrograd.ts";
import { peers as allPeers } from "./peers/index.ts";
import { relaxed } from "./peers/relaxed.ts";
import { type Outcome, runSuites } from "./runner.ts";
import { suites as allSuites } from "./suites/index.ts";
import { formatTables } from "./table.ts";
import type { Engine, Peer, Row, Suite, Time, TimeRow } from "./types.ts";

/** What a run of the benchmarks prints. */
export interface Report<R = Row> {
  readonly machine: Machine;
  readonly date: string;
  readonly command: string;
  /** How the numbers came about, for people. */
  readonly method: string;
  readonly rows: readonly R[];
}

const METHOD =
  "All libraries take turns, each in a process and in blocks of its own: 125 ms that nobody times (150 before the first), so that it is warm, then at least 250 ms; a call of more than 400 ms is a block. Every number is the median of three blocks, of two where a library is more than twice as slow as ours, one block where it is more than four times as slow.";

/** The runtime in which every case is measured, beside native libraries too. */
const WHOLE_RUNTIME = "node24";
const NAMES = allSuites.map(({ name }) => name);
const printLine = (line: string) => void process.stderr.write(`${line}\n`);

/** The command line, checked whole. */
export function argsOf(argv: readonly string[]): BenchArgs {
  return parseBenchArgs(argv, NAMES);
}

export { keepRun, readRuns } from "./docs/data.ts";
export { runtime as here } from "./node.ts";
export { follow, formatPlan, planOf, START } from "./plan.ts";
export { formatSpent } from "./spent.ts";
export { sizeRows } from "./suites/size.ts";

/** What is measured in a runtime: in one everything, in the others what is not named by name is brief. */
export function argvIn(argv: readonly string[], runtime: string): readonly string[] {
  const { suites, case: part } = argsOf(argv);
  const named = suites.length < NAMES.length || part !== "";
  return named || runtime === WHOLE_RUNTIME ? argv : [...argv, "--brief"];
}

/** What is told before each case, and once where a suite has rows of its own. */
export function labelsOf(argv: readonly string[], isBrowser: boolean): string[] {
  return chooseSuites(allSuites, argsOf(argv), isBrowser).flatMap(({ name, cases, rows }) => [
    ...cases.map((item) => `${name} ${item.name}`),
    ...(rows === undefined ? [] : [name]),
  ]);
}

/** What a browser is asked to run. */
export const browserOptions: (argv: readonly string[]) => BenchArgs = argsOf;

/** A run as it is kept. */
export function runOf(
  argv: readonly string[],
  measured: Pick<Run, "runtime" | "version" | "state" | "seconds" | "rows">,
): Run {
  const { rows, seconds, ...rest } = measured;
  return { ...rest, ...circumstances(argv), seconds, rows };
}

/** When, where and how. */
function circumstances(argv: readonly string[]): Omit<Report, "rows"> {
  const command = ["npm -s run bench --", ...argv].join(" ");
  const date = new Date().toISOString().slice(0, 10);
  return { machine: machine(), date, command, method: METHOD };
}

/** What a runtime gives back. */
export interface Measured extends Outcome {
  readonly runtime: string;
  readonly version: string;
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
export async function measure(
  argv: readonly string[],
  peersFolder: string,
  progress = printLine,
): Promise<Measured> {
  const args = argsOf(argv);
  const suites = chooseSuites(allSuites, args);
  const outcome = await measureSuites(suites, args, peersFolder, progress);
  return { runtime: runtime(), version: runtimeVersion(), ...outcome };
}

function measureSuites(
  suites: readonly Suite[],
  args: BenchArgs,
  peersFolder: string,
  progress = printLine,
): Promise<Outcome> {
  return quietly(() =>
    runSuites(suites, {
      ours: ferrograd,
      relaxed: args.relaxed ? relaxed : undefined,
      peers: choosePeers(allPeers, args),
      pace: paceOf(args),
      runtime: runtime(),
      host: nodeHost(peersFolder),
      progress,
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
    async again(tasks) {
      const asked = (suite: string, name: string) =>
        tasks.some((task) => task.suite === suite && task.case === name);
      const suites = allSuites.map(({ rows: _, ...suite }) => ({
        ...suite,
        cases: suite.cases.filter(({ name }) => asked(suite.name, name)),
      }));
      return (await measureSuites(suites, args, peersFolder)).rows as TimeRow[];
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
  return runAgainst(chooseSuites(allSuites, args), copies, { sittings, progress: printLine });
}

/** The same for two builds as `report` for tables. */
export function reportAgainst(argv: readonly string[], rows: readonly AgainstRow[]): void {
  printLine(`\n${formatAgainst(rows)}`);
  print(argv, rows);
}

/** Tables on standard error; on standard output, with `--json`, what is given back. */
export function report(argv: readonly string[], rows: readonly Row[]): Report {
  const measured = allSuites.filter(({ name }) => rows.some(({ suite }) => suite === name));
  printLine(formatTables(measured, rows));
  return print(argv, rows);
}

function print<R>(argv: readonly string[], rows: readonly R[]): Report<R> {
  const all = { ...circumstances(argv), rows };
  if (argsOf(argv).json) process.stdout.write(`${JSON.stringify(all, null, 2)}\n`);
  return all;
}
