// npm run build:wasm -- [--force] [--compare] [--apt]: crates/ -> packages/ferrograd/src/engine/generated, the core and the
// one of ferrograd/fused. --compare fails unless it is what was there.
import "./lib/node-version.mjs";
import { ensurePackages } from "./lib/install.mjs";
import { main } from "./lib/run.mjs";
import { buildWasm } from "./lib/wasm-build.mjs";

await main(async () => {
  ensurePackages({ dev: true });
  const has = (option) => process.argv.includes(option);
  await buildWasm({ force: has("--force"), compare: has("--compare"), apt: has("--apt") });
});
