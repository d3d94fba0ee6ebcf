// npm run test:determinism -- --runtimes all | NAME,NAME: trains in each and compares the SHA-256 of the weights, and those of
// ferrograd/fused where that fuses; elsewhere they are the same.
import "./lib/node-version.mjs";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { runInBrowser } from "./lib/browser-run.mjs";
import { ensurePackages } from "./lib/install.mjs";
import { ROOT } from "./lib/paths.mjs";
import { capture, Failure, main } from "./lib/run.mjs";
import { Absent, chooseRuntimes, isBrowser, runtimeCommand } from "./lib/runtimes.mjs";

const bundleOf = (entry) => join(ROOT, "dist/determinism", `${entry}.mjs`);
const MAINS = {
  default: `
    import { bothHashes } from "./test/support/determinism.ts";
    globalThis.hash = bothHashes();
    if (!globalThis.document) console.log(await globalThis.hash);
  `,
  fused: `
    import { numerics } from "ferrograd/fused";
    import { bothHashes } from "./test/support/determinism.ts";
    globalThis.hash = bothHashes().then((hash) => (numerics().fused ? "fused " : "default ") + hash);
    if (!globalThis.document) console.log(await globalThis.hash);
  `,
};
/** What `using` needs and WebKit lacks. */
const NEWER = 'Symbol.dispose ??= Symbol("Symbol.dispose");';

await main(async () => {
  const { values } = parseArgs({ options: { runtimes: { type: "string", default: "all" } } });
  const names = chooseRuntimes(values.runtimes);
  ensurePackages({ dev: true });
  const { build } = await import("esbuild");
  for (const [entry, contents] of Object.entries(MAINS)) {
    await build({
      stdin: { contents, resolveDir: ROOT },
      outfile: bundleOf(entry),
      bundle: true,
      format: "esm",
      target: "es2022",
      banner: { js: NEWER },
      conditions: ["@ferrograd/source"],
      logLevel: "warning",
    });
  }
  const hashes = { default: new Set(), fused: new Set() };
  for (const name of names) {
    try {
      const hash = await run(name, "default");
      hashes.default.add(hash);
      console.log(`${hash}  ${name}`);
      const [kind, fused] = (await run(name, "fused")).split(/ (.*)/);
      hashes[kind].add(fused);
      console.log(`${fused}  ${name}, ferrograd/fused${kind === "fused" ? "" : " as the default"}`);
    } catch (error) {
      if (!(error instanceof Absent)) throw error;
      console.log(`absent: ${name}: ${error.message.split("\n")[0]}`);
    }
  }
  if (hashes.default.size === 0) throw new Failure("expected a runtime that runs, got none");
  for (const [entry, { size }] of Object.entries(hashes)) {
    if (size > 1) throw new Failure(`${entry}: expected one SHA-256 everywhere, got several`);
  }
});

async function run(name, entry) {
  const bundle = bundleOf(entry);
  if (isBrowser(name)) return runInBrowser(name, readFileSync(bundle), "globalThis.hash");
  const [program, ...args] = runtimeCommand(name);
  return capture(program, [...args, bundle]).trim();
}
