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

/** Where the module is, which the entry must have said. */
function provided(): () => Bytes {
  if (inside !== undefined) return inside;
  throw new StateError(
    "ferrograd/slim: expected the core to run before anything is computed, got no module; " +
      "call `await init(...)` with the bytes of ferrograd/ferrograd.wasm first",
  );
}

/** @param module - a WebAssembly.Module */
export function start(module: object): Raw {
  const raw = initSync({ module });
  if (raw.opTableHash() >>> 0 !== OP_TABLE_HASH) {
    throw new InternalError("the core's wasm and the package are of different versions");
  }
  return raw;
}

/** What to do where nothing may be compiled: pages with a strict policy, extensions, workerd. */
export const FORBIDDEN =
  "this place forbids to compile WebAssembly: let its policy allow it (script-src 'wasm-unsafe-eval'), " +
  'or import "ferrograd/slim" and call `await init(module)` with a WebAssembly.Module of ferrograd/ferrograd.wasm';

/** Whether not even an empty module may be compiled here. */
export function isForbidden(): boolean {
  try {
    return new WebAssembly.Module(Uint8Array.of(0, 97, 115, 109, 1, 0, 0, 0)) === undefined;
  } catch {
    return true;
  }
}

function remedy(bytes: () => Bytes): string {
  if (isForbidden()) return FORBIDDEN;
  return WebAssembly.validate(bytes())
    ? "this thread cannot compile it synchronously: call `await ready()` first"
    : "this runtime lacks WebAssembly SIMD (Node 16.4, Chrome 91, Firefox 89, Safari 16.4 have it)";
}

/** Why a module could not be compiled, with the remedy; what has another cause stays as it is. */
function explained(error: unknown, bytes: () => Bytes): unknown {
  const { CompileError } = WebAssembly;
  const isOfCompiling = error instanceof CompileError || error instanceof RangeError;
  if (!isOfCompiling && !isForbidden()) return error;
  return new StateError(`ferrograd: could not compile the core; ${remedy(bytes)}`);
}

function expectWasm(): void {
  if (typeof WebAssembly !== "undefined") return;
  throw new StateError("ferrograd: expected a runtime with WebAssembly and its SIMD instructions");
}

/** Compiles and starts the core at once. */
export function startSync(): Raw {
  expectWasm();
  const bytes = provided();
  try {
    return start(new WebAssembly.Module(bytes()));
  } catch (error) {
    throw explained(error, bytes);
  }
}

/** As `startSync`, for threads that may not compile synchronously. */
export async function startAsync(): Promise<Raw> {
  expectWasm();
  const bytes = provided();
  try {
    return start(await WebAssembly.compile(bytes()));
  } catch (error) {
    throw explained(error, bytes);
  }
}
