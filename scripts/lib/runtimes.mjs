import { existsSync, mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { cacheFolder } from "./paths.mjs";
import { Failure, isProgram, npm, step } from "./run.mjs";

const { platform, arch } = process;
const system = platform === "win32" ? "win" : platform;

/** npm packages that hold nothing but the program; pinned. */
const PROGRAMS = {
  node20: [`node-${system}-${arch}`, "20.20.2", "bin/node"],
  node22: [`node-${system}-${arch}`, "22.23.3", "bin/node"],
  node24: [`node-${system}-${arch}`, "24.21.0", "bin/node"],
  node26: [`node-${system}-${arch}`, "26.10.0", "bin/node"],
  deno: [`@deno/${platform}-${arch}${platform === "linux" ? "-glibc" : ""}`, "2.9.6", "deno"],
  bun: [`@oven/bun-${platform === "win32" ? "windows" : platform}-${arch}`, "1.4.5", "bin/bun"],
};
/** It cannot be had here; what fails while it runs is another matter. */
export class Absent extends Error {}

const BROWSERS = ["chromium", "firefox", "webkit"];

const RUNTIMES = [...Object.keys(PROGRAMS), ...BROWSERS];
export const isBrowser = (name) => BROWSERS.includes(name);

/** "all", or names separated by commas. */
export function chooseRuntimes(list) {
  const names = list === "all" ? RUNTIMES : list.split(",");
  const unknown = names.find((name) => !RUNTIMES.includes(name));
  if (unknown === undefined) return names;
  throw new Failure(`--runtimes: expected all or some of ${RUNTIMES.join(",")}, got "${unknown}"`);
}

/** The command that runs a script there, as [program, ...arguments]; installs it on first use. Throws Absent. */
export function runtimeCommand(name) {
  const [pkg, version, path] = PROGRAMS[name];
  const folder = join(cacheFolder(), "runtimes", `${name}-${version}`);
  const program = join(folder, "node_modules", pkg, platform === "win32" ? `${path}.exe` : path);
  if (!existsSync(program)) {
    mkdirSync(folder, { recursive: true });
    writeFileSync(join(folder, "package.json"), '{ "private": true }\n');
    const flags = ["--ignore-scripts", "--no-save", "--no-audit", "--no-fund"];
    try {
      step(`installing ${name} ${version}`, 10, () =>
        npm(["install", ...flags, `${pkg}@${version}`], { cwd: folder }),
      );
    } catch (error) {
      throw new Absent(error.message);
    }
  }
  if (!isProgram(program)) throw new Absent(`expected ${program}, got none`);
  return name === "deno" ? [program, "run", "-A", "--quiet"] : [program];
}
