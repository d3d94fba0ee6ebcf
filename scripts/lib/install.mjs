import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { ROOT, sha256 } from "./paths.mjs";
import { npm, step } from "./run.mjs";

const STAMP = join(ROOT, "node_modules/.ferrograd-install.json");

/** Installs the packages of the lock file unless they are there: all of them, or those that training needs. */
export function ensurePackages({ dev }) {
  const lock = sha256(
    readFileSync(join(ROOT, "package-lock.json"), "utf8").replaceAll("\r\n", "\n"),
  );
  const stamp = existsSync(STAMP) ? JSON.parse(readFileSync(STAMP, "utf8")) : {};
  if (stamp.lock === lock && (stamp.dev || !dev)) return;
  // Where the tools for tests are installed they stay.
  const all = dev || stamp.dev === true;
  const what = all ? "npm packages" : "npm packages for training";
  step(what, all ? 10 : 3, () =>
    npm(["ci", "--no-fund", "--no-audit", ...(all ? [] : ["--omit=dev"])]),
  );
  writeFileSync(STAMP, JSON.stringify({ lock, dev: all }));
}
