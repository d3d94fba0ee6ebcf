import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { npm, step } from "../../../scripts/lib/run.mjs";

/** Installs the pinned tools of the site unless they are there; a copy of the lock file says which are. */
export function installSite(folder) {
  const lock = readFileSync(join(folder, "package-lock.json"), "utf8");
  const stamp = join(folder, "node_modules", ".installed-lock.json");
  if (existsSync(stamp) && readFileSync(stamp, "utf8") === lock) return;
  step("installing the site's tools into packages/site", 15, () =>
    npm(["ci", "--ignore-scripts", "--no-audit", "--no-fund"], { cwd: folder }),
  );
  writeFileSync(stamp, lock);
}
