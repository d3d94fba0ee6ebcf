/** The entry `ferrograd/slim`: the public API without the wasm, which `init` is given. */
import { provideEvaluator } from "./compile/evaluate.ts";

provideEvaluator();

export { init, type WasmSource } from "./engine/init.ts";
export * from "./index.ts";
