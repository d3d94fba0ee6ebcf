import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Failure } from "./run.mjs";
import { builtFrom, WASM_OPT_FLAGS } from "./sources.mjs";
import { binaryen, readFused, readInflate, readWasm, STRIP } from "./wasm-output.mjs";

/** What a folder of generated files holds. */
export function readBuild(folder) {
  return {
    toolchain: builtFrom(folder)?.toolchain,
    core: readWasm(folder),
    fused: readFused(folder),
    inflate: readInflate(folder),
    types: readFileSync(join(folder, "ferrograd_wasm.d.ts")),
  };
}

/**
 * Whether a build gave what was committed: the same bytes, where the toolchain is the recorded one.
 * Of another toolchain's the disassembly is compared, without names and custom sections; there
 * another compiler may have chosen other instructions, which is said and no failure.
 */
export function compareBuilds(before, after) {
  const parts = ["core", "fused", "inflate", "types"];
  const changed = parts.filter((part) => !before[part].equals(after[part]));
  if (changed.length === 0) return console.error("  byte for byte what was there");
  if (before.toolchain === after.toolchain) {
    throw new Failure(
      `build:wasm: expected the bytes that were there, since ${after.toolchain} made both, ` +
        `got others: ${changed.join(", ")}`,
    );
  }
  const [old, now] = [before, after].map(({ core }) => functionsOf(core));
  const same = now.filter((text) => old.includes(text)).length;
  const verdict =
    same === now.length && old.length === now.length
      ? "the same code, in other bytes"
      : `${same} of ${now.length} functions with the same code`;
  console.error(`  ${verdict}: ${before.toolchain} made one, ${after.toolchain} the other`);
}

/** Each function of a module as text. */
function functionsOf(wasm) {
  const folder = mkdtempSync(join(tmpdir(), "ferrograd-wasm-"));
  const file = join(folder, "module.wasm");
  writeFileSync(file, wasm);
  const features = WASM_OPT_FLAGS.filter((flag) => flag.startsWith("--enable"));
  binaryen("wasm-opt", [file, ...features, ...STRIP, "-o", file]);
  const text = binaryen("wasm-dis", [...features, file]);
  rmSync(folder, { recursive: true });
  return text.split(/^(?= \(func )/m).map((part) => part.replace(/^ \(func \$\w+/, " (func"));
}
