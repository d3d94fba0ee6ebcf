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

function fromBase64(base64: string): Uint8Array<ArrayBuffer> {
  const text = atob(base64);
  const bytes = new Uint8Array(text.length);
  for (let i = 0; i < text.length; i++) bytes[i] = text.charCodeAt(i); // many times as fast as `from`
  return bytes;
}

function toBase64(bytes: Uint8Array): string {
  const texts: string[] = [];
  for (let i = 0; i < bytes.length; i += 8192) {
    texts.push(String.fromCharCode(...bytes.subarray(i, i + 8192)));
  }
  return btoa(texts.join(""));
}
