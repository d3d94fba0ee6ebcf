import { WASM_BYTES, WASM_DEFLATED_BASE64 } from "./generated/wasm.ts";
import { fromBase64, inflate } from "./inflate.ts";
import { provideWasm } from "./raw.ts";

// The wasm travels inside the JavaScript, so that nothing has to be found.
provideWasm(() => inflate(fromBase64(WASM_DEFLATED_BASE64), WASM_BYTES));
