import { existsSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { ROOT } from "./paths.mjs";
import { show, showBeside, tell, tellBeside } from "./run.mjs";

/** A part that failed without a failed test to show for it has crashed: one failure. */
function counts(ok, passed, failed) {
  return { passed, failed: ok || failed > 0 ? failed : 1 };
}

/** `npm run check` as one failure or none. */
export function runCheck() {
  return counts(show(process.execPath, ["scripts/check.mjs"]), 0, 0);
}

/** Ways of use that are quick to set up. */
export function runConsumers() {
  const { ok, output } = tell(process.execPath, ["scripts/test-consumers.mjs", "--group", "ci"]);
  process.stderr.write(output);
  const [, passed = 0, failed = 0] = output.match(/^(\d+) passed, (\d+) failed$/m) ?? [];
  return counts(ok, Number(passed), Number(failed));
}

/** Those that are WebAssembly modules and nothing else: no test can be in them, and clippy compiles them. */
const MODULES = ["ferrograd-wasm", "ferrograd-inflate"];

export async function runRust() {
  const without = MODULES.flatMap((name) => ["--exclude", name]);
  const args = ["test", "--workspace", ...without, "--quiet", "--no-fail-fast"];
  const { ok, output } = await tellBeside("cargo", args);
  const results = [...output.matchAll(/^test result: \w+\. (\d+) passed; (\d+) failed;/gm)];
  const total = (group) => results.reduce((sum, match) => sum + Number(match[group]), 0);
  return counts(ok, total(1), total(2));
}

export async function runVitest(projects) {
  const folder = mkdtempSync(join(tmpdir(), "ferrograd-test-"));
  const report = join(folder, "report.json");
  const args = [
    join(ROOT, "node_modules/vitest/vitest.mjs"),
    "run",
    "--reporter=default",
    "--reporter=json",
    `--outputFile.json=${report}`,
    ...projects.map((project) => `--project=${project}`),
  ];
  const isShared = ["node", "chromium"].every((project) => projects.includes(project));
  const ok = await showBeside(process.execPath, args, { FERROGRAD_SHARED: isShared ? "1" : "" });
  const result = existsSync(report) ? JSON.parse(readFileSync(report, "utf8")) : {};
  rmSync(folder, { recursive: true });
  const brokenFiles = (result.testResults ?? []).filter(
    (file) => file.status === "failed" && file.assertionResults.length === 0,
  );
  const failed = (result.numFailedTests ?? 0) + brokenFiles.length;
  return counts(ok, result.numPassedTests ?? 0, failed);
}
