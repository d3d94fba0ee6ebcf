import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  renameSync,
  rmSync,
  writeFileSync,
} from "node:fs";
import { dirname, join } from "node:path";
import { cacheFolder, ROOT, sha256 } from "./paths.mjs";
import { npmBeside } from "./run.mjs";
import { Absent } from "./runtimes.mjs";

/** Exact versions of the tools, by set: what is installed together. */
export const TOOLS = JSON.parse(
  readFileSync(join(ROOT, "scripts/consumers/versions.json"), "utf8"),
);

const installs = new Map();

/** The node_modules with a set of tools, installed once for every run. Throws Absent where they cannot be had. */
export function toolsFolder(set) {
  if (!installs.has(set)) installs.set(set, install(set));
  return installs.get(set);
}

async function install(set) {
  const dependencies = TOOLS[set];
  const key = sha256(JSON.stringify([dependencies, process.platform, process.arch])).slice(0, 12);
  const kept = join(cacheFolder(), "consumers", `${set}-${key}`);
  if (existsSync(kept)) return join(kept, "node_modules");
  mkdirSync(dirname(kept), { recursive: true });
  const folder = mkdtempSync(`${kept}-`);
  writeFileSync(join(folder, "package.json"), JSON.stringify({ private: true, dependencies }));
  try {
    await npmBeside(["install", "--ignore-scripts", "--no-audit", "--no-fund"], { cwd: folder });
    renameSync(folder, kept); // whole, or not there
  } catch (error) {
    rmSync(folder, { recursive: true, force: true });
    if (!existsSync(kept)) throw new Absent(`${set}: ${error.message}`);
  }
  return join(kept, "node_modules");
}
