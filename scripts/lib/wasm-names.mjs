import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { ROOT } from "./paths.mjs";
import { Failure } from "./run.mjs";

/** Names of a module's functions, from its name section. */
function functionNames(module) {
  const [section] = WebAssembly.Module.customSections(module, "name");
  const bytes = new Uint8Array(section ?? new ArrayBuffer(0));
  let at = 0;
  const leb = () => {
    let value = 0;
    for (let shift = 0; ; shift += 7) {
      const byte = bytes[at++];
      value |= (byte & 127) << shift;
      if (byte < 128) return value >>> 0;
    }
  };
  const names = [];
  while (at < bytes.length) {
    const isFunctions = bytes[at++] === 1;
    const end = leb() + at;
    for (let count = isFunctions ? leb() : 0; count > 0; count--) {
      leb(); // the function's index
      const length = leb();
      names.push(new TextDecoder().decode(bytes.subarray(at, at + length)));
      at += length;
    }
    at = end;
  }
  return names;
}

/** Functions of crates/kernels marked `#[inline(never)]` where they are compiled for wasm. */
function separateFunctions(folder = join(ROOT, "crates/kernels/src")) {
  return readdirSync(folder, { withFileTypes: true }).flatMap((entry) => {
    const path = join(folder, entry.name);
    if (entry.isDirectory()) return separateFunctions(path);
    const marked =
      /#\[inline\(never\)\]\s*(?:#\[[^\n]*\]\s*)*(?:pub(?:\([a-z]+\))? )?(?:unsafe )?fn (\w+)/g;
    return [...readFileSync(path, "utf8").matchAll(marked)].map((match) => match[1]);
  });
}

/**
 * V8 moves a function to its optimising tier at its next call, so a kernel inlined into the engine's loop would
 * stay slow: each kernel must still be a function of its own after wasm-opt. Returns how many there are.
 */
export function checkSeparateKernels(wasm) {
  const names = functionNames(new WebAssembly.Module(wasm));
  const kernels = names.filter((name) => name.includes("ferrograd_kernels"));
  const expected = [...new Set(separateFunctions())];
  const lost = expected.filter((fn) => !kernels.some((name) => name.split(/\W+/).includes(fn)));
  if (lost.length > 0) {
    throw new Failure(
      `build:wasm: expected each kernel as a function, got none for: ${lost.join(", ")}`,
    );
  }
  return kernels.length;
}
