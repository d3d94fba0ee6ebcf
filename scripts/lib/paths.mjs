import { createHash } from "node:crypto";
import { homedir } from "node:os";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

export const ROOT = dirname(dirname(dirname(fileURLToPath(import.meta.url))));
export const GENERATED = join(ROOT, "packages/ferrograd/src/engine/generated");
export const OPS_TABLE = join(ROOT, "packages/ferrograd/src/engine/ops.generated.ts");
export const WRITERS = join(ROOT, "packages/ferrograd/src/engine/writers.generated.ts");
export const VERSION = join(ROOT, "packages/ferrograd/src/copies/version.generated.ts");
export const FORMULAS = join(ROOT, "packages/ferrograd/src/engine/formulas.generated.ts");

/** The user's cache folder, where tools are kept for every clone. `FERROGRAD_CACHE` overrides it. */
export function cacheFolder(env = process.env, platform = process.platform) {
  if (env.FERROGRAD_CACHE) return env.FERROGRAD_CACHE;
  if (platform === "win32")
    return join(env.LOCALAPPDATA || join(homedir(), "AppData/Local"), "ferrograd");
  if (platform === "darwin") return join(homedir(), "Library/Caches/ferrograd");
  return join(env.XDG_CACHE_HOME || join(homedir(), ".cache"), "ferrograd");
}

export function sha256(text) {
  return createHash("sha256").update(text).digest("hex");
}
