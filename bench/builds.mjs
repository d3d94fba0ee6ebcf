// More copies of what is timed as ours: over the relaxed module, or over another checkout's build.
import { existsSync, readFileSync } from "node:fs";
import { dirname, join, resolve } from "node:path";
import { bundleNode } from "../scripts/lib/bundle-node.mjs";
import { ROOT } from "../scripts/lib/paths.mjs";
import { Failure } from "../scripts/lib/run.mjs";

const PACKAGE = join(ROOT, "packages/ferrograd");
/** The build of this checkout. */
export const DIST = join(PACKAGE, "dist");

/** A copy with a core of its own: by the registry of symbols all copies in a process share one. */
const OWN_CORE = { define: { "Symbol.for": "Symbol" } };

const relaxedModule = {
  name: "relaxed module",
  setup(build) {
    // The library starts what the entry would have found to fuse.
    build.onResolve({ filter: /^ferrograd$/ }, () => ({
      path: join(PACKAGE, "src/fused.ts"),
    }));
  },
};

/** Options for bundles that import "ferrograd-relaxed". */
export async function relaxedBundle(folder) {
  const outfile = join(folder, "relaxed.mjs");
  await bundleNode("bench/peers/ferrograd.ts", outfile, { plugins: [relaxedModule], ...OWN_CORE });
  return { alias: { "ferrograd-relaxed": outfile } };
}

/** The same where it is not asked for. */
export const WITHOUT = { external: ["ferrograd-relaxed"] };

/** The dist folder that is meant: itself, a package's or a checkout's, relative to where npm was called. */
export function findDist(path) {
  const given = resolve(process.env.INIT_CWD ?? "", path);
  const folders = [given, join(given, "dist"), join(given, "packages/ferrograd/dist")];
  const dist = folders.find((folder) => existsSync(join(folder, "esm/inline.js")));
  if (dist === undefined)
    throw new Failure(
      `bench: --against: expected a built dist folder, got ${given}; npm run build in that checkout makes packages/ferrograd/dist`,
    );
  return dist;
}

/** Resolves the entries of the package to a build; names that it does not export are undefined. */
function fromDist(dist, missing) {
  const { exports } = JSON.parse(readFileSync(join(PACKAGE, "package.json"), "utf8"));
  const manifest = [dirname(dist), PACKAGE].map((folder) => join(folder, "package.json"));
  const file = (name) => {
    const entry = exports[name.replace("ferrograd", ".")];
    return typeof entry === "string"
      ? manifest.find(existsSync)
      : join(dist, entry.import.default.slice("./dist/".length));
  };
  return {
    name: "build",
    setup(build) {
      build.onResolve({ filter: /^ferrograd($|\/)/ }, ({ path }) => {
        return missing.size === 0 || path !== "ferrograd"
          ? { path: file(path) }
          : { path, namespace: "with-missing" };
      });
      build.onLoad({ filter: /^/, namespace: "with-missing" }, ({ path }) => ({
        contents: [
          `export * from ${JSON.stringify(file(path))};`,
          ...[...missing].map((name) => `export const ${name} = undefined;`),
        ].join("\n"),
        resolveDir: ROOT,
      }));
    },
  };
}

/** Bundles what is timed as ours over a build; cases that need what the build lacks fail when they are opened. */
export async function distBundle(dist, outfile) {
  const missing = new Set();
  for (;;) {
    try {
      const options = { plugins: [fromDist(dist, missing)], ...OWN_CORE, logLevel: "silent" };
      return await bundleNode("bench/peers/ferrograd.ts", outfile, options);
    } catch (error) {
      const texts = (error.errors ?? []).map(({ text }) => text);
      const names = texts.flatMap(
        (text) => text.match(/^No matching export .* import "(\w+)"$/)?.[1] ?? [],
      );
      if (names.length === 0) throw error;
      for (const name of names) missing.add(name);
    }
  }
}

/** Options with which one of peers/programs is bundled over a build. */
export const programOf = (dist) => ({ plugins: [fromDist(dist, new Set())] });
