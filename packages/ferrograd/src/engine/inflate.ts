import { INFLATE_BASE64 } from "./generated/wasm.ts";

interface Inflate {
  readonly memory: WebAssembly.Memory;
  /** Address of the data, which the caller puts there. */
  data(): number;
  /** Inflates them; gives the address of the result. */
  inflate(): number;
}

/**
 * Raw deflate (RFC 1951). It runs once, in a fresh process, where JavaScript is not warmed up and
 * loading Node's zlib takes 3 ms: a small WebAssembly module is quicker than either.
 */
export function inflate(data: Uint8Array, size: number): Uint8Array<ArrayBuffer> {
  const { exports } = new WebAssembly.Instance(new WebAssembly.Module(fromBase64(INFLATE_BASE64)));
  const core = exports as unknown as Inflate;
  const buffer = core.memory.buffer as ArrayBuffer;
  new Uint8Array(buffer).set(data, core.data());
  return new Uint8Array(buffer, core.inflate(), size);
}

/** The bytes of a text in base64. */
export function fromBase64(text: string): Uint8Array<ArrayBuffer> {
  const { Buffer } = globalThis as { Buffer?: typeof globalThis.Buffer };
  return Buffer?.from(text, "base64") ?? Uint8Array.from(atob(text), (byte) => byte.charCodeAt(0));
}
