// npm run size: what users download, measured on the built package, against the ceilings.
import "./lib/node-version.mjs";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { gzipSync } from "node:zlib";
import { ensurePackages } from "./lib/install.mjs";
import { GENERATED, ROOT } from "./lib/paths.mjs";
import { Failure, main } from "./lib/run.mjs";

const KB = 1000;
const CEILINGS = [
  { name: "wasm, raw", kilobytes: 100, measure: wasmBytes },
  {
    name: 'import { sequential, dense } from "ferrograd", minified, gzip',
    kilobytes: 75,
    measure: () => bundleBytes('export { sequential, dense } from "ferrograd"'),
  },
];

function wasmBytes() {
  return Number(readFileSync(join(GENERATED, "wasm.ts"), "utf8").match(/WASM_BYTES.*= (\d+)/)[1]);
}

/** Bytes after gzip of a program's minified bundle, the wasm inside. */
async function bundleBytes(program) {
  const { build } = await import("esbuild");
  const { outputFiles } = await build({
    stdin: { contents: program, resolveDir: ROOT },
    bundle: true,
    minify: true,
    write: false,
    format: "esm",
    platform: "browser",
    external: ["node:*"],
    logLevel: "error",
  });
  return gzipSync(outputFiles[0].contents, { level: 9 }).length;
}

await main(async () => {
  ensurePackages({ dev: true });
  const { buildPackage } = await import("./lib/package-build.mjs");
  await buildPackage();
  let tooLarge = 0;
  for (const { name, kilobytes, measure } of CEILINGS) {
    const bytes = await measure();
    const fits = bytes <= kilobytes * KB;
    console.log(
      `${fits ? "ok       " : "too large"} ${(bytes / KB).toFixed(1)} of ${kilobytes} KB  ${name}`,
    );
    if (!fits) tooLarge += 1;
  }
  if (tooLarge > 0) throw new Failure(`size: ${tooLarge} of ${CEILINGS.length} above the ceiling`);
});
