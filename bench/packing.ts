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
    const bytes = Uint8Array.from(atob(item.base64), (c) => c.charCodeAt(0));
    return new kind(bytes.buffer) satisfies Numbers;
  });
}

function toBase64(bytes: Uint8Array): string {
  const texts: string[] = [];
  for (let i = 0; i < bytes.length; i += 8192) {
    texts.push(String.fromCharCode(...bytes.subarray(i, i + 8192)));
  }
  return btoa(texts.join(""));
}
