import { inflateSync } from "fflate";
import { InternalError, StateError } from "../errors.ts";
import { initSync, opTableHash, RawEngine } from "./generated/ferrograd_wasm.js";
import { WASM_BYTES, WASM_DEFLATED_BASE64 } from "./generated/wasm.ts";
import { OP_TABLE_HASH } from "./ops.generated.ts";

/** The wasm side: its engine and its memory. */
export interface Raw {
  readonly engine: RawEngine;
  readonly memory: WebAssembly.Memory;
}

/** The wasm module as bytes: it travels inside the JavaScript, so that nothing has to be found. */
function wasmBytes(): Uint8Array<ArrayBuffer> {
  const text = atob(WASM_DEFLATED_BASE64);
  const deflated = Uint8Array.from(text, (char) => char.charCodeAt(0));
  return inflateSync(deflated, { out: new Uint8Array(WASM_BYTES) }) as Uint8Array<ArrayBuffer>;
}

function start(module: WebAssembly.Module): Raw {
  const { memory } = initSync({ module });
  if (opTableHash() !== OP_TABLE_HASH) {
    throw new InternalError("the wasm core and the package were built from different op tables");
  }
  return { engine: new RawEngine(), memory };
}

/** Compiles and starts the core at once. */
export function startSync(): Raw {
  if (typeof WebAssembly === "undefined") {
    throw new StateError(
      "ferrograd: expected a runtime with WebAssembly and its SIMD instructions",
    );
  }
  const bytes = wasmBytes();
  try {
    return start(new WebAssembly.Module(bytes));
  } catch (error) {
    if (!(error instanceof WebAssembly.CompileError || error instanceof RangeError)) throw error;
    const remedy = WebAssembly.validate(bytes)
      ? "this thread cannot compile it synchronously: call `await ready()` first"
      : "this runtime lacks WebAssembly SIMD (Node 16.4, Chrome 91, Firefox 89, Safari 16.4 have it)";
    throw new StateError(`ferrograd: could not compile the core; ${remedy}`);
  }
}

/** As `startSync`, for threads that may not compile synchronously. */
export async function startAsync(): Promise<Raw> {
  return start(await WebAssembly.compile(wasmBytes()));
}
