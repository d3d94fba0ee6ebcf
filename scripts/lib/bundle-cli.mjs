import { readFileSync } from "node:fs";
import { join } from "node:path";
import { ROOT } from "./paths.mjs";

/** Bundles packages/cli with the library's sources into one file that this Node runs; returns its path. */
export async function bundleCli(name = "main.js") {
  const { build } = await import("esbuild"); // imported late: npm start may just have installed it
  const cli = join(ROOT, "packages/cli");
  const { dependencies } = JSON.parse(readFileSync(join(cli, "package.json"), "utf8"));
  const outfile = join(cli, "dist", name);
  await build({
    entryPoints: [join(cli, "src/main.ts")],
    outfile,
    bundle: true,
    platform: "node",
    format: "esm",
    target: "node20",
    conditions: ["@ferrograd/source"],
    external: Object.keys(dependencies).filter((name) => name !== "ferrograd"),
    sourcemap: true,
    logLevel: "error",
  });
  return outfile;
}
