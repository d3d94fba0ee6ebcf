// npm run build:wasm -- [--force] [--compare] [--apt] [--relaxed]: crates/ -> packages/ferrograd/src/engine/generated,
// with --relaxed (fused multiply-add, for benchmarks) -> dist/relaxed. --compare fails unless it is what was there.
import "./lib/node-version.mjs";
import { ensurePackages } from "./lib/install.mjs";
import { main } from "./lib/run.mjs";
import { buildWasm } from "./lib/wasm-build.mjs";

await main(async () => {
  ensurePackages({ dev: true });
  const has = (option) => process.argv.includes(option);
  await buildWasm({
    force: has("--force"),
    compare: has("--compare"),
    apt: has("--apt"),
    relaxed: has("--relaxed"),
  });
});
