// npm -s run bench -- [SUITE ...] [--peers] [--quick] [--json]: JSON on standard output, the rest on standard error.
import "../scripts/lib/node-version.mjs";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { bundleNode } from "../scripts/lib/bundle-node.mjs";
import { ensurePackages } from "../scripts/lib/install.mjs";
import { ROOT } from "../scripts/lib/paths.mjs";
import { Failure, main } from "../scripts/lib/run.mjs";
import { wasmIsCurrent } from "../scripts/lib/sources.mjs";
import { buildWasm } from "../scripts/lib/wasm-build.mjs";
import { installPeers } from "./peers/install.mjs";

const BUNDLE = join(ROOT, "dist/bench/main.mjs");
const PEERS = join(ROOT, "bench/peers");

await main(async () => {
  const argv = process.argv.slice(2);
  const mustBuild = !wasmIsCurrent();
  ensurePackages({ dev: mustBuild });
  if (mustBuild) buildWasm();
  if (argv.includes("--peers")) installPeers(PEERS);
  await bundleNode("bench/main.ts", BUNDLE);
  const bench = await import(pathToFileURL(BUNDLE).href);
  await bench.main(argv, PEERS).catch((error) => {
    throw error.name === "BenchError" ? new Failure(error.message) : error;
  });
});
