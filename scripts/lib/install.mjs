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
  const what = dev ? "npm packages" : "npm packages for training";
  step(what, dev ? 10 : 3, () =>
    npm(["ci", "--no-fund", "--no-audit", ...(dev ? [] : ["--omit=dev"])]),
  );
  writeFileSync(STAMP, JSON.stringify({ lock, dev }));
}
