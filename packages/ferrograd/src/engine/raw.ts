import { InternalError, StateError } from "../errors.ts";
import { type InitOutput, initSync } from "./generated/ferrograd_wasm.js";
import { OP_TABLE_HASH } from "./ops.generated.ts";

/** The wasm side: its functions, of numbers only, and its memory. */
export type Raw = Omit<InitOutput, `__${string}`>;

type Bytes = Uint8Array<ArrayBuffer>;

let inside: (() => Bytes) | undefined;

/** Says where the module's bytes are; an entry that has them inside does it. */
export function provideWasm(bytes: () => Bytes): void {
  inside = bytes;
}

function wasmBytes(): Bytes {
  if (inside !== undefined) return inside();
  throw new StateError(
    "ferrograd/slim: expected the core to run before anything is computed, got no module; " +
      "call `await init(...)` with the bytes of ferrograd/ferrograd.wasm first",
  );
}

export function start(module: WebAssembly.Module): Raw {
  const raw = initSync({ module });
  if (raw.opTableHash() >>> 0 !== OP_TABLE_HASH) {
    throw new InternalError("the core's wasm and the package are of different versions");
  }
  return raw;
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
