import { readFileSync } from "node:fs";
import { join } from "node:path";
import { ROOT } from "./paths.mjs";

const FOLDER = join(ROOT, "packages/ferrograd");
const THREAD = join(FOLDER, "src/worker/thread.ts");

/** The sources of the package's entries, by what each import is called. */
function entries() {
  const { exports } = JSON.parse(readFileSync(join(FOLDER, "package.json"), "utf8"));
  return Object.entries(exports)
    .filter(([, to]) => to["@ferrograd/source"])
    .map(([path, to]) => [`ferrograd${path.slice(1)}`, join(FOLDER, to["@ferrograd/source"])]);
}

/** Names the file of workers as it is called here. */
const nameThread = {
  name: "thread",
  setup({ onLoad }) {
    onLoad({ filter: /ferrograd[/\\]src[/\\]worker[/\\]start\.ts$/ }, ({ path }) => ({
      contents: readFileSync(path, "utf8").replaceAll('"./thread.ts"', '"./thread.mjs"'),
      loader: "ts",
    }));
  },
};

/**
 * The sources of the package in a few files: of its entries and of `inner` files, which share what they have in
 * common, and of workers, which load one.
 *
 * @param {string} outdir
 * @param {{ platform?: "node" | "browser", inner?: string[] }} [options]
 * @returns {Promise<Map<string, string>>} the file of each import by its name, of each inner file by its path
 */
export async function bundleLibrary(outdir, { platform = "node", inner = [] } = {}) {
  const { build } = await import("esbuild"); // imported late: it may just have been installed
  const all = [...entries(), ...inner.map((file) => [file, file])];
  const files = all.map(([name, file], i) => ({ name, in: file, out: `entry-${i}` }));
  /** @type {import("esbuild").BuildOptions} */
  const options = {
    bundle: true,
    format: "esm",
    platform,
    target: "es2022",
    outdir,
    outExtension: { ".js": ".mjs" },
    conditions: ["@ferrograd/source"],
    sourcemap: true,
    logLevel: "silent",
  };
  await Promise.all([
    build({ ...options, entryPoints: [{ in: THREAD, out: "thread" }], sourcemap: false }), // for each worker
    build({
      ...options,
      entryPoints: files.map(({ in: file, out }) => ({ in: file, out })),
      splitting: true,
      plugins: [nameThread],
    }),
  ]);
  return new Map(files.map(({ name, out }) => [name, join(outdir, `${out}.mjs`)]));
}
