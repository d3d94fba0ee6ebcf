// npm run build:wasm [-- --force] [-- --apt]: crates/ -> packages/ferrograd/src/engine/generated.
import "./lib/node-version.mjs";
import { ensurePackages } from "./lib/install.mjs";
import { main } from "./lib/run.mjs";
import { buildWasm } from "./lib/wasm-build.mjs";

await main(() => {
  ensurePackages({ dev: true });
  buildWasm({ force: process.argv.includes("--force"), apt: process.argv.includes("--apt") });
});
