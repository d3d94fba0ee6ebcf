import { join } from "node:path";
import { ROOT } from "./paths.mjs";

/** How the sources become one module that Node 20 runs. @satisfies {import("esbuild").BuildOptions} */
export const FOR_NODE = {
  bundle: true,
  platform: "node",
  format: "esm",
  target: "node20",
  conditions: ["@ferrograd/source"],
};

/** Bundles TypeScript and the library's sources into one module that Node 20 runs. */
export async function bundleNode(entry, outfile, options = {}) {
  const { build } = await import("esbuild"); // imported late: it may just have been installed
  await build({
    entryPoints: [join(ROOT, entry)],
    outfile,
    ...FOR_NODE,
    logLevel: "warning",
    ...options,
  });
}
