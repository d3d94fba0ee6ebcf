import { parseBenchArgs } from "./args.ts";
import { type Machine, machine, nodeHost, runtime } from "./node.ts";
import { ferrograd } from "./peers/ferrograd.ts";
import { peers as allPeers } from "./peers/index.ts";
import { relaxed } from "./peers/relaxed.ts";
import { runSuites } from "./runner.ts";
import { suites as allSuites } from "./suites/index.ts";
import { formatTables } from "./table.ts";
import type { Row } from "./types.ts";

/** What a run of the benchmarks leaves. */
export interface Report {
  readonly machine: Machine;
  readonly date: string;
  readonly command: string;
  readonly rows: readonly Row[];
}

const NAMES = allSuites.map(({ name }) => name);
const printLine = (line: string) => void process.stderr.write(`${line}\n`);

/** The runtimes asked for; checks all of the command line. */
export function runtimesOf(argv: readonly string[]): string {
  return parseBenchArgs(argv, NAMES).runtimes;
}

/** Whether the suite is asked for. */
export function wants(argv: readonly string[], suite: string): boolean {
  return parseBenchArgs(argv, NAMES).suites.includes(suite);
}

export { sizeRows } from "./suites/size.ts";

/** What a browser is asked to run: it has neither files nor processes, so nobody beside us. */
export function browserOptions(argv: readonly string[]) {
  const { suites, quick, relaxed } = parseBenchArgs(argv, NAMES);
  const there = allSuites.filter(({ outsideBrowsers }) => !outsideBrowsers);
  const names = there.map(({ name }) => name).filter((name) => suites.includes(name));
  return { suites: names, quick, relaxed };
}

/** Runs the suites named in `argv` in this process. */
export async function measure(argv: readonly string[], peersFolder: string): Promise<Row[]> {
  const { log } = console;
  console.log = console.error; // whatever a peer prints must not mix with the results
  const args = parseBenchArgs(argv, NAMES);
  const rows = await runSuites(
    allSuites.filter(({ name }) => args.suites.includes(name)),
    {
      ours: ferrograd,
      relaxed: args.relaxed ? relaxed : undefined,
      peers: allPeers.filter(({ installed }) => args.peers || !installed),
      rounds: args.quick ? 5 : 15,
      warmUpMs: args.quick ? 100 : 150,
      runtime: runtime(),
      host: nodeHost(peersFolder),
      progress: printLine,
    },
  );
  console.log = log;
  return rows;
}

/** Tables on standard error; on standard output, with `--json`, what is given back. */
export function report(argv: readonly string[], rows: readonly Row[]): Report {
  const args = parseBenchArgs(argv, NAMES);
  printLine(
    formatTables(
      allSuites.filter(({ name }) => args.suites.includes(name)),
      rows,
    ),
  );
  const command = ["npm -s run bench --", ...argv].join(" ");
  const date = new Date().toISOString().slice(0, 10);
  const all = { machine: machine(), date, command, rows };
  if (args.json) process.stdout.write(`${JSON.stringify(all, null, 2)}\n`);
  return all;
}
