import { ArgumentError, StateError } from "../errors.ts";
import { startCore } from "./core.ts";
import { compiled, FORBIDDEN, isForbidden } from "./raw.ts";

/**
 * What `init` takes: `ferrograd/ferrograd.wasm` as an ArrayBuffer, a view of one, a WebAssembly.Module or a
 * Response. The types of the last two are in no library that every project has.
 */
export type WasmSource = object;

/**
 * Starts the core of `ferrograd/slim` from the module that is shipped as `ferrograd/ferrograd.wasm`:
 * its bytes, a compiled module, or a response to `fetch`. Once it runs, further calls do nothing.
 *
 * @example
 * await init(readFile("node_modules/ferrograd/dist/ferrograd.wasm"));
 * @throws ArgumentError for anything else
 */
export async function init(source: WasmSource | PromiseLike<WasmSource>): Promise<void> {
  const module = await compile(await source);
  if (!WebAssembly.Module.exports(module).some(({ name }) => name === "opTableHash")) {
    throw new ArgumentError("init(): expected the module ferrograd.wasm, got another one");
  }
  startCore(module);
}

async function compile(source: WasmSource): Promise<WebAssembly.Module> {
  const module = compiled(source);
  if (module) return module;
  const bytes = await bytesOf(source);
  return WebAssembly.compile(bytes).catch((error: unknown) => {
    if (isForbidden()) throw new StateError(`init(): could not compile the core; ${FORBIDDEN}`);
    throw new ArgumentError(
      `init(): expected the bytes of ferrograd.wasm and a runtime with WebAssembly SIMD, got ${error}`,
    );
  });
}

async function bytesOf(source: object): Promise<BufferSource> {
  if (source instanceof ArrayBuffer || ArrayBuffer.isView(source)) return source as BufferSource;
  if (typeof Response === "undefined" || !(source instanceof Response)) {
    throw new ArgumentError(
      `init(): expected bytes, a WebAssembly.Module or a Response, got ${typeof source}; ` +
        "for an address write init(fetch(address))",
    );
  }
  if (source.ok) return source.arrayBuffer();
  throw new ArgumentError(
    `init(): expected ferrograd.wasm at ${source.url}, got status ${source.status}`,
  );
}
