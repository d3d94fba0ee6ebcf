/** The entry `ferrograd` in edge functions (Next.js, Vercel), where nothing may be compiled: the import is a compiled module. */
import wasm from "../ferrograd.wasm?module";
import { provideEvaluator } from "./compile/evaluate.ts";
import { provideWasm } from "./engine/raw.ts";

provideEvaluator();
provideWasm(() => wasm);

export * from "./index.ts";
