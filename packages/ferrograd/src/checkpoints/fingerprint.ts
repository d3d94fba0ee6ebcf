import type { Samples } from "../values/rows.ts";

/** Values of an array that are looked at. */
const LOOKED_AT = 4096;

/** A number by which other rows are told from these, for nearly all of them (FNV-1a of shapes and of some of the bits). */
export function fingerprint({ all }: Samples): number {
  let hash = 0x811c9dc5;
  const add = (word: number) => {
    hash = Math.imul(hash ^ word, 0x01000193) >>> 0;
  };
  for (const { data, shape } of all) {
    for (const size of shape) add(size);
    const words = new Int32Array(data.buffer, data.byteOffset, data.length);
    const stride = Math.max(1, Math.floor(words.length / LOOKED_AT)) | 1; // odd, so that all columns come up
    for (let i = 0; i < words.length; i += stride) add(words[i]!);
  }
  return hash;
}
