import { isRunning } from "./core.ts";
import { FUSED_BYTES, FUSED_DEFLATED_BASE64 } from "./generated/fused.ts";
import { fromBase64, inflate } from "./inflate.ts";
import { isFused, runningNumerics } from "./numerics.ts";
import { fused } from "./raw.ts";

/**
 * () -> i32: the bits of a·a + c in the first lane by f32x4.relaxed_madd, for a = 1 + 2^-12 and c = -(1 + 2^-11). Rounded
 * once it is 2^-24, where the product is rounded by itself 0.
 */
const PROBE = Uint8Array.of(
  ...[0x00, 0x61, 0x73, 0x6d, 1, 0, 0, 0],
  ...[1, 5, 1, 0x60, 0, 1, 0x7f], // () -> i32
  ...[3, 2, 1, 0],
  ...[7, 5, 1, 1, 0x66, 0, 0], // export "f"
  ...[10, 31, 1, 29, 0],
  ...[0x43, 0, 0x08, 0x80, 0x3f, 0xfd, 0x13], // f32.const 1 + 2^-12, f32x4.splat
  ...[0x43, 0, 0x08, 0x80, 0x3f, 0xfd, 0x13],
  ...[0x43, 0, 0x10, 0x80, 0xbf, 0xfd, 0x13], // f32.const -(1 + 2^-11), f32x4.splat
  ...[0xfd, 0x85, 0x02, 0xfd, 0x1b, 0, 0x0b], // f32x4.relaxed_madd, i32x4.extract_lane 0
);

/** Does this runtime have the instruction, and does it round once here? */
function fuses(): boolean {
  try {
    const { exports } = new WebAssembly.Instance(new WebAssembly.Module(PROBE));
    return (exports as { f(): number }).f() !== 0;
  } catch {
    return false; // no WebAssembly, none that may be compiled, or none with the instruction
  }
}

/** Puts the fused core in the place of the default one, where it fuses and nothing has been computed yet. */
export function provideFused(): void {
  if (isRunning() || !fuses()) return;
  fused.wasm ??= () => inflate(fromBase64(FUSED_DEFLATED_BASE64), FUSED_BYTES);
}

/** What `numerics` returns. */
export interface Numerics {
  /** As `numericsVersion`: 1000 more than that of `ferrograd` where products are fused. */
  readonly version: number;
  /** Are a product and its sum rounded once here? Otherwise the bits are those of `ferrograd`. */
  readonly fused: boolean;
}

/**
 * Which numbers the core that runs here gives. `ferrograd/fused` rounds the products and sums of matrix products and
 * convolutions once, with the same bits on all processors that can; on others, and in runtimes without the instruction
 * (f32x4.relaxed_madd: Node 20, WebKit), it computes what `ferrograd` does, and says so here.
 *
 * @example numerics().version % 1000 // 1
 */
export function numerics(): Numerics {
  return { version: runningNumerics(), fused: isFused() };
}
