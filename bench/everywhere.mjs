// The runtimes one after the other, each with what it tells on the way.
import { spawn } from "node:child_process";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { browserProgram, runInBrowser } from "../scripts/lib/browser-run.mjs";
import { ask, Failure } from "../scripts/lib/run.mjs";
import { Absent, chooseRuntimes, isBrowser, runtimeCommand } from "../scripts/lib/runtimes.mjs";

/** What a runtime needs for the relaxed build; the others have it, or lack it. */
const RELAXED_FLAGS = { node20: ["--experimental-wasm-relaxed-simd"] };

/** Those of the list that are here, installed on first use; what is absent is named. */
export function present(list) {
  return chooseRuntimes(list).filter((name) => {
    try {
      isBrowser(name) ? browserProgram(name) : runtimeCommand(name);
      return true;
    } catch (error) {
      if (!(error instanceof Absent)) throw error;
      console.error(`absent: ${name}: ${error.message.split("\n")[0]}`);
      return false;
    }
  });
}

/** Runs the benchmarks in one of them; gives runtime, version and rows. */
export function runIn(name, argv, { bench, folder, peers, tell }) {
  if (isBrowser(name)) {
    const options = JSON.stringify(bench.browserOptions(argv));
    const file = (path) => readFileSync(join(folder, path));
    const files = { "/peer.js": file("browser-peer.mjs"), ...peerFiles(argv, peers) };
    const call = `bench(${JSON.stringify(name)}, ${options}, tell)`;
    return runInBrowser(name, file("browser.mjs"), call, { files, tell });
  }
  const [program, ...args] = runtimeCommand(name);
  if (argv.includes("--relaxed")) args.push(...(RELAXED_FLAGS[name] ?? []));
  return talk(name, program, [...args, join(folder, "child.mjs"), peers, ...argv], tell);
}

/** What peers load from beside their code. */
function peerFiles(argv, peers) {
  if (!argv.includes("--peers")) return {};
  const wasm = [
    "@tensorflow/tfjs-backend-wasm/dist/tfjs-backend-wasm-simd.wasm",
    "onnxruntime-web/dist/ort-wasm-simd-threaded.wasm",
  ];
  const entries = wasm.map((path) => {
    return [path.slice(path.lastIndexOf("/")), readFileSync(join(peers, "node_modules", path))];
  });
  return Object.fromEntries(entries);
}

/** A process that says on each line what it does, and at last what it measured. */
export async function talk(name, program, args, tell) {
  const child = spawn(program, args, { stdio: ["ignore", "pipe", 2] });
  const ended = new Promise((resolve) => child.on("close", resolve).on("error", resolve));
  let measured;
  for await (const text of createInterface({ input: child.stdout })) {
    const message = parse(name, text);
    if (message.line !== undefined) tell(message.line);
    measured ??= message.measured;
  }
  const why = await ended;
  if (measured === undefined) throw new Failure(`${name}: the benchmarks failed (${why})`);
  return measured;
}

/** A line that is cut off fails like the rest of a runtime: those before and after it are kept. */
function parse(name, text) {
  try {
    return JSON.parse(text);
  } catch {
    throw new Failure(`${name}: expected a line of JSON, got ${text.slice(0, 200)}`);
  }
}

/** The commit that is measured, for people. */
export const stateOf = () => ask("git", ["describe", "--always", "--dirty"]) ?? "unknown";
