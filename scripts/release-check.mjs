// npm run release:check: what must be true of the package before it is published, tried on a fresh clone of what is
// committed. Prints a table; the last line is `N passed, N failed`.
import "./lib/node-version.mjs";
import { formatsOf, releaseRows, runRows } from "./lib/release.mjs";
import { main } from "./lib/run.mjs";
import { withScratch } from "./lib/scratch.mjs";

await main(() =>
  withScratch("ferrograd-release", async (folder) => {
    const { passed, failed } = await runRows(releaseRows(folder, formatsOf()));
    console.log(`${passed} passed, ${failed} failed`);
    process.exitCode = failed > 0 ? 1 : 0;
  }),
);
