import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { ROOT } from "./paths.mjs";
import { npm, step } from "./run.mjs";

/** The packages of a lock file by their place, or none where there is no such file. */
function packagesOf(file) {
  return existsSync(file) ? JSON.parse(readFileSync(file, "utf8")).packages : {};
}

/**
 * Of the packages that a lock file wants those that are not there, by what npm says of a folder. What is optional may be
 * for other machines.
 *
 * @param {Record<string, any>} wanted
 * @param {Record<string, any>} installed
 */
export function missingPackages(wanted, installed, { dev }) {
  const same = (one, other) =>
    ["version", "integrity", "link"].every((key) => one[key] === other?.[key]);
  return Object.keys(wanted).filter((place) => {
    const { optional, dev: onlyDev } = wanted[place];
    if (!place.includes("node_modules/") || optional || (onlyDev && !dev)) return false;
    return !same(wanted[place], installed[place]);
  });
}

/** Installs the packages of the lock file unless they are there: all of them, or those that training needs. */
export function ensurePackages({ dev }) {
  const wanted = packagesOf(join(ROOT, "package-lock.json"));
  const installed = packagesOf(join(ROOT, "node_modules/.package-lock.json"));
  if (missingPackages(wanted, installed, { dev }).length === 0) return;
  // Where the tools for tests are installed they stay.
  const all = dev || Object.values(installed).some((one) => one.dev);
  const what = all ? "npm packages" : "npm packages for training";
  step(what, all ? 10 : 3, () =>
    npm(["ci", "--no-fund", "--no-audit", ...(all ? [] : ["--omit=dev"])]),
  );
}

/** The same for a folder with a lock file of its own, and tools only. */
export function ensureTools(folder, label) {
  const wanted = packagesOf(join(folder, "package-lock.json"));
  const installed = packagesOf(join(folder, "node_modules/.package-lock.json"));
  if (missingPackages(wanted, installed, { dev: true }).length === 0) return;
  step(label, 15, () =>
    npm(["ci", "--ignore-scripts", "--no-audit", "--no-fund"], { cwd: folder }),
  );
}
