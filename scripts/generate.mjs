// npm run generate: the TypeScript side of the op table and of the formulas, from crates/engine, the version, and
// docs/api.
import "./lib/node-version.mjs";
import { mkdirSync, writeFileSync } from "node:fs";
import { dirname } from "node:path";
import { writeApi } from "./lib/api-report.mjs";
import { GENERATED } from "./lib/generated.mjs";
import { ensurePackages } from "./lib/install.mjs";
import { main } from "./lib/run.mjs";

await main(() => {
  for (const { file, text } of GENERATED) {
    mkdirSync(dirname(file), { recursive: true });
    writeFileSync(file, text());
  }
  ensurePackages({ dev: true });
  writeApi();
});
