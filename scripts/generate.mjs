// npm run generate: the TypeScript side of the op table and of the formulas, from crates/engine.
import "./lib/node-version.mjs";
import { mkdirSync, writeFileSync } from "node:fs";
import { dirname } from "node:path";
import { GENERATED, generatedText } from "./lib/generated.mjs";
import { main } from "./lib/run.mjs";

await main(() => {
  for (const made of GENERATED) {
    mkdirSync(dirname(made.file), { recursive: true });
    writeFileSync(made.file, generatedText(made));
  }
});
