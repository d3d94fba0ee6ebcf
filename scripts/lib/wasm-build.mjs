import { readFileSync, rmSync } from "node:fs";
import { delimiter, dirname, join } from "node:path";
import { GENERATED, ROOT } from "./paths.mjs";
import { capture, Failure, showBeside, step } from "./run.mjs";
import {
  FUSED_FLAGS,
  RUST_FLAGS,
  sourcesHash,
  WASM_PACK_FLAGS,
  wasmIsCurrent,
} from "./sources.mjs";
import { compareBuilds, readBuild } from "./wasm-compare.mjs";
import { optimize, optimizeForSize, writeGenerated } from "./wasm-output.mjs";
import { TARGET, wasmToolchain } from "./wasm-toolchain.mjs";
import { WASM_BINDGEN, wasmTools } from "./wasm-tools.mjs";

/**
 * Builds the core and the one of ferrograd/fused from source, unless those that are there came from these sources. With
 * `compare` the new ones must be those that were there.
 */
export async function buildWasm(options = {}) {
  const { force = false, apt = false, compare = false } = options;
  if (!force && !compare && wasmIsCurrent()) return console.error("wasm is current");
  const before = compare ? readBuild(GENERATED) : undefined;
  const toolchain = wasmToolchain(apt);
  const target = join(ROOT, "target", `wasm-${toolchain.key}`);
  const base = { ...toolchain.env, ...onPath(toolchain.path), CARGO_TARGET_DIR: target };
  const own = nameless(base);
  const withFlags = (flags) => ({
    ...base,
    CARGO_ENCODED_RUSTFLAGS: [...flags.split(" "), ...own].join("\x1f"),
  });
  const hash = sourcesHash();
  const [env, fusedEnv] = [RUST_FLAGS, FUSED_FLAGS].map(withFlags);
  const [tools] = await Promise.all([wasmTools(), compile(env)]);
  const pack = (name, env) => {
    const folder = join(target, name);
    step(`wasm-pack build, ${name}`, 3, () => {
      rmSync(folder, { recursive: true, force: true });
      capture("wasm-pack", ["build", "crates/wasm", ...WASM_PACK_FLAGS, "--out-dir", folder], {
        env: { ...env, ...onPath([...toolchain.path, ...tools]) },
      });
    });
    return folder;
  };
  const folder = pack("pkg", env);
  const inflate = optimizeForSize(join(target, TARGET, "release/ferrograd_inflate.wasm"));
  const fused = pack("pkg-fused", fusedEnv);
  await step("wasm-opt", 16, () => {
    const modules = { core: optimize(folder, false), fused: optimize(fused, true), inflate };
    return writeGenerated(folder, modules, { hash, toolchain: nameOf(toolchain) });
  });
  if (compare) compareBuilds(before, readBuild(GENERATED));
}

/** PATH with these folders first. */
function onPath(folders) {
  const name = Object.keys(process.env).find((key) => key.toUpperCase() === "PATH"); // Windows: Path
  return { [name]: [...folders, process.env[name]].join(delimiter) };
}

/** Compiles both modules, while the tools are made: wasm-pack then finds its own compiled. */
async function compile(env) {
  const crates = ["-p", "ferrograd-wasm", "-p", "ferrograd-inflate"];
  const args = ["build", "--lib", ...crates, "--release", "--target", TARGET, "--quiet"];
  const done = await step("cargo build, for the modules", 15, () => showBeside("cargo", args, env));
  if (!done) throw new Failure("build:wasm: cargo build failed; what it said stands above");
}

/** All that decides the bytes of the module, besides its sources. */
function nameOf({ key }) {
  const { version } = JSON.parse(
    readFileSync(join(ROOT, "node_modules/binaryen/package.json"), "utf8"),
  );
  return `${key}, wasm-bindgen-${WASM_BINDGEN}, binaryen-${version}`;
}

/** Flags that keep this machine's folders out of the texts of panics. Brings Cargo.lock up to date. */
function nameless(env) {
  const output = capture("cargo", ["metadata", "--format-version", "1", "--quiet"], { env });
  const packages = JSON.parse(output).packages.filter(({ source }) => source !== null);
  const folders = new Set(packages.map((item) => dirname(dirname(item.manifest_path))));
  return [...folders].map((folder) => `--remap-path-prefix=${folder}=`);
}
