import { expect, it } from "vitest";
import { unpack } from "../../packages/ferrograd/src/engine/unpack.ts";
import { pack, readWasm } from "../../scripts/lib/wasm-output.mjs";

/** Numbers that compress a little: short runs out of few values. */
function compressible(length: number): Uint8Array {
  let state = 1;
  return Uint8Array.from({ length }, (_, i) => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return i % 700 < 350 ? state >>> 28 : state >>> 24;
  });
}

/** Records of a few kinds, so that what comes next is at one of the last four distances. */
function records(length: number): Uint8Array {
  const kinds = [7, 11, 40, 90].map((size) => compressible(1000).subarray(1000 - size));
  const bytes = new Uint8Array(length);
  for (let at = 0, i = 0; at < length; i++) {
    const kind = kinds[((i * i) % 7) % 4]!.subarray(0, length - at);
    bytes.set(kind, at);
    bytes[at] = i;
    at += kind.length;
  }
  return bytes;
}

const INPUTS = {
  "one byte": Uint8Array.of(7),
  "a long run": new Uint8Array(100_000).fill(3),
  numbers: compressible(30_000),
  records: records(30_000),
  "numbers that come again from afar": new Uint8Array([
    ...compressible(9000),
    ...compressible(9000),
  ]),
  "the core": readWasm(),
};

it.each(Object.entries(INPUTS))("unpacks %s", async (_, bytes) => {
  expect(Buffer.compare(unpack(await pack(bytes), bytes.length), bytes)).toBe(0);
});
