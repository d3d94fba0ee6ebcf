// npm run bench:docs: docs/benchmarks.md, its charts and the readme's sentences from docs/benchmarks.json.
import "../scripts/lib/node-version.mjs";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { bundleNode } from "../scripts/lib/bundle-node.mjs";
import { ensurePackages } from "../scripts/lib/install.mjs";
import { ROOT } from "../scripts/lib/paths.mjs";
import { Failure, main } from "../scripts/lib/run.mjs";

const BUNDLE = join(ROOT, "dist/bench/docs.mjs");

await main(async () => {
  ensurePackages({ dev: true });
  await bundleNode("bench/docs/write.ts", BUNDLE, { external: ["@observablehq/plot", "linkedom"] });
  const { writeDocs } = await import(pathToFileURL(BUNDLE).href);
  try {
    writeDocs(ROOT);
  } catch (error) {
    throw error.name === "BenchError" ? new Failure(error.message) : error;
  }
});
