// npm start [-- options of `ferrograd train`]: sets up what is missing and trains, on the handwritten digits unless told otherwise.
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
  const { outfile: bundle } = await bundleCli();
  process.setSourceMapsEnabled(true);
  const options = process.argv.slice(2);
  const named = options.some((option) => /^--(dataset|csv)(=|$)/.test(option));
  const dataset = named ? [] : ["--dataset", "digits"];
  process.argv = [process.execPath, bundle, "train", ...dataset, ...options];
  await import(pathToFileURL(bundle).href);
});
