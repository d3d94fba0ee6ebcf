import { UNPACK_BASE64 } from "./generated/wasm.ts";

interface Unpack {
  readonly memory: WebAssembly.Memory;
  /** Address of the data, which the caller puts there. */
  data(): number;
  /** Unpacks so many bytes; gives their address. */
  unpack(size: number): number;
}

/**
 * What was packed with LZMA. It runs once, in a fresh process, where JavaScript is not warmed up: a small WebAssembly
 * module is quicker.
 */
export function unpack(data: Uint8Array, size: number): Uint8Array<ArrayBuffer> {
  const { exports } = new WebAssembly.Instance(new WebAssembly.Module(fromBase64(UNPACK_BASE64)));
  const core = exports as unknown as Unpack;
  const buffer = core.memory.buffer as ArrayBuffer;
  new Uint8Array(buffer).set(data, core.data());
  return new Uint8Array(buffer, core.unpack(size), size);
}

/** The bytes of a text in base64. */
export function fromBase64(text: string): Uint8Array<ArrayBuffer> {
  const { Buffer } = globalThis as { Buffer?: typeof globalThis.Buffer };
  return Buffer?.from(text, "base64") ?? Uint8Array.from(atob(text), (byte) => byte.charCodeAt(0));
}
