// npm run generate: the TypeScript side of the op table, from crates/engine.
import "./lib/node-version.mjs";
import { mkdirSync, writeFileSync } from "node:fs";
import { dirname } from "node:path";
import { opsTable } from "./lib/generated.mjs";
import { OPS_TABLE } from "./lib/paths.mjs";
import { main } from "./lib/run.mjs";

await main(() => {
  const table = opsTable();
  mkdirSync(dirname(OPS_TABLE), { recursive: true });
  writeFileSync(OPS_TABLE, table);
});
