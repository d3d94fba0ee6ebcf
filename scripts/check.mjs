// npm run check: format, lint, rooms, types, clippy, and whether generated files are current.
import "./lib/node-version.mjs";
import { join } from "node:path";
import { checkApi } from "./lib/api-report.mjs";
import { checkGenerated, checkWasm } from "./lib/generated.mjs";
import { ensurePackages } from "./lib/install.mjs";
import { checkAddresses } from "./lib/metadata.mjs";
import { ROOT } from "./lib/paths.mjs";
import { CI, captureBeside, Failure, main, which } from "./lib/run.mjs";

const BIOME = join(ROOT, "node_modules/@biomejs/biome/bin/biome");
const TSC = join(ROOT, "node_modules/typescript/bin/tsc");
const UNLIMITED = { timeout: 0 };
const node = (...args) => captureBeside(process.execPath, args, UNLIMITED);
const WASM_TOOLS = ["--manifest-path", "scripts/wasm-tools/Cargo.toml"];
const cargo = (...args) => captureBeside("cargo", args, UNLIMITED);

const CHECKS = [
  ["format, lint, import cycles", () => node(BIOME, "check", "--error-on-warnings", ".")],
  ["rooms: no import points up", () => node("scripts/rooms.mjs")],
  ["types of packages and benchmarks", () => node(TSC, "-p", ".")],
  ["types of tests", () => node(TSC, "-p", "test")],
  ["types of scripts", () => node(TSC, "-p", "scripts")],
  ["docs/api is what the package exports", checkApi],
  ["data sets are current", () => node("scripts/make-datasets.mjs", "--check")],
  ["wasm is current", checkWasm],
  ["sizes are under their ceilings", () => node("scripts/size.mjs")],
  ["addresses are those of the project", checkAddresses],
];
const RUST_CHECKS = [
  ["rustfmt", () => cargo("fmt", "--all", "--check")],
  ["rustfmt of wasm-tools", () => cargo("fmt", ...WASM_TOOLS, "--check")],
  ["clippy", () => cargo("clippy", "-q", "--workspace", "--all-targets", "--", "-D", "warnings")],
  ["generated files are current", checkGenerated],
];

async function passes([name, check]) {
  const start = performance.now();
  try {
    await check();
    console.log(`ok      ${name} (${((performance.now() - start) / 1000).toFixed(1)} s)`);
    return true;
  } catch (error) {
    console.log(`failed  ${name}\n${error.message}`);
    return false;
  }
}

/** Beside another list: cargo works on one thing at a time anyway. */
async function inTurn(checks) {
  const results = [];
  for (const check of checks) results.push(await passes(check));
  return results;
}

await main(async () => {
  ensurePackages({ dev: true });
  const hasRust = CI || which("cargo");
  if (!hasRust) console.log("skipped the Rust checks: no cargo here (https://rustup.rs)");
  const lists = hasRust ? [CHECKS, RUST_CHECKS] : [CHECKS];
  const results = (await Promise.all(lists.map(inTurn))).flat();
  const failed = results.filter((passed) => !passed).length;
  if (failed > 0) throw new Failure(`${failed} of ${results.length} checks failed`);
});
