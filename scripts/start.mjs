// npm start [-- options of `ferrograd train`]: sets up what is missing and trains on the handwritten digits.
// Standard output belongs to the command; everything said here goes to standard error.
import "./lib/node-version.mjs";
import { pathToFileURL } from "node:url";
import { bundleCli } from "./lib/bundle-cli.mjs";
import { ensurePackages } from "./lib/install.mjs";
import { main } from "./lib/run.mjs";
import { wasmIsCurrent } from "./lib/sources.mjs";
import { buildWasm } from "./lib/wasm-build.mjs";

await main(async () => {
  const mustBuild = !wasmIsCurrent();
  ensurePackages({ dev: mustBuild });
  if (mustBuild) buildWasm();
  const bundle = await bundleCli();
  process.setSourceMapsEnabled(true);
  process.argv = [
    process.execPath,
    bundle,
    "train",
    "--dataset",
    "digits",
    ...process.argv.slice(2),
  ];
  await import(pathToFileURL(bundle).href);
});
