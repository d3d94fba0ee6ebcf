import { constants, deflateRawSync } from "node:zlib";
import { expect, it } from "vitest";
import { inflate } from "../../packages/ferrograd/src/engine/inflate.ts";
import { readWasm } from "../../scripts/lib/wasm-output.mjs";

/** Numbers that compress a little: short runs out of few values. */
function compressible(length: number): Uint8Array {
  let state = 1;
  return Uint8Array.from({ length }, (_, i) => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return i % 700 < 350 ? state >>> 28 : state >>> 24;
  });
}

const INPUTS = {
  nothing: new Uint8Array(0),
  "one byte": Uint8Array.of(7),
  "a long run": new Uint8Array(100_000).fill(3),
  numbers: compressible(200_000),
  "the core": readWasm(),
};
const KINDS = {
  stored: { level: 0 },
  "fixed codes": { strategy: constants.Z_FIXED },
  "codes of their own": { level: 9 },
  "codes without copies": { strategy: constants.Z_HUFFMAN_ONLY },
};

it.each(
  Object.keys(KINDS).flatMap((kind) => Object.keys(INPUTS).map((input) => ({ kind, input }))),
)("inflates $input, $kind", ({ kind, input }) => {
  const bytes = INPUTS[input as keyof typeof INPUTS];
  const deflated = deflateRawSync(bytes, KINDS[kind as keyof typeof KINDS]);
  expect(Buffer.compare(inflate(deflated, bytes.length), bytes)).toBe(0);
});
