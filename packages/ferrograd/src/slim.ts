/** The entry `ferrograd/slim`: the public API without the wasm, which `init` is given. */
export { init, type WasmSource } from "./engine/init.ts";
export * from "./index.ts";
