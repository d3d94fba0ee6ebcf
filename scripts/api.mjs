// npm run api: docs/api, every export of every entry with its signature, from the package's declarations.
import "./lib/node-version.mjs";
import { writeApi } from "./lib/api-report.mjs";
import { ensurePackages } from "./lib/install.mjs";
import { main } from "./lib/run.mjs";

await main(() => {
  ensurePackages({ dev: true });
  writeApi();
});
