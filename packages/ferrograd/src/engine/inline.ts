import { WASM_BYTES, WASM_DEFLATED_BASE64 } from "./generated/wasm.ts";
import { inflate } from "./inflate.ts";
import { provideWasm } from "./raw.ts";

type Bytes = Uint8Array<ArrayBuffer>;

// The wasm travels inside the JavaScript, so that nothing has to be found.
provideWasm(() => natively(WASM_DEFLATED_BASE64) ?? inJavaScript(WASM_DEFLATED_BASE64));

/** In Node, Deno and Bun: an inflate in JavaScript that has not been warmed up costs ten times that. */
function natively(text: string): Bytes | undefined {
  const { process, Buffer } = globalThis as Partial<Pick<typeof globalThis, "process" | "Buffer">>;
  const zlib = process?.getBuiltinModule?.("node:zlib");
  return Buffer && zlib?.inflateRawSync(Buffer.from(text, "base64"));
}

function inJavaScript(text: string): Bytes {
  const binary = atob(text);
  const deflated = new Uint8Array(binary.length);
  for (let i = 0; i < deflated.length; i++) deflated[i] = binary.charCodeAt(i);
  return inflate(deflated, WASM_BYTES);
}
