import { readFileSync, rmSync } from "node:fs";
import { dirname, join } from "node:path";
import { cacheFolder, ROOT, sha256 } from "./paths.mjs";
import { ask, capture, Failure, npm, showBeside, step, which } from "./run.mjs";

const EXE = process.platform === "win32" ? ".exe" : "";
const WASM_PACK = "0.15.0";
export const WASM_BINDGEN = "0.2.130";
/** What is compiled where a binary cannot be had; its lock file is the version of it all. */
const SOURCES = join(ROOT, "scripts/wasm-tools");

/** The folder of the first of these programs that runs and is the pinned version. */
function folderOf(programs, version) {
  const isPinned = (file) => ask(file, ["--version"])?.split(" ").includes(version);
  const program = programs.find((file) => file && isPinned(file));
  return program && dirname(program);
}

/** npm's wasm-pack is a script that downloads a binary, from where registries of packages do not reach. */
function downloadWasmPack(folder) {
  try {
    const install = ["install", "--prefix", folder, "--no-save", "--ignore-scripts"];
    npm([...install, `wasm-pack@${WASM_PACK}`]);
    const script = join(folder, "node_modules/wasm-pack/install.js");
    capture(process.execPath, [script], { timeout: 60_000 });
  } catch {
    console.error("  not available here");
  }
}

async function compile(folder) {
  const args = ["install", "--path", SOURCES, "--root", folder, "--debug", "--locked", "--force"];
  const target = join(folder, "target");
  const done = await step("cargo install, for wasm-pack and wasm-bindgen", 55, () =>
    showBeside("cargo", args, { CARGO_TARGET_DIR: target }),
  );
  rmSync(target, { recursive: true, force: true }); // half a gigabyte
  if (!done) throw new Failure("build:wasm: cargo install failed; what it said stands above");
}

/**
 * wasm-pack and wasm-bindgen in the pinned versions, as folders for PATH: those that are there, else
 * npm's wasm-pack, which downloads the wasm-bindgen that fits, else both compiled.
 */
export async function wasmTools() {
  const tools = join(cacheFolder(), "tools");
  const lock = readFileSync(join(SOURCES, "Cargo.lock"), "utf8").replaceAll("\r\n", "\n");
  const compiled = join(tools, `wasm-tools-${sha256(lock).slice(0, 12)}`);
  const own = (name) => join(compiled, "bin", name + EXE);
  const pack = folderOf([which("wasm-pack"), own("wasm-pack")], WASM_PACK);
  const bindgen = folderOf([which("wasm-bindgen"), own("wasm-bindgen")], WASM_BINDGEN);
  if (pack && bindgen) return [pack, bindgen];

  const folder = join(tools, `wasm-pack-${WASM_PACK}`);
  const binary = join(folder, "node_modules/wasm-pack/binary", `wasm-pack${EXE}`);
  const downloaded = () => folderOf([binary], WASM_PACK);
  if (!downloaded()) step("wasm-pack from npm", 5, () => downloadWasmPack(folder));
  if (downloaded()) return [downloaded()];
  await compile(compiled);
  return [join(compiled, "bin")];
}
