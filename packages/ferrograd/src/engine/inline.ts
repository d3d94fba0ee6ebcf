import { WASM_BYTES, WASM_DEFLATED_BASE64 } from "./generated/wasm.ts";
import { fromBase64, inflate } from "./inflate.ts";

/** The bytes of the wasm, which travels inside the JavaScript, so that nothing has to be found. */
export const wasmInside = (): Uint8Array<ArrayBuffer> =>
  inflate(fromBase64(WASM_DEFLATED_BASE64), WASM_BYTES);
