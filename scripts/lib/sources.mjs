import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { GENERATED, ROOT, sha256 } from "./paths.mjs";

/** Flags of the wasm build. They are part of the hash: another flag is another build. */
export const RUST_FLAGS = "-C target-feature=+simd128";
/** Fused multiply-add where the machine has it: for ferrograd/fused. */
export const FUSED_FLAGS = `${RUST_FLAGS},+relaxed-simd`;
export const WASM_PACK_FLAGS = ["--target", "web", "--release", "--no-pack", "--no-opt"];
export const WASM_OPT_FLAGS = [
  "-Os",
  "--low-memory-unused", // the stack ends there; constants added to addresses become offsets of loads
  "--one-caller-inline-max-function-size=0",
  "--merge-similar-functions", // thunks that differ in a constant
  "--enable-simd",
  "--enable-bulk-memory",
  "--enable-nontrapping-float-to-int",
  "--enable-sign-ext",
  "--enable-mutable-globals",
  "--enable-reference-types",
  "--enable-multivalue",
];

/** What is done to the module after wasm-opt. */
const AFTER = ["constants", "locations", "pairs"].map((pass) => `scripts/lib/wasm-${pass}.mjs`);

function files(folder) {
  return readdirSync(join(ROOT, folder), { withFileTypes: true })
    .filter((entry) => !entry.name.startsWith(".") && entry.name !== "target")
    .flatMap((entry) =>
      entry.isDirectory() ? files(`${folder}/${entry.name}`) : [`${folder}/${entry.name}`],
    );
}

/** SHA-256 over everything the wasm is built from; the same on every platform and for every compiler. */
export function sourcesHash() {
  const names = [...files("crates"), "Cargo.toml", "Cargo.lock", ...AFTER].sort();
  const parts = names.map((name) => {
    const text = readFileSync(join(ROOT, name), "utf8").replaceAll("\r\n", "\n");
    return `${name}\0${sha256(text)}\n`;
  });
  return sha256(
    [...parts, RUST_FLAGS, FUSED_FLAGS, ...WASM_PACK_FLAGS, ...WASM_OPT_FLAGS].join("\0"),
  );
}

/** SHA-256 over the files that a build writes: the modules and the types of the core. */
export function filesHash(folder = GENERATED) {
  const names = ["wasm.ts", "fused.ts", "ferrograd_wasm.d.ts"];
  const texts = names.map((name) => readFileSync(join(folder, name), "utf8"));
  return sha256(texts.map((text) => text.replaceAll("\r\n", "\n")).join("\0"));
}

/** What a build says of itself: its sources' hash, its files' and the toolchain; or undefined. */
export function builtFrom(folder = GENERATED) {
  const file = join(folder, "sources.json");
  return existsSync(file) ? JSON.parse(readFileSync(file, "utf8")) : undefined;
}

export function wasmIsCurrent(folder = GENERATED) {
  if (!["wasm.ts", "fused.ts"].every((name) => existsSync(join(folder, name)))) return false;
  const said = builtFrom(folder);
  return said?.hash === sourcesHash() && said.built === filesHash(folder);
}
