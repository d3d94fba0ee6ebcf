// Rust with a wasm32 standard library from Debian's packages, for machines where rustup cannot download one.
// Debian ships the library as source, so it is compiled once into a private sysroot in the user's cache folder.
import {
  chmodSync,
  cpSync,
  existsSync,
  mkdirSync,
  readdirSync,
  renameSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { dirname, join } from "node:path";
import { cacheFolder, sha256 } from "./paths.mjs";
import { ask, CI, capture, Failure, isProgram, step, which } from "./run.mjs";

const RELEASE = "1.96";
const PACKAGES = ["rustc-web", "rust-web-src", "cargo-web"].map((name) => `${name}=${RELEASE}*`);
export const APT_COMMAND = `apt-get update && apt-get install -y ${PACKAGES.map((p) => `'${p}'`).join(" ")} lld`;
const RUSTC = "/usr/bin/rustc";
const CARGO = "/usr/bin/cargo";
const TARGET = "wasm32-unknown-unknown";

const installedRelease = () => ask(RUSTC, ["--version"])?.match(/^rustc (\S+)/)?.[1];
const vendorFolder = (release) => `/usr/src/rustc-${release}/library/vendor`;

function isInstalled() {
  const release = installedRelease();
  return (
    Boolean(release?.startsWith(`${RELEASE}.`)) &&
    existsSync(vendorFolder(release)) &&
    isProgram(CARGO)
  );
}

/** Installs the packages where that is allowed: as root, in CI or when `--apt` asks for it. */
export function installDebianRust(asked) {
  if (isInstalled() || !which("apt-get") || !(asked || CI) || process.getuid() !== 0) return;
  step("Rust for WebAssembly from Debian packages", 40, () => {
    const env = { DEBIAN_FRONTEND: "noninteractive" };
    capture("apt-get", ["update", "-q"]);
    capture("apt-get", ["install", "-y", "-q", ...PACKAGES], { env });
    if (!findLinker()) capture("apt-get", ["install", "-y", "-q", "lld"], { env });
  });
}

/** The linker: rust-lld of a rustup toolchain, else lld's wasm-ld. */
function findLinker() {
  const sysroot = ask("rustc", ["--print", "sysroot"]);
  const host = ask("rustc", ["-vV"])?.match(/^host: (.*)$/m)?.[1];
  const rustLld = sysroot && host && join(sysroot, "lib/rustlib", host, "bin/rust-lld");
  return rustLld && isProgram(rustLld) ? rustLld : which("wasm-ld");
}

/** Compiles std for wasm32 through an empty crate, from the sources that Debian ships. */
function buildStd(folder, release, linker) {
  mkdirSync(join(folder, "src"), { recursive: true });
  mkdirSync(join(folder, ".cargo"));
  writeFileSync(join(folder, "src/lib.rs"), "");
  writeFileSync(
    join(folder, "Cargo.toml"),
    '[package]\nname = "empty"\nedition = "2024"\n[workspace]\n',
  );
  writeFileSync(
    join(folder, ".cargo/config.toml"),
    `[source.crates-io]\nreplace-with = "vendor"\n[source.vendor]\ndirectory = "${vendorFolder(release)}"\n`,
  );
  const args = ["build", "--release", "--target", TARGET, "-Zbuild-std=std,panic_abort"];
  capture(CARGO, args, {
    cwd: folder,
    env: {
      RUSTC_BOOTSTRAP: "1",
      RUSTC,
      // The bitcode is what link-time optimisation across std works from.
      RUSTFLAGS: `-C linker=${linker} -C embed-bitcode=yes`,
      CARGO_TARGET_DIR: join(folder, "target"),
    },
  });
  return join(folder, "target", TARGET, "release/deps");
}

/** Debian's sysroot by links, plus the wasm32 libraries, plus `rustc` and `cargo` that use it. */
function assemble(folder, libraries) {
  const rustlib = join(folder, "lib/rustlib");
  const own = join(rustlib, TARGET, "lib");
  mkdirSync(own, { recursive: true });
  for (const name of readdirSync("/usr/lib/rustlib")) {
    if (name !== TARGET) symlinkSync(join("/usr/lib/rustlib", name), join(rustlib, name));
  }
  for (const name of readdirSync(libraries)) {
    if (name.endsWith(".rlib")) cpSync(join(libraries, name), join(own, name));
  }
  const bin = join(folder, "bin");
  mkdirSync(bin);
  const rustc = join(bin, "rustc");
  writeFileSync(rustc, `#!/bin/sh\nexec ${RUSTC} --sysroot "$(dirname "$(dirname "$0")")" "$@"\n`);
  chmodSync(rustc, 0o755);
  symlinkSync(CARGO, join(bin, "cargo"));
}

/** A toolchain `{ key, env }`, or undefined where Debian's packages are not installed. */
export function debianToolchain() {
  if (process.platform !== "linux" || !isInstalled()) return undefined;
  const linker = findLinker();
  if (!linker)
    throw new Failure("build:wasm: expected a wasm linker, got none; run: apt-get install -y lld");

  const release = installedRelease();
  const key = `debian-${release}-${sha256(capture(RUSTC, ["-vV"])).slice(0, 8)}`;
  const sysroot = join(cacheFolder(), "sysroots", key);
  if (!existsSync(sysroot)) {
    step("Rust's standard library for wasm32", 35, () => {
      mkdirSync(dirname(sysroot), { recursive: true });
      const scratch = `${sysroot}.${process.pid}`;
      assemble(join(scratch, "sysroot"), buildStd(join(scratch, "build"), release, linker));
      renameSync(join(scratch, "sysroot"), sysroot);
      rmSync(scratch, { recursive: true });
    });
  }
  const rustc = join(sysroot, "bin/rustc");
  const env = {
    RUSTC: rustc,
    CARGO: join(sysroot, "bin/cargo"),
    CARGO_TARGET_WASM32_UNKNOWN_UNKNOWN_LINKER: linker,
  };
  return { key, env, path: [join(sysroot, "bin")] };
}
