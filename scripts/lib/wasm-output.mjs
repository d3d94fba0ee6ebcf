import { copyFileSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { inflateRawSync } from "node:zlib";
import { GENERATED, ROOT } from "./paths.mjs";
import { capture, Failure } from "./run.mjs";
import { filesHash, WASM_OPT_FLAGS } from "./sources.mjs";
import { hoistConstants } from "./wasm-constants.mjs";
import { dropLocations } from "./wasm-locations.mjs";
import { checkSeparateKernels } from "./wasm-names.mjs";
import { pairProducts } from "./wasm-pairs.mjs";

/** Drops what says how a module was made, and names. */
export const STRIP = ["--strip-debug", "--strip-producers", "--strip-target-features"];

export function binaryen(tool, args) {
  return capture(process.execPath, [join(ROOT, "node_modules/binaryen/bin", tool), ...args]);
}

/** Optimises `<folder>/ferrograd_wasm_bg.wasm`, keeping the names until the kernels are counted. */
export function optimize(folder, relaxed) {
  const named = join(folder, "named.wasm");
  const stripped = join(folder, "stripped.wasm");
  const text = join(folder, "final.wat");
  const final = join(folder, "final.wasm");
  const flags = [...WASM_OPT_FLAGS, ...(relaxed ? ["--enable-relaxed-simd"] : [])];
  binaryen("wasm-opt", [join(folder, "ferrograd_wasm_bg.wasm"), ...flags, "-g", "-o", named]);
  // Node 20 cannot read a relaxed module.
  if (!relaxed) console.error(`  ${checkSeparateKernels(readFileSync(named))} kernel functions`);
  const features = flags.filter((flag) => flag.startsWith("--enable"));
  binaryen("wasm-opt", [named, ...features, ...STRIP, "-o", stripped]);
  const hoisted = hoistConstants(binaryen("wasm-dis", [...features, stripped]));
  const paired = pairProducts(hoisted.text);
  fired("constants moved out of loops", hoisted.count);
  if (!relaxed) fired("pairs of products", paired.count); // there a product is part of its sum
  const located = dropLocations(paired.text);
  fired("places of panics left out", located.count);
  writeFileSync(text, located.text);
  binaryen("wasm-as", [...features, text, "-o", final]);
  const wasm = readFileSync(final);
  console.error(`  ${wasm.length} bytes of wasm`);
  return wasm;
}

/** A pass that finds nothing no longer knows the layout of wasm-dis, or what the compiler writes. */
function fired(what, count) {
  if (count === 0) throw new Failure(`build:wasm: expected ${what} in the module, got none`);
  console.error(`  ${count} ${what}`);
}

/** Optimises the small module that unpacks the core. */
export function optimizeForSize(file) {
  const out = `${file}.small`;
  const flags = ["-Os", "--one-caller-inline-max-function-size=0", "--enable-bulk-memory"];
  binaryen("wasm-opt", [file, ...flags, ...STRIP, "-o", out]);
  return readFileSync(out);
}

/** Raw deflate, searched for longer than zlib does: 5 % smaller. Few blocks are quicker to unpack. */
async function deflate(bytes) {
  const { deflateAsync } = await import("@gfx/zopfli");
  const deflated = Buffer.from(await deflateAsync(bytes, { blocksplittingmax: 4 }));
  if (inflateRawSync(deflated).equals(bytes)) return deflated;
  throw new Failure("build:wasm: expected the module to come back from zopfli as it was");
}

/** Writes what the package imports: the types of the core, the modules as text, and where they came from. */
export async function writeGenerated(folder, { core, fused, inflate }, origin) {
  mkdirSync(GENERATED, { recursive: true });
  copyFileSync(join(folder, "ferrograd_wasm.d.ts"), join(GENERATED, "ferrograd_wasm.d.ts"));
  const [text, fusedText] = await Promise.all(
    [core, fused].map(async (module) => (await deflate(module)).toString("base64")),
  );
  writeFileSync(
    join(GENERATED, "fused.ts"),
    [
      "/** The module that multiplies and adds with one rounding, raw deflate, base64. */",
      `export const FUSED_DEFLATED_BASE64: string = "${fusedText}";`,
      "/** Its size when inflated, in bytes. */",
      `export const FUSED_BYTES: number = ${fused.length};`,
      "",
    ].join("\n"),
  );
  writeFileSync(
    join(GENERATED, "wasm.ts"),
    [
      "/** The module, raw deflate, base64. */",
      `export const WASM_DEFLATED_BASE64: string = "${text}";`,
      "/** Its size when inflated, in bytes. */",
      `export const WASM_BYTES: number = ${core.length};`,
      "/** The module that inflates it, base64. */",
      `export const INFLATE_BASE64: string = "${inflate.toString("base64")}";`,
      "",
    ].join("\n"),
  );
  const { hash, toolchain } = origin;
  const record = { hash, built: filesHash(), toolchain };
  writeFileSync(join(GENERATED, "sources.json"), `${JSON.stringify(record, null, 2)}\n`);
}

/** What a name of a generated file holds: bytes, as base64. */
function bytesOf(name, folder, file = "wasm.ts") {
  const text = readFileSync(join(folder, file), "utf8");
  return Buffer.from(text.match(`${name}.*= "([^"]+)"`)[1], "base64");
}

/** The module that a folder of generated files holds as text. */
export const readWasm = (folder = GENERATED) =>
  inflateRawSync(bytesOf("WASM_DEFLATED_BASE64", folder));

/** The one of ferrograd/fused. */
export const readFused = (folder = GENERATED) =>
  inflateRawSync(bytesOf("FUSED_DEFLATED_BASE64", folder, "fused.ts"));

/** The one that inflates them. */
export const readInflate = (folder = GENERATED) => bytesOf("INFLATE_BASE64", folder);
