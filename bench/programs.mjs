// The programs in peers/programs: one small prediction in each library, bundled as a user would.
import { copyFileSync, mkdirSync, readFileSync } from "node:fs";
import { basename, join } from "node:path";
import { ROOT } from "../scripts/lib/paths.mjs";
import { gzipped } from "../scripts/lib/sizes.mjs";

const PEERS = join(ROOT, "bench/peers");
/** Packages that are CommonJS ask for Node's modules with `require`, and for their own folder. */
const BANNER = `import { createRequire as makeRequire } from "node:module"; import { dirname } from "node:path"; import { fileURLToPath } from "node:url"; const require = makeRequire(import.meta.url), __filename = fileURLToPath(import.meta.url), __dirname = dirname(__filename);`;

/** The file beside its JavaScript that each of them loads. */
const WASM = {
  "tfjs-wasm": "@tensorflow/tfjs-backend-wasm/dist/tfjs-backend-wasm-simd.wasm",
  "onnxruntime-web": "onnxruntime-web/dist/ort-wasm-simd-threaded.wasm",
};
/** Our peers by the package whose version counts. */
const PACKAGES = {
  "tfjs-wasm": "@tensorflow/tfjs-core",
  "tfjs-cpu": "@tensorflow/tfjs-core",
  "onnxruntime-web": "onnxruntime-web",
  "jax-js": "@jax-js/jax",
  convnetjs: "convnetjs",
  "brain.js": "brain.js",
};
export const PROGRAMS = Object.keys(PACKAGES);

const wasmFile = (name) => WASM[name] && join(PEERS, "node_modules", WASM[name]);

async function bundle(name, options) {
  const { build } = await import("esbuild");
  const { outputFiles } = await build({
    entryPoints: [join(PEERS, "programs", `${name}.mjs`)],
    bundle: true,
    minify: true,
    format: "esm",
    target: "es2022",
    mainFields: ["module", "browser", "main"],
    logLevel: "error",
    write: false,
    ...options,
  });
  return outputFiles?.[0].contents;
}

/** Writes each of the named programs to a folder, for Node. */
export async function buildPrograms(names, folder, options = {}) {
  mkdirSync(folder, { recursive: true });
  for (const name of names) {
    const outfile = join(folder, `${name}.mjs`);
    await bundle(name, {
      platform: "node",
      banner: { js: BANNER },
      outfile,
      write: true,
      ...options,
    });
    const wasm = wasmFile(name);
    if (wasm) copyFileSync(wasm, join(folder, basename(wasm)));
  }
}

/** What a browser downloads for each of them, in bytes: JavaScript minified, after gzip. */
export async function programSizes(names) {
  const { dependencies } = JSON.parse(readFileSync(join(PEERS, "package.json"), "utf8"));
  const sizes = {};
  for (const name of names) {
    const file = wasmFile(name);
    const wasm = file ? readFileSync(file) : new Uint8Array(0);
    sizes[name] = {
      version: dependencies[PACKAGES[name]],
      javascript: gzipped(
        await bundle(name, { platform: "browser", external: ["node:*", "stream"] }),
      ),
      wasm: wasm.length,
      wasmGzip: file ? gzipped(wasm) : 0,
    };
  }
  return sizes;
}
