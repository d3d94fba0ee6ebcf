// npm run test:determinism -- --runtimes all | NAME,NAME: trains in each and compares the SHA-256 of the weights.
import "./lib/node-version.mjs";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { runInBrowser } from "./lib/browser-run.mjs";
import { ensurePackages } from "./lib/install.mjs";
import { ROOT } from "./lib/paths.mjs";
import { capture, Failure, main } from "./lib/run.mjs";
import { Absent, chooseRuntimes, isBrowser, runtimeCommand } from "./lib/runtimes.mjs";

const BUNDLE = join(ROOT, "dist/determinism/main.mjs");
const MAIN = `
  import { bothHashes } from "./test/support/determinism.ts";
  globalThis.hash = bothHashes();
  if (!globalThis.document) console.log(await globalThis.hash);
`;
/** What `using` needs and WebKit lacks. */
const NEWER = 'Symbol.dispose ??= Symbol("Symbol.dispose");';

await main(async () => {
  const { values } = parseArgs({ options: { runtimes: { type: "string", default: "all" } } });
  const names = chooseRuntimes(values.runtimes);
  ensurePackages({ dev: true });
  const { build } = await import("esbuild");
  await build({
    stdin: { contents: MAIN, resolveDir: ROOT },
    outfile: BUNDLE,
    bundle: true,
    format: "esm",
    target: "es2022",
    banner: { js: NEWER },
    conditions: ["@ferrograd/source"],
    logLevel: "warning",
  });
  const hashes = new Set();
  for (const name of names) {
    try {
      const hash = await run(name);
      hashes.add(hash);
      console.log(`${hash}  ${name}`);
    } catch (error) {
      if (!(error instanceof Absent)) throw error;
      console.log(`absent: ${name}: ${error.message.split("\n")[0]}`);
    }
  }
  if (hashes.size === 0) throw new Failure("expected a runtime that runs, got none");
  if (hashes.size > 1) throw new Failure("expected one SHA-256 everywhere, got several");
});

async function run(name) {
  if (isBrowser(name)) return runInBrowser(name, readFileSync(BUNDLE), "globalThis.hash");
  const [program, ...args] = runtimeCommand(name);
  return capture(program, [...args, BUNDLE]).trim();
}
