import { inflateSync } from "fflate";
import { WASM_BYTES, WASM_DEFLATED_BASE64 } from "./generated/wasm.ts";
import { provideWasm } from "./raw.ts";

// The wasm travels inside the JavaScript, so that nothing has to be found.
provideWasm(() => {
  const text = atob(WASM_DEFLATED_BASE64);
  const deflated = Uint8Array.from(text, (char) => char.charCodeAt(0));
  return inflateSync(deflated, { out: new Uint8Array(WASM_BYTES) }) as Uint8Array<ArrayBuffer>;
});
