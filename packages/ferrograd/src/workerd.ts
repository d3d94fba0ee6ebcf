/** The entry `ferrograd` in workerd (Cloudflare Workers), where nothing may be compiled: the import is a compiled module. */
import wasm from "../ferrograd.wasm";
import { provideEvaluator } from "./compile/evaluate.ts";
import { provideWasm } from "./engine/raw.ts";

provideEvaluator();
provideWasm(() => wasm);

export * from "./index.ts";
