import { existsSync } from "node:fs";
import { join } from "node:path";
import { APT_COMMAND, debianToolchain, installDebianRust } from "./debian-sysroot.mjs";
import { sha256 } from "./paths.mjs";
import { ask, Failure, step } from "./run.mjs";

export const TARGET = "wasm32-unknown-unknown";

/** The ordinary Rust on PATH, when it has the wasm target. */
function ordinaryToolchain() {
  const sysroot = ask("rustc", ["--print", "sysroot"]);
  if (!sysroot || !existsSync(join(sysroot, "lib/rustlib", TARGET, "lib"))) return undefined;
  if (!ask("cargo", ["--version"])) return undefined;
  const version = ask("rustc", ["-vV"]);
  const release = version.match(/^release: (.*)$/m)[1];
  return { key: `rust-${release}-${sha256(version).slice(0, 8)}`, env: {}, path: [] };
}

function addTarget() {
  if (!ask("rustup", ["--version"])) return;
  step(`rustup target add ${TARGET}`, 5, () => {
    const added = ask("rustup", ["target", "add", TARGET], { timeout: 120_000 }) !== undefined;
    if (!added) console.error("  not available here");
  });
}

/**
 * A Rust that compiles to wasm32: `{ key, env, path }`, what to set and what to put first on PATH.
 * What is there already, else rustup's target, else Debian's packages where they may be installed.
 */
export function wasmToolchain(aptAsked) {
  const existing = ordinaryToolchain() ?? debianToolchain();
  if (existing) return existing;
  addTarget();
  const added = ordinaryToolchain();
  if (added) return added;
  installDebianRust(aptAsked);
  const debian = debianToolchain();
  if (debian) return debian;
  throw new Failure(
    [
      `build:wasm: expected a Rust with the target ${TARGET}, got none. Any one of these helps:`,
      `  rustup target add ${TARGET}              (rustup: https://rustup.rs)`,
      `  ${APT_COMMAND}`,
      "  npm run build:wasm -- --apt              (the line above, run for you; needs root)",
    ].join("\n"),
  );
}
