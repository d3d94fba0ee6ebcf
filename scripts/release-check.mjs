// npm run release:check: what must be true of the package before it is published.
import "./lib/node-version.mjs";
import { ensurePackages } from "./lib/install.mjs";
import { checkMetadata } from "./lib/metadata.mjs";
import { main, npm } from "./lib/run.mjs";

await main(() => {
  ensurePackages({ dev: true });
  checkMetadata();
  npm(["run", "check"]);
  npm(["run", "size"]); // builds the package
});
