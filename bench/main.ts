import { parseBenchArgs } from "./args.ts";
import { machine, nodeHost, runtime } from "./node.ts";
import { ferrograd } from "./peers/ferrograd.ts";
import { peers as allPeers } from "./peers/index.ts";
import { runSuites } from "./runner.ts";
import { suites as allSuites } from "./suites/index.ts";
import { formatTables } from "./table.ts";

/**
 * Runs the suites named in `argv`: tables on standard error; on standard output, with `--json`, one
 * object `{ machine, command, rows }`.
 */
export async function main(argv: readonly string[], peersFolder: string): Promise<void> {
  const print = (line: string) => void process.stderr.write(`${line}\n`);
  console.log = console.error; // whatever a peer prints must not mix with the results
  const names = allSuites.map(({ name }) => name);
  const args = parseBenchArgs(argv, names);
  const suites = allSuites.filter(({ name }) => args.suites.includes(name));
  const rows = await runSuites(suites, {
    ours: ferrograd,
    peers: allPeers.filter(({ installed }) => args.peers || !installed),
    rounds: args.quick ? 5 : 15,
    warmUpMs: args.quick ? 100 : 150,
    runtime: runtime(),
    host: nodeHost(peersFolder),
    progress: print,
  });
  print(formatTables(suites, rows));
  if (!args.json) return;
  const command = ["npm -s run bench --", ...argv].join(" ");
  process.stdout.write(`${JSON.stringify({ machine: machine(), command, rows }, null, 2)}\n`);
}
