import { copyFileSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { GENERATED, ROOT } from "./paths.mjs";
import { capture, Failure } from "./run.mjs";
import { filesHash, WASM_OPT_FLAGS } from "./sources.mjs";
import { hoistConstants } from "./wasm-constants.mjs";
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
  writeFileSync(text, paired.text);
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

/** What stands before the data in a file of LZMA: its parameters, the dictionary's size and theirs. */
const LZMA_HEADER = 13;
/** lc = 3, lp = 0, pb = 2, which the module that unpacks takes for granted. */
const LZMA_PARAMETERS = (2 * 5 + 0) * 9 + 3;

/** Bytes as LZMA data, an eighth smaller than deflated as far as can be. */
export async function pack(bytes) {
  const { default: lzma } = await import("lzma/src/lzma-c.js");
  const file = Buffer.from(lzma.LZMA.compress([...bytes], 9));
  if (file[0] === LZMA_PARAMETERS) return file.subarray(LZMA_HEADER);
  throw new Failure(`build:wasm: expected LZMA of parameters ${LZMA_PARAMETERS}, got ${file[0]}`);
}

/** What a module that unpacks makes of them. */
function unpack(data, size, unpacker) {
  const { exports } = new WebAssembly.Instance(new WebAssembly.Module(unpacker));
  const { buffer } = /** @type {WebAssembly.Memory} */ (exports.memory);
  const [place, run] = /** @type {Function[]} */ ([exports.data, exports.unpack]);
  Buffer.from(buffer).set(data, place());
  return Buffer.from(buffer, run(size), size);
}

/** Writes what the package imports: the types of the core, the modules as text, and where they came from. */
export async function writeGenerated(folder, { core, unpack: unpacker }, origin, destination) {
  mkdirSync(destination, { recursive: true });
  copyFileSync(join(folder, "ferrograd_wasm.d.ts"), join(destination, "ferrograd_wasm.d.ts"));
  const packed = await pack(core);
  if (!unpack(packed, core.length, unpacker).equals(core)) {
    throw new Failure("build:wasm: expected the module to be unpacked as it was");
  }
  writeFileSync(
    join(destination, "wasm.ts"),
    [
      "/** The module, LZMA, base64. */",
      `export const WASM_PACKED_BASE64: string = "${packed.toString("base64")}";`,
      "/** Its size when unpacked, in bytes. */",
      `export const WASM_BYTES: number = ${core.length};`,
      "/** The module that unpacks it, base64. */",
      `export const UNPACK_BASE64: string = "${unpacker.toString("base64")}";`,
      "",
    ].join("\n"),
  );
  const { hash, toolchain } = origin;
  const record = { hash, built: filesHash(destination), toolchain };
  writeFileSync(join(destination, "sources.json"), `${JSON.stringify(record, null, 2)}\n`);
}

const textOf = (folder) => readFileSync(join(folder, "wasm.ts"), "utf8");

/** What a name of wasm.ts holds: bytes, as base64. */
const bytesOf = (name, folder) =>
  Buffer.from(textOf(folder).match(`${name}.*= "([^"]+)"`)[1], "base64");

/** The module that a folder of generated files holds as text. */
export function readWasm(folder = GENERATED) {
  const [, size] = textOf(folder).match(/WASM_BYTES.*= (\d+)/);
  return unpack(bytesOf("WASM_PACKED_BASE64", folder), Number(size), readUnpack(folder));
}

/** The one that unpacks it. */
export const readUnpack = (folder = GENERATED) => bytesOf("UNPACK_BASE64", folder);
