// The library once more, over the module of `npm run build:wasm -- --relaxed`.
import { join } from "node:path";
import { bundleNode } from "../scripts/lib/bundle-node.mjs";
import { RELAXED } from "../scripts/lib/paths.mjs";
import { buildWasm } from "../scripts/lib/wasm-build.mjs";

const relaxedModule = {
  name: "relaxed module",
  setup(build) {
    const path = join(RELAXED, "wasm.ts");
    build.onResolve({ filter: /generated\/wasm\.ts$/ }, () => ({ path }));
  },
};

/** Options for bundles that import "ferrograd-relaxed". */
export async function relaxedBundle(folder) {
  await buildWasm({ relaxed: true });
  const outfile = join(folder, "relaxed.mjs");
  await bundleNode("bench/peers/ferrograd.ts", outfile, {
    plugins: [relaxedModule],
    define: { "Symbol.for": "Symbol" }, // or both would share one core
  });
  return { alias: { "ferrograd-relaxed": outfile } };
}

/** The same where it is not asked for. */
export const WITHOUT = { external: ["ferrograd-relaxed"] };
