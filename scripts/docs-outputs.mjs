// npm run docs:outputs [-- FILE ...]: runs the programs and commands of README and documents, all unless told
// otherwise, and writes what they print into the blocks below them.
import "./lib/node-version.mjs";
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { documents, printedAnew } from "./lib/documents.mjs";
import { ensurePackages } from "./lib/install.mjs";
import { ROOT } from "./lib/paths.mjs";
import { Failure, main } from "./lib/run.mjs";

await main(async () => {
  ensurePackages({ dev: true });
  const [known, asked] = [documents(), process.argv.slice(2)];
  const unknown = asked.find((name) => !known.includes(name));
  if (unknown !== undefined) {
    throw new Failure(`docs: expected some of ${known.join(" ")}, got ${unknown}`);
  }
  for (const name of asked.length > 0 ? asked : known) {
    const text = await printedAnew(name);
    if (text === readFileSync(join(ROOT, name), "utf8")) continue;
    writeFileSync(join(ROOT, name), text);
    console.log(`wrote ${name}`);
  }
});
