import { shared } from "../copies/shared.ts";
import { InternalError, StateError } from "../errors.ts";
import type { InitOutput } from "./generated/ferrograd_wasm.js";
import { OP_TABLE_HASH } from "./ops.generated.ts";

/** The wasm side: its functions, of numbers only, and its memory. */
export type Raw = Omit<InitOutput, `__${string}`>;

/** The module's bytes, or a WebAssembly.Module, whose type is in no library that every project has. */
type Wasm = object;

let inside: (() => Wasm) | undefined;

/** The module that all copies start in the place of theirs, where one of them is `ferrograd/fused` and the processor fuses. */
export const fused = shared("fused", (): { wasm?: () => Wasm } => ({}));

/** Says where the module is; an entry that has it inside does it. */
export function provideWasm(wasm: () => Wasm): void {
  inside = wasm;
}

/** Where the module is, which the entry must have said. */
function provided(): () => Wasm {
  const wasm = fused.wasm ?? inside;
  if (wasm !== undefined) return wasm;
  throw noCore();
}

/** The error of computing with no core: of `ferrograd/slim` before `init`, or of another entry by itself. */
export const noCore = (): StateError =>
  new StateError(
    "ferrograd: expected the core to run before anything is computed, got no module; " +
      'import "ferrograd", which has it, or "ferrograd/slim" and call `await init(...)` with the bytes of ferrograd/ferrograd.wasm first',
  );

/**
 * A compiled module, if it is one. `next start` runs edge functions in a realm of their own and compiles outside it,
 * so that `instanceof` does not know such a module.
 */
export function compiled(source: Wasm): Wasm | undefined {
  try {
    WebAssembly.Module.exports(source as WebAssembly.Module); // throws for anything else, whatever it says of itself
    return source;
  } catch {
    return undefined;
  }
}

/** What the module imports for values other than numbers, of which there are none. */
const GLUE = { "./ferrograd_wasm_bg.js": { __wbindgen_init_externref_table() {} } };

/** Starts the core from its module, which is compiled if it is not yet. */
export function start(wasm: Wasm): Raw {
  const module = compiled(wasm) ?? new WebAssembly.Module(wasm as BufferSource);
  const { exports } = new WebAssembly.Instance(module as WebAssembly.Module, GLUE);
  const raw = exports as unknown as Raw;
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

function remedy(wasm: () => Wasm): string {
  if (isForbidden()) return FORBIDDEN;
  return WebAssembly.validate(wasm() as BufferSource)
    ? "this thread cannot compile it synchronously: call `await ready()` first"
    : "this runtime lacks WebAssembly SIMD (Node 16.4, Chrome 91, Firefox 89, Safari 16.4 have it)";
}

/** Why a module could not be compiled, with the remedy; what has another cause stays as it is. */
function explained(error: unknown, wasm: () => Wasm): unknown {
  const { CompileError } = WebAssembly;
  const isOfCompiling = error instanceof CompileError || error instanceof RangeError;
  if (!isOfCompiling && !isForbidden()) return error;
  return new StateError(`ferrograd: could not compile the core; ${remedy(wasm)}`);
}

function expectWasm(): void {
  if (typeof WebAssembly !== "undefined") return;
  throw new StateError("ferrograd: expected a runtime with WebAssembly and its SIMD instructions");
}

/** Compiles and starts the core at once. */
export function startSync(): Raw {
  expectWasm();
  const wasm = provided();
  try {
    return start(wasm());
  } catch (error) {
    throw explained(error, wasm);
  }
}

/** As `startSync`, for threads that may not compile synchronously. */
export async function startAsync(): Promise<Raw> {
  expectWasm();
  const wasm = provided();
  try {
    const module = wasm();
    return start(compiled(module) ?? (await WebAssembly.compile(module as BufferSource)));
  } catch (error) {
    throw explained(error, wasm);
  }
}
