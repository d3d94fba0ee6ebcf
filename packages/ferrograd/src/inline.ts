/** The entry `ferrograd`: the public API, with the wasm of its core inside. */
import { provideEvaluator } from "./compile/evaluate.ts";
import { wasmInside } from "./engine/inline.ts";
import { provideWasm } from "./engine/raw.ts";

provideEvaluator();
provideWasm(wasmInside);

export * from "./index.ts";
