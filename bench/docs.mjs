// npm run bench:docs: docs/benchmarks.md and its charts from the last run of the benchmarks with --write.
import "../scripts/lib/node-version.mjs";
import { existsSync } from "node:fs";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { bundleNode } from "../scripts/lib/bundle-node.mjs";
import { ensurePackages } from "../scripts/lib/install.mjs";
import { ROOT } from "../scripts/lib/paths.mjs";
import { Failure, main } from "../scripts/lib/run.mjs";

const RESULTS = join(ROOT, "bench/results/latest.json");
const BUNDLE = join(ROOT, "dist/bench/docs.mjs");

await main(async () => {
  if (!existsSync(RESULTS)) throw new Failure(`bench:docs: expected ${RESULTS}; run bench --write`);
  ensurePackages({ dev: true });
  await bundleNode("bench/docs/write.ts", BUNDLE, { external: ["@observablehq/plot", "linkedom"] });
  const { writeDocs } = await import(pathToFileURL(BUNDLE).href);
  writeDocs(RESULTS, join(ROOT, "docs"));
});
