import { rmSync } from "node:fs";
import { delimiter, join } from "node:path";
import { GENERATED, RELAXED, ROOT } from "./paths.mjs";
import { capture, step } from "./run.mjs";
import {
  RELAXED_FLAGS,
  RUST_FLAGS,
  sourcesHash,
  WASM_PACK_FLAGS,
  wasmIsCurrent,
} from "./sources.mjs";
import { optimize, writeGenerated } from "./wasm-output.mjs";
import { wasmToolchain } from "./wasm-toolchain.mjs";
import { wasmTools } from "./wasm-tools.mjs";

/**
 * Builds the wasm module from source, unless the one that is there came from these sources. The
 * relaxed one goes to dist/relaxed, where only benchmarks look.
 */
export function buildWasm({ force = false, apt = false, relaxed = false } = {}) {
  const destination = relaxed ? RELAXED : GENERATED;
  if (!force && wasmIsCurrent(destination)) return console.error("wasm is current");
  const toolchain = wasmToolchain(apt);
  const target = join(ROOT, "target", `wasm-${toolchain.key}`);
  const folder = join(target, "pkg");
  const pathName = Object.keys(process.env).find((name) => name.toUpperCase() === "PATH"); // Windows: Path
  const path = [...toolchain.path, ...wasmTools(), process.env[pathName]].join(delimiter);
  const env = {
    ...toolchain.env,
    [pathName]: path,
    RUSTFLAGS: relaxed ? RELAXED_FLAGS : RUST_FLAGS,
    CARGO_TARGET_DIR: target,
  };

  capture("cargo", ["metadata", "--format-version", "1", "--quiet"], { env }); // brings Cargo.lock up to date
  const hash = sourcesHash();
  step("wasm-pack build", 15, () => {
    rmSync(folder, { recursive: true, force: true });
    capture("wasm-pack", ["build", "crates/wasm", ...WASM_PACK_FLAGS, "--out-dir", folder], {
      env,
    });
  });
  step("wasm-opt", 5, () => writeGenerated(folder, optimize(folder, relaxed), hash, destination));
}
