/** A file from a header as text and a number of data bytes, valid or not. */
export function fileOf(
  header: string | Uint8Array,
  dataBytes = 0,
  statedLength?: bigint,
): Uint8Array {
  const text = typeof header === "string" ? new TextEncoder().encode(header) : header;
  const bytes = new Uint8Array(8 + text.length + dataBytes);
  new DataView(bytes.buffer).setBigUint64(0, statedLength ?? BigInt(text.length), true);
  bytes.set(text, 8);
  return bytes;
}

/** A tensor's entry in a header. */
export const info = (shape: string, begin: number | string, end: number | string, dtype = "F32") =>
  `{"dtype":"${dtype}","shape":${shape},"data_offsets":[${begin},${end}]}`;
