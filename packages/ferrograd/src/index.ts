export * from "./data/index.ts";
export { memory, type MemoryInfo, ready } from "./engine/core.ts";
