/** The few things that only Node (and what imitates it) can do. */
import { spawn, spawnSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { cpus, platform, release, totalmem } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { fileURLToPath } from "node:url";
import { BenchError } from "./error.ts";
import { packArrays, unpackArrays } from "./packing.ts";
import type { Host, LineProcess, ProgramResult } from "./types.ts";

export interface Machine {
  readonly cpu: string;
  readonly cores: number;
  readonly memoryGiB: number;
  readonly os: string;
}

/** Of the runtime itself: "2.9.6" in Deno. */
export function runtimeVersion(): string {
  const { versions } = process;
  return versions.bun ?? (versions as Partial<Record<string, string>>).deno ?? versions.node;
}

export function machine(): Machine {
  return {
    cpu: cpus()[0]?.model ?? "unknown",
    cores: cpus().length,
    memoryGiB: Math.round(totalmem() / 2 ** 30),
    os: `${platform()} ${release()}`,
  };
}

/** Such as "node24"; Bun and Deno imitate Node's versions too. */
export function runtime(): string {
  for (const name of ["bun", "deno"]) if (name in process.versions) return name;
  return `node${process.versions.node.split(".")[0]}`;
}

/** Takes packages from the peers' own folder, as they were published. */
export function nodeHost(peersFolder: string): Host & Required<Pick<Host, "runProgram">> {
  const require = createRequire(join(peersFolder, "package.json"));
  // Peers of one thread: some define a Worker for themselves, and others take that for threads.
  if (!("Worker" in globalThis)) {
    Object.defineProperty(globalThis, "Worker", { get: () => undefined, set() {} });
  }
  return {
    importPackage: async (name) => require(name) as unknown,
    versionOf: (name) => pinned(peersFolder, name),
    runProgram,
    spawnPython: (script) => spawnPython(join(peersFolder, script)),
    spawnPeer: (name) => spawnPeer(peersFolder, name),
  };
}

const besideThis = (path: string) => fileURLToPath(new URL(path, import.meta.url));

/** What this runtime is started with to run a bundle beside this one. */
function programArgs(bundle: string, args: readonly string[]): string[] {
  const all = [besideThis(bundle), ...args];
  return runtime() === "deno" ? ["run", "-A", "--quiet", ...all] : all;
}

/** A bundle beside this one, in a fresh process of the same runtime: the last line that it prints, of JSON. */
export function runFresh(bundle: string, args: readonly string[], input = ""): unknown {
  const options = { input, encoding: "utf8", maxBuffer: 1 << 28 } as const;
  const all = programArgs(bundle, args);
  const { status, stdout, stderr } = spawnSync(process.execPath, all, options);
  if (status !== 0) {
    const [why = `status ${status}`] = stderr.match(/^\w*Error: .*$/m) ?? [];
    throw new BenchError(`${[bundle, ...args].join(" ")}: failed: ${why}`);
  }
  return JSON.parse(stdout.slice(stdout.lastIndexOf("\n") + 1));
}

function runProgram(name: string, task: object): ProgramResult {
  const program = besideThis(`programs/${name}.mjs`);
  return runFresh("first.mjs", [program], packArrays(task)) as ProgramResult;
}

function pinned(folder: string, name: string): string {
  const text = readFileSync(join(folder, "package.json"), "utf8");
  const { dependencies } = JSON.parse(text) as { dependencies: Record<string, string> };
  return dependencies[name] ?? "";
}

/** Looks for them without loading them, which takes seconds. */
const HAS_TORCH =
  "import importlib.util as u, sys; sys.exit(not all(map(u.find_spec, ('torch', 'numpy'))))";

/** Python with torch: BENCH_PYTHON, or python3. */
async function spawnPython(script: string): Promise<LineProcess | undefined> {
  const python = process.env.BENCH_PYTHON ?? "python3";
  if (spawnSync(python, ["-c", HAS_TORCH]).status !== 0) return undefined;
  // One thread, and none that spins while others have their turn.
  return talkTo(python, [script], { OMP_NUM_THREADS: "1", OMP_WAIT_POLICY: "PASSIVE" });
}

function spawnPeer(peersFolder: string, name: string): LineProcess {
  return talkTo(process.execPath, programArgs("peer-child.mjs", [peersFolder, name]));
}

/** A process that answers lines; it ends with this one, whose pipe it reads. */
function talkTo(command: string, args: readonly string[], env: object = {}): LineProcess {
  const start = () => {
    const child = spawn(command, args, {
      stdio: ["pipe", "pipe", "inherit"],
      env: { ...process.env, ...env },
    });
    child.unref();
    const lines = createInterface({ input: child.stdout })[Symbol.asyncIterator]();
    return { child, lines };
  };
  let started: ReturnType<typeof start> | undefined;
  let turn = Promise.resolve<unknown>(undefined);
  const ask = async (question: object) => {
    started ??= start();
    started.child.stdin.write(`${packArrays(question)}\n`);
    const { done, value } = await started.lines.next();
    if (done) throw new BenchError(`${args.at(-1)}: ended without an answer`);
    return unpackArrays(value);
  };
  return {
    ask(question) {
      turn = turn.then(() => ask(question));
      return turn;
    },
    end() {
      started?.child.kill("SIGKILL"); // it may be in a loop that hears nothing
      [started, turn] = [undefined, Promise.resolve()];
    },
  };
}
