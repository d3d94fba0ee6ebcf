// npm run test:consumers [-- --group ci | --only WORD,WORD | --keep]: installs the packed package into fresh folders, one for
// each way in which people use it, trains the same nets in each and compares the SHA-256 of their weights.
import "./lib/node-version.mjs";
import { parseArgs } from "node:util";
import { ensurePackages } from "./lib/install.mjs";
import { main } from "./lib/run.mjs";

await main(async () => {
  const { values } = parseArgs({
    options: {
      group: { type: "string" },
      only: { type: "string" },
      keep: { type: "boolean" },
    },
  });
  ensurePackages({ dev: true });
  const { chooseConsumers, runConsumers } = await import("./lib/consumer-run.mjs");
  const { passed, failed } = await runConsumers(chooseConsumers(values), values);
  console.log(`${passed} passed, ${failed} failed`);
  process.exitCode = failed > 0 ? 1 : 0;
});
