// npm test [-- --long]: Rust natively, beside it the TypeScript tests in Node and in Chromium.
// The last lines are what the tests took and `N passed, N failed`; a part that crashes counts as a failure.
import "./lib/node-version.mjs";
import { ensureChromium } from "./lib/chromium.mjs";
import { ensurePackages } from "./lib/install.mjs";
import { CI, Failure, main, which } from "./lib/run.mjs";
import { wasmIsCurrent } from "./lib/sources.mjs";
import { runCheck, runConsumers, runRust, runVitest } from "./lib/test-parts.mjs";
import { buildWasm } from "./lib/wasm-build.mjs";

async function prepare() {
  ensurePackages({ dev: true });
  const checked = CI ? [runCheck()] : [];
  if (CI || !wasmIsCurrent()) await buildWasm({ compare: CI, apt: CI });
  return checked;
}

/** Before the others, which build the package too; some of them are pages. */
function consumers() {
  if (!CI) return [];
  ensureChromium();
  return [runConsumers()];
}

async function rust() {
  if (CI || which("cargo")) return [await runRust()];
  console.error("skipped the Rust tests: no cargo here (https://rustup.rs)");
  return [];
}

async function typescript() {
  const chromium = ensureChromium();
  if (!chromium && CI) throw new Failure("expected Chromium, got none; set CHROMIUM_PATH");
  if (!chromium) console.error("skipped the tests in Chromium: none found (set CHROMIUM_PATH)");
  return [await runVitest(["node", "node-alone", ...(chromium ? ["chromium"] : [])])];
}

/** A part's counts; what it throws is one failure. */
async function attempt(part) {
  try {
    return await part();
  } catch (error) {
    console.error(error instanceof Failure ? error.message : error);
    return [{ passed: 0, failed: 1 }];
  }
}

await main(async () => {
  if (process.argv.includes("--long")) process.env.FERROGRAD_LONG = "1";
  const prepared = [await attempt(prepare), await attempt(consumers)];
  const start = performance.now();
  const parts = [...prepared, ...(await Promise.all([rust, typescript].map(attempt)))].flat();
  console.log(`the tests took ${((performance.now() - start) / 1000).toFixed(0)} s`);
  const sum = (key) => parts.reduce((total, part) => total + part[key], 0);
  console.log(`${sum("passed")} passed, ${sum("failed")} failed`);
  process.exitCode = sum("failed") > 0 ? 1 : 0;
});
