/** The entry `ferrograd`: the public API, with the wasm of its core inside. */
import "./engine/inline.ts";

export * from "./index.ts";
