// npm run size: what users download, measured on the built package, against the ceilings.
import "./lib/node-version.mjs";
import { ensurePackages } from "./lib/install.mjs";
import { Failure, main } from "./lib/run.mjs";

await main(async () => {
  ensurePackages({ dev: true });
  const { KB, measureSizes } = await import("./lib/sizes.mjs");
  const sizes = await measureSizes();
  const tooLarge = sizes.filter(({ bytes, kilobytes }) => bytes > kilobytes * KB);
  for (const size of sizes) {
    const verdict = tooLarge.includes(size) ? "too large" : "ok       ";
    console.log(`${verdict} ${(size.bytes / KB).toFixed(1)} of ${size.kilobytes} KB  ${size.name}`);
  }
  if (tooLarge.length > 0) {
    throw new Failure(`size: ${tooLarge.length} of ${sizes.length} above the ceiling`);
  }
});
