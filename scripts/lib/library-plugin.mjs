import { readdirSync, readFileSync, rmSync } from "node:fs";
import { dirname, join, resolve } from "node:path";
import { bundleLibrary } from "./library-bundle.mjs";
import { ROOT } from "./paths.mjs";

const INNER = /from "((?:\.\.\/)+packages\/ferrograd\/src\/[^"]+)"/g;

/** Files of the package that tests import beside its entries. */
function innerFiles() {
  const tests = readdirSync(join(ROOT, "test"), { recursive: true, encoding: "utf8" }).filter(
    (name) => /\.ts$/.test(name),
  );
  const files = tests.flatMap((name) => {
    const file = join(ROOT, "test", name);
    const imports = readFileSync(file, "utf8").matchAll(INNER);
    return [...imports].map(([, path]) => resolve(dirname(file), path));
  });
  return [...new Set(files)];
}

/**
 * For Vite: the sources of the package `ferrograd` in a few files, which Node and pages load and run sooner than
 * several hundred.
 *
 * @param {"node" | "browser"} platform
 * @returns {import("vite").Plugin}
 */
export function librarySources(platform) {
  const outdir = join(ROOT, `dist/test/library-${platform}-${process.pid}`);
  /** @type {Promise<Map<string, string>> | undefined} */
  let made;
  const make = () => {
    process.once("exit", () => rmSync(outdir, { recursive: true, force: true }));
    return bundleLibrary(outdir, { platform, inner: innerFiles() });
  };
  return {
    name: "library-sources",
    enforce: "pre",
    async resolveId(id, importer) {
      if (!/^ferrograd(?:$|\/)|packages\/ferrograd\/src\//.test(id)) return undefined;
      made ??= make();
      const files = await made;
      const path = importer && id.startsWith(".") ? resolve(dirname(importer), id) : id;
      return files.get(path);
    },
  };
}
