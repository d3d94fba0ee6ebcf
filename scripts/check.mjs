// npm run check: format, lint, rooms, types, clippy, and whether generated files are current.
import "./lib/node-version.mjs";
import { join } from "node:path";
import { checkApi } from "./lib/api-report.mjs";
import { checkGenerated, checkWasm } from "./lib/generated.mjs";
import { ensurePackages } from "./lib/install.mjs";
import { checkAddresses } from "./lib/metadata.mjs";
import { ROOT } from "./lib/paths.mjs";
import { CI, capture, Failure, main, which } from "./lib/run.mjs";

const BIOME = join(ROOT, "node_modules/@biomejs/biome/bin/biome");
const TSC = join(ROOT, "node_modules/typescript/bin/tsc");
const node = (...args) => capture(process.execPath, args);
const WASM_TOOLS = ["--manifest-path", "scripts/wasm-tools/Cargo.toml"];
const cargo = (...args) => capture("cargo", args);

const CHECKS = [
  ["format, lint, import cycles", () => node(BIOME, "check", "--error-on-warnings", ".")],
  ["rooms: no import points up", () => node("scripts/rooms.mjs")],
  ["types of packages and benchmarks", () => node(TSC, "-p", ".")],
  ["types of tests", () => node(TSC, "-p", "test")],
  ["types of scripts", () => node(TSC, "-p", "scripts")],
  ["docs/api is what the package exports", checkApi],
  ["data sets are current", () => node("scripts/make-datasets.mjs", "--check")],
  ["wasm is current", checkWasm],
  ["addresses are those of the project", checkAddresses],
];
const RUST_CHECKS = [
  ["generated files are current", checkGenerated],
  ["rustfmt", () => cargo("fmt", "--all", "--check")],
  ["rustfmt of wasm-tools", () => cargo("fmt", ...WASM_TOOLS, "--check")],
  ["clippy", () => cargo("clippy", "-q", "--workspace", "--all-targets", "--", "-D", "warnings")],
];

function passes([name, check]) {
  const start = performance.now();
  try {
    check();
    console.log(`ok      ${name} (${((performance.now() - start) / 1000).toFixed(1)} s)`);
    return true;
  } catch (error) {
    console.log(`failed  ${name}\n${error.message}`);
    return false;
  }
}

await main(() => {
  ensurePackages({ dev: true });
  const hasRust = CI || which("cargo");
  if (!hasRust) console.log("skipped the Rust checks: no cargo here (https://rustup.rs)");
  const results = [...CHECKS, ...(hasRust ? RUST_CHECKS : [])].map(passes);
  const failed = results.filter((passed) => !passed).length;
  if (failed > 0) throw new Failure(`${failed} of ${results.length} checks failed`);
});
