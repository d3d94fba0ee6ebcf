import { WASM_BYTES, WASM_PACKED_BASE64 } from "./generated/wasm.ts";
import { fromBase64, unpack } from "./unpack.ts";

/** The bytes of the wasm, which travels inside the JavaScript, so that nothing has to be found. */
export const wasmInside = (): Uint8Array<ArrayBuffer> =>
  unpack(fromBase64(WASM_PACKED_BASE64), WASM_BYTES);
