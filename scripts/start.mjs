// npm start [-- command and options of `ferrograd`]: sets up what is missing and runs the command;
// without a command's name it trains, on the handwritten digits unless told otherwise.
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
  if (mustBuild) await buildWasm();
  const { outfile: bundle } = await bundleCli();
  process.setSourceMapsEnabled(true);
  const options = process.argv.slice(2);
  const isCommand = /^[a-z]/.test(options[0] ?? "");
  process.argv = [process.execPath, bundle, ...(isCommand ? options : training(options))];
  await import(pathToFileURL(bundle).href);
});

function training(options) {
  const named = options.some((option) => /^--(dataset|csv)(=|$)/.test(option));
  return ["train", ...(named ? [] : ["--dataset", "digits"]), ...options];
}
