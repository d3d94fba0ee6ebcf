import { Buffer } from "node:buffer";

type Numbers = Float32Array | Int32Array | Uint8Array;
const KINDS = { Float32Array, Int32Array, Uint8Array };

/** JSON in which arrays of numbers are base64 that knows its kind. */
export function packArrays(value: unknown): string {
  return JSON.stringify(value, (_key, item: unknown) => {
    if (!ArrayBuffer.isView(item)) return item;
    const bytes = new Uint8Array(item.buffer, item.byteOffset, item.byteLength);
    return { kind: item.constructor.name, base64: toBase64(bytes) };
  });
}

export function unpackArrays(text: string): unknown {
  return JSON.parse(text, (_key, item): unknown => {
    const kind = KINDS[item?.kind as keyof typeof KINDS];
    if (kind === undefined || typeof item.base64 !== "string") return item;
    return new kind(fromBase64(item.base64).buffer) satisfies Numbers;
  });
}

/** A copy: small ones share their memory with others. */
const fromBase64 = (base64: string) => new Uint8Array(Buffer.from(base64, "base64"));

const toBase64 = ({ buffer, byteOffset, byteLength }: Uint8Array) =>
  Buffer.from(buffer, byteOffset, byteLength).toString("base64");
