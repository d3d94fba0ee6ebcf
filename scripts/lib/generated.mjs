import { existsSync, readFileSync } from "node:fs";
import { OPS_TABLE } from "./paths.mjs";
import { capture, Failure } from "./run.mjs";
import { wasmIsCurrent } from "./sources.mjs";

/** The text of ops.generated.ts, from the Rust table. */
export function opsTable() {
  return capture("cargo", ["run", "-q", "-p", "ferrograd-engine", "--example", "op-table"]);
}

export function checkOpsTable() {
  const committed = existsSync(OPS_TABLE) ? readFileSync(OPS_TABLE, "utf8") : "";
  if (committed.replaceAll("\r\n", "\n") === opsTable()) return;
  throw new Failure("ops.generated.ts is not what crates/engine declares: npm run generate");
}

export function checkWasm() {
  if (wasmIsCurrent()) return;
  throw new Failure("the committed wasm was built from other sources: npm run build:wasm");
}
