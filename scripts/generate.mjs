// npm run generate: the TypeScript side of the op table and of the formulas, from crates/engine, and the version.
import "./lib/node-version.mjs";
import { mkdirSync, writeFileSync } from "node:fs";
import { dirname } from "node:path";
import { GENERATED } from "./lib/generated.mjs";
import { main } from "./lib/run.mjs";

await main(() => {
  for (const { file, text } of GENERATED) {
    mkdirSync(dirname(file), { recursive: true });
    writeFileSync(file, text());
  }
});
