import { rmSync } from "node:fs";
import { delimiter, dirname, join } from "node:path";
import { GENERATED, RELAXED, ROOT } from "./paths.mjs";
import { capture, step } from "./run.mjs";
import {
  RELAXED_FLAGS,
  RUST_FLAGS,
  sourcesHash,
  WASM_PACK_FLAGS,
  wasmIsCurrent,
} from "./sources.mjs";
import { optimize, optimizeForSize, writeGenerated } from "./wasm-output.mjs";
import { TARGET, wasmToolchain } from "./wasm-toolchain.mjs";
import { wasmTools } from "./wasm-tools.mjs";

/**
 * Builds the wasm module from source, unless the one that is there came from these sources. The
 * relaxed one goes to dist/relaxed, where only benchmarks look.
 */
export async function buildWasm({ force = false, apt = false, relaxed = false } = {}) {
  const destination = relaxed ? RELAXED : GENERATED;
  if (!force && wasmIsCurrent(destination)) return console.error("wasm is current");
  const toolchain = wasmToolchain(apt);
  const target = join(ROOT, "target", `wasm-${toolchain.key}`);
  const folder = join(target, "pkg");
  const pathName = Object.keys(process.env).find((name) => name.toUpperCase() === "PATH"); // Windows: Path
  const path = [...toolchain.path, ...wasmTools(), process.env[pathName]].join(delimiter);
  const base = {
    ...toolchain.env,
    [pathName]: path,
    CARGO_TARGET_DIR: target,
  };
  const flags = [...(relaxed ? RELAXED_FLAGS : RUST_FLAGS).split(" "), ...nameless(base)];
  const env = { ...base, CARGO_ENCODED_RUSTFLAGS: flags.join("\x1f") };
  const hash = sourcesHash();
  step("wasm-pack build", 15, () => {
    rmSync(folder, { recursive: true, force: true });
    capture("wasm-pack", ["build", "crates/wasm", ...WASM_PACK_FLAGS, "--out-dir", folder], {
      env,
    });
  });
  const unpacker = step("cargo build, for the module that unpacks it", 2, () => {
    capture("cargo", ["build", "-p", "ferrograd-inflate", "--release", "--target", TARGET], {
      env,
    });
    return join(target, TARGET, "release/ferrograd_inflate.wasm");
  });
  await step("wasm-opt", 8, () => {
    const modules = { core: optimize(folder, relaxed), inflate: optimizeForSize(unpacker) };
    return writeGenerated(folder, modules, hash, destination);
  });
}

/** Flags that keep this machine's folders out of the texts of panics. Brings Cargo.lock up to date. */
function nameless(env) {
  const output = capture("cargo", ["metadata", "--format-version", "1", "--quiet"], { env });
  const packages = JSON.parse(output).packages.filter(({ source }) => source !== null);
  const folders = new Set(packages.map((item) => dirname(dirname(item.manifest_path))));
  return [...folders].map((folder) => `--remap-path-prefix=${folder}=`);
}
