import { spawnSync, spawn as start } from "node:child_process";
import { accessSync, constants, statSync } from "node:fs";
import { delimiter, join } from "node:path";
import { ROOT } from "./paths.mjs";

/** A failure with a message for people; `main` prints it without a stack. */
export class Failure extends Error {}

/** Whether `CI` says that this is an automatic build. */
export const CI = Boolean(process.env.CI) && process.env.CI !== "false";

function spawn(command, args, options) {
  const { env, ...rest } = options;
  return spawnSync(command, args, {
    cwd: ROOT,
    encoding: "utf8",
    maxBuffer: 1 << 28,
    ...rest,
    env: { ...process.env, ...env },
  });
}

/** Runs a command quietly and returns its standard output; on failure throws with the end of what it printed. */
export function capture(command, args, options = {}) {
  const result = spawn(command, args, { stdio: ["ignore", "pipe", "pipe"], ...options });
  if (result.status === 0) return result.stdout;
  const said = `${result.stdout ?? ""}${result.stderr ?? ""}`.trimEnd().split("\n").slice(-60);
  const why = result.error ? result.error.message : `exit status ${result.status}`;
  throw new Failure([`${command} ${args.join(" ")}: ${why}`, ...said].join("\n"));
}

/** Like `capture`, beside other work; ends what takes more than a quarter of an hour, as nothing does that does not hang. */
export async function captureBeside(command, args, options = {}) {
  const { env, ...rest } = options;
  const child = start(command, args, {
    cwd: ROOT,
    stdio: ["ignore", "pipe", "pipe"],
    timeout: 900_000,
    ...rest,
    env: { ...process.env, ...env },
  });
  const said = ["", ""];
  for (const [index, stream] of [child.stdout, child.stderr].entries()) {
    stream.setEncoding("utf8").on("data", (text) => {
      said[index] += text;
    });
  }
  const why = await new Promise((resolve) => {
    child.on("error", (error) => resolve(error.message));
    child.on("close", (status, signal) => resolve(status === 0 ? "" : `exit ${status ?? signal}`));
  });
  if (why === "") return said[0];
  const end = said.join("").trimEnd().split("\n").slice(-60);
  throw new Failure([`${command} ${args.join(" ")}: ${why}`, ...end].join("\n"));
}

/** Whether processes come in groups here: one that is `detached` is ended together with those it started. */
export const GROUPS = process.platform !== "win32";

/** Ends a process that was started as `detached: GROUPS`, and those that it started. */
export async function endGroup(child) {
  if (child.pid === undefined || child.exitCode !== null || child.signalCode) return;
  const ended = new Promise((resolve) => child.once("exit", resolve));
  if (GROUPS) process.kill(-child.pid, "SIGKILL");
  else child.kill("SIGKILL");
  await ended;
}

/** Like `capture`, with undefined instead of an exception: for questions such as "is it there?". */
export function ask(command, args, options = {}) {
  const result = spawn(command, args, { stdio: ["ignore", "pipe", "ignore"], ...options });
  return result.status === 0 ? result.stdout.trim() : undefined;
}

/** Runs a command that speaks for itself, on standard error; true when it succeeded. */
export function show(command, args, options = {}) {
  const result = spawn(command, args, { stdio: ["inherit", 2, 2], ...options });
  if (result.error) console.error(`${command}: ${result.error.message}`);
  return result.status === 0;
}

/** Whether a process that runs beside others succeeds. */
const succeeds = (child, command) =>
  new Promise((resolve) => {
    child.on("error", (error) => {
      console.error(`${command}: ${error.message}`);
      resolve(false);
    });
    child.on("close", (status) => resolve(status === 0));
  });

/** Like `show`, beside other work; with more in its environment, if that is given. */
export const showBeside = (command, args, more = {}) => {
  const env = { ...process.env, ...more };
  return succeeds(start(command, args, { cwd: ROOT, stdio: ["inherit", 2, 2], env }), command);
};

/** The same for what is quieter: what it says comes as a whole at its end, and is given back. */
export async function tellBeside(command, args) {
  const child = start(command, args, { cwd: ROOT, stdio: ["ignore", "pipe", "pipe"] });
  let output = "";
  for (const stream of [child.stdout, child.stderr]) {
    stream.setEncoding("utf8").on("data", (text) => {
      output += text;
    });
  }
  const ok = await succeeds(child, command);
  process.stderr.write(output);
  return { ok, output };
}

/** Standard error passes through, standard output is given back. */
export function tell(command, args, options = {}) {
  const result = spawn(command, args, { stdio: ["ignore", "pipe", 2], ...options });
  if (result.error) console.error(`${command}: ${result.error.message}`);
  return { ok: result.status === 0, output: result.stdout ?? "" };
}

/** npm as [command, arguments, options] that start it on every platform. */
function npmCommand(args) {
  const cli = process.env.npm_execpath;
  if (cli?.endsWith("npm-cli.js")) return [process.execPath, [cli, ...args], {}];
  return ["npm", args, { shell: process.platform === "win32" }];
}

export function npm(args, options = {}) {
  const [command, all, extra] = npmCommand(args);
  return capture(command, all, { ...extra, ...options });
}

/** The same, beside other work. */
export function npmBeside(args, options = {}) {
  const [command, all, extra] = npmCommand(args);
  return captureBeside(command, all, { ...extra, ...options });
}

/** The path of a program on PATH, or undefined. */
export function which(name, path = process.env.PATH ?? "") {
  const file = process.platform === "win32" ? `${name}.exe` : name;
  return path
    .split(delimiter)
    .map((folder) => join(folder, file))
    .find(isProgram);
}

export function isProgram(file) {
  try {
    accessSync(file, constants.X_OK);
    return statSync(file).isFile();
  } catch {
    return false;
  }
}

/** Does one named piece of work and prints the time it was expected to take and took. */
export function step(label, expectedSeconds, work) {
  console.error(`${label} (about ${expectedSeconds} s)`);
  const start = performance.now();
  const report = (result) => {
    const took = ((performance.now() - start) / 1000).toFixed(1);
    console.error(`  done in ${took} s, expected ${expectedSeconds} s`);
    return result;
  };
  const result = work();
  return result instanceof Promise ? result.then(report) : report(result);
}

/** Is it about what was typed rather than about the program? */
const isMisuse = (error) => String(error?.code).startsWith("ERR_PARSE_ARGS");

/** Runs a script's main function: a Failure, or an option it does not have, ends it with its message alone. */
export async function main(run) {
  try {
    await run();
  } catch (error) {
    if (!(error instanceof Failure) && !isMisuse(error)) throw error;
    console.error(error.message);
    process.exitCode = 1;
  }
}
