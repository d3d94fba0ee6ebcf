import { readFileSync, rmSync } from "node:fs";
import { delimiter, dirname, join } from "node:path";
import { GENERATED, RELAXED, ROOT } from "./paths.mjs";
import { capture, Failure, showBeside, step } from "./run.mjs";
import {
  RELAXED_FLAGS,
  RUST_FLAGS,
  sourcesHash,
  WASM_PACK_FLAGS,
  wasmIsCurrent,
} from "./sources.mjs";
import { compareBuilds, readBuild } from "./wasm-compare.mjs";
import { optimize, optimizeForSize, writeGenerated } from "./wasm-output.mjs";
import { TARGET, wasmToolchain } from "./wasm-toolchain.mjs";
import { WASM_BINDGEN, wasmTools } from "./wasm-tools.mjs";

/**
 * Builds the wasm module from source, unless the one that is there came from these sources. The
 * relaxed one goes to dist/relaxed, where only benchmarks look. With `compare` the new one must be
 * the one that was there.
 */
export async function buildWasm(options = {}) {
  const { force = false, apt = false, relaxed = false, compare = false } = options;
  const destination = relaxed ? RELAXED : GENERATED;
  if (!force && !compare && wasmIsCurrent(destination)) return console.error("wasm is current");
  const before = compare ? readBuild(destination) : undefined;
  const toolchain = wasmToolchain(apt);
  const target = join(ROOT, "target", `wasm-${toolchain.key}`);
  const base = { ...toolchain.env, ...onPath(toolchain.path), CARGO_TARGET_DIR: target };
  const flags = [...(relaxed ? RELAXED_FLAGS : RUST_FLAGS).split(" "), ...nameless(base)];
  const env = { ...base, CARGO_ENCODED_RUSTFLAGS: flags.join("\x1f") };
  const hash = sourcesHash();
  const [tools] = await Promise.all([wasmTools(), compile(env)]);
  const folder = join(target, "pkg");
  step("wasm-pack build", 3, () => {
    rmSync(folder, { recursive: true, force: true });
    capture("wasm-pack", ["build", "crates/wasm", ...WASM_PACK_FLAGS, "--out-dir", folder], {
      env: { ...env, ...onPath([...toolchain.path, ...tools]) },
    });
  });
  await step("wasm-opt", 8, () => {
    const unpacker = join(target, TARGET, "release/ferrograd_inflate.wasm");
    const modules = { core: optimize(folder, relaxed), inflate: optimizeForSize(unpacker) };
    const origin = { hash, toolchain: nameOf(toolchain) };
    return writeGenerated(folder, modules, origin, destination);
  });
  if (compare) compareBuilds(before, readBuild(destination));
}

/** PATH with these folders first. */
function onPath(folders) {
  const name = Object.keys(process.env).find((key) => key.toUpperCase() === "PATH"); // Windows: Path
  return { [name]: [...folders, process.env[name]].join(delimiter) };
}

/** Compiles both modules, while the tools are made: wasm-pack then finds its own compiled. */
async function compile(env) {
  const crates = ["-p", "ferrograd-wasm", "-p", "ferrograd-inflate"];
  const args = ["build", "--lib", ...crates, "--release", "--target", TARGET, "--quiet"];
  const done = await step("cargo build, for the modules", 15, () => showBeside("cargo", args, env));
  if (!done) throw new Failure("build:wasm: cargo build failed; what it said stands above");
}

/** All that decides the bytes of the module, besides its sources. */
function nameOf({ key }) {
  const { version } = JSON.parse(
    readFileSync(join(ROOT, "node_modules/binaryen/package.json"), "utf8"),
  );
  return `${key}, wasm-bindgen-${WASM_BINDGEN}, binaryen-${version}`;
}

/** Flags that keep this machine's folders out of the texts of panics. Brings Cargo.lock up to date. */
function nameless(env) {
  const output = capture("cargo", ["metadata", "--format-version", "1", "--quiet"], { env });
  const packages = JSON.parse(output).packages.filter(({ source }) => source !== null);
  const folders = new Set(packages.map((item) => dirname(dirname(item.manifest_path))));
  return [...folders].map((folder) => `--remap-path-prefix=${folder}=`);
}
