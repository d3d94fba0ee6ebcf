import { existsSync, readFileSync } from "node:fs";
import { basename, join } from "node:path";
import { FORMULAS, OPS_TABLE, ROOT, VERSION, WRITERS } from "./paths.mjs";
import { capture, Failure } from "./run.mjs";
import { wasmIsCurrent } from "./sources.mjs";

/** What an example of crates/engine prints. */
const printed = (example, ...args) =>
  capture("cargo", ["run", "-q", "-p", "ferrograd-engine", "--example", example, "--", ...args]);

/** The version of package.json, and what copies of the package must have in common to work together. */
function versionText() {
  const { version } = JSON.parse(
    readFileSync(join(ROOT, "packages/ferrograd/package.json"), "utf8"),
  );
  const [, hash] = /OP_TABLE_HASH = (\d+)/.exec(readFileSync(OPS_TABLE, "utf8"));
  return [
    "// Generated from package.json and the op table: `npm run generate`. Do not edit.",
    `export const VERSION = "${version}";`,
    "",
    "/** The version, and the hash of the op table and the numerics version. */",
    `export const BUILD = "${version}+${Number(hash).toString(16)}";`,
    "",
  ].join("\n");
}

/** The files that are made from others, in the order in which they need each other. */
export const GENERATED = [
  { file: OPS_TABLE, text: () => printed("op-table") },
  { file: WRITERS, text: () => printed("op-table", "writers") },
  { file: FORMULAS, text: () => printed("formulas") },
  { file: VERSION, text: versionText },
];

export function checkGenerated() {
  for (const { file, text } of GENERATED) {
    const committed = existsSync(file) ? readFileSync(file, "utf8") : "";
    if (committed.replaceAll("\r\n", "\n") === text()) continue;
    throw new Failure(`${basename(file)} is not what it is made from: npm run generate`);
  }
}

export function checkWasm() {
  if (wasmIsCurrent()) return;
  throw new Failure(
    "the committed wasm was built from other sources, or changed since: npm run build:wasm",
  );
}
