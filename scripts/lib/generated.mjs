import { existsSync, readFileSync } from "node:fs";
import { basename } from "node:path";
import { FORMULAS, OPS_TABLE } from "./paths.mjs";
import { capture, Failure } from "./run.mjs";
import { wasmIsCurrent } from "./sources.mjs";

/** The files that are made from Rust, and the examples of crates/engine that print them. */
export const GENERATED = [
  { file: OPS_TABLE, example: "op-table" },
  { file: FORMULAS, example: "formulas" },
];

/** The text of such a file. */
export function generatedText({ example }) {
  return capture("cargo", ["run", "-q", "-p", "ferrograd-engine", "--example", example]);
}

export function checkGenerated() {
  for (const made of GENERATED) {
    const committed = existsSync(made.file) ? readFileSync(made.file, "utf8") : "";
    if (committed.replaceAll("\r\n", "\n") === generatedText(made)) continue;
    throw new Failure(
      `${basename(made.file)} is not what crates/engine declares: npm run generate`,
    );
  }
}

export function checkWasm() {
  if (wasmIsCurrent()) return;
  throw new Failure("the committed wasm was built from other sources: npm run build:wasm");
}
