import { statSync } from "node:fs";
import { join } from "node:path";
import { gzipSync } from "node:zlib";
import { bundleBrowser } from "./bundle-parts.mjs";
import { buildPackage } from "./package-build.mjs";
import { ROOT } from "./paths.mjs";
import { npm } from "./run.mjs";
import { readWasm } from "./wasm-output.mjs";

export const KB = 1000;
const COMMAND = join(ROOT, "packages/ferrograd/dist/cli.js");
/** Without the data sets, which are as large as they are, and without what unrolls, which has a line of its own. */
const EVERYTHING = ["ferrograd", "ferrograd/check", "ferrograd/diagnostics", "ferrograd/tables"]
  .concat([
    "ferrograd/csv",
    "ferrograd/data",
    "ferrograd/worker",
    "ferrograd/idx",
    "ferrograd/cifar",
  ])
  .map((entry, i) => `export * as entry${i} from "${entry}";`)
  .join("\n");

const COMMON = 'export { sequential, dense } from "ferrograd"';

/** What users download, with the ceiling of each in KB; gzip of the minified bundle unless "raw" is said. */
export const SIZES = [
  { name: "wasm/raw", kilobytes: 148.9, measure: () => readWasm().length },
  { name: "wasm/gzip", kilobytes: 66.4, measure: () => gzipped(readWasm()) },
  {
    name: "sequential+dense/gzip",
    kilobytes: 131.6, // half of it is the core
    measure: () => bundleBytes(COMMON),
  },
  { name: "everything/gzip", kilobytes: 257.8, measure: () => bundleBytes(EVERYTHING) },
  {
    name: "unroll beside them/gzip",
    kilobytes: 11,
    measure: async () =>
      (await bundleBytes(`${COMMON}; export { unrollPrograms } from "ferrograd/unroll"`)) -
      (await bundleBytes(COMMON)),
  },
  {
    name: "slim/gzip",
    kilobytes: 66.2, // 36 are wished for: docs/architecture.md says what it is made of
    measure: () => bundleBytes('export { init, sequential, dense } from "ferrograd/slim"'),
  },
  {
    name: "slim tensor+matmul/gzip",
    kilobytes: 20.6, // 12 are wished for
    measure: () => bundleBytes('export { init, tensor, matmul } from "ferrograd/slim"'),
  },
  // Not what pages load: the command with the library, the data sets and its own packages in one file.
  { name: "the command/raw", kilobytes: 878, measure: () => statSync(COMMAND).size },
  // Nor this: code in both forms, its types, the sources once, and what leads from the ones to the others.
  // 210 of it is the core of ferrograd/fused.
  { name: "the tarball", kilobytes: 3250, measure: tarballBytes },
];

/** Our sizes in bytes, from the package as it is published. */
export async function measureSizes() {
  await buildPackage();
  const sizes = [];
  for (const { name, kilobytes, measure } of SIZES) {
    sizes.push({ name, kilobytes, bytes: await measure() });
  }
  return sizes;
}

/** Bytes of what npm would publish. */
function tarballBytes() {
  const args = ["pack", "--dry-run", "--ignore-scripts", "--json"];
  const [{ size }] = JSON.parse(npm(args, { cwd: join(ROOT, "packages/ferrograd") }));
  return size;
}

export const gzipped = (bytes) => gzipSync(bytes, { level: 9 }).length;

/** Bytes after gzip of a program's minified bundle for browsers. */
export async function bundleBytes(program, resolveDir = ROOT) {
  const [{ contents }] = await bundleBrowser(program, resolveDir);
  return gzipped(contents);
}
