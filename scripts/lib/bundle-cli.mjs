import { join } from "node:path";
import { FOR_NODE } from "./bundle-node.mjs";
import { ROOT } from "./paths.mjs";
import { writeWhole } from "./write-whole.mjs";

/** Packages that are CommonJS ask for Node's modules with `require`, which a module has to make. */
const REQUIRE = `import { createRequire as makeRequire } from "node:module"; const require = makeRequire(import.meta.url);`;

/**
 * Bundles packages/cli, the library's sources and all that it needs into one file that Node runs. The file
 * is there as a whole at any time, also where two processes make it.
 *
 * @returns the file, and the files that went in
 */
export async function bundleCli(outfile = join(ROOT, "packages/cli/dist/main.js"), options = {}) {
  const { build } = await import("esbuild"); // imported late: npm start may just have installed it
  const { metafile, outputFiles } = await build({
    entryPoints: [join(ROOT, "packages/cli/src/main.ts")],
    absWorkingDir: ROOT,
    outfile,
    ...FOR_NODE,
    banner: { js: REQUIRE },
    metafile: true,
    sourcemap: true,
    logLevel: "error",
    ...options,
    write: false,
  });
  for (const { path, contents } of outputFiles) writeWhole(path, contents);
  return { outfile, sources: Object.keys(metafile.inputs) };
}
